"""Entering, renewing, adopting, remarking, reminding and removing, and what each act refuses."""

from dataclasses import replace
from datetime import date

import pytest
from tests.assurance.doing import ADOPTED, REGISTERING, acts_of, refusal, traces

from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.models import Organisation
from kansatsu.assurance.providers import actions as providers
from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions, sheets
from kansatsu.assurance.register.models import Entry
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.models import Letter
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.samples.walk import Walk

STAGE = "approved"


@pytest.fixture
def registered(walk):
    """The service as it was entered on 4 June 2025; the next act happens on the 5th."""
    walk.clock = tokyo_moment(date(2025, 6, 2), 9)
    return walk.to("registered")


def codes(refused):
    return [(problem.code, problem.where) for problem in refused.value.problems]


def remark(walk, text="名称の表記を改めた。", *, on=date(2025, 4, 1), text_en=""):
    return actions.remark(
        entry=walk.entry, on=on, text=text, text_en=text_en, actor=walk.actor("office"), now=walk.later()
    )


def adopt(walk, *rows):
    return actions.adopt(rows=rows, actor=walk.actor("office"), now=walk.later())


def test_an_entry_has_a_number_and_is_valid_for_sixteen_months(registered):
    entry = registered.entry
    assert (entry.number, entry.year, entry.serial, entry.status) == ("C25-0001-1", 2025, 1, "registered")
    assert (entry.standing.number, entry.standing.valid_until) == ("C25-0001-1", date(2026, 7, 31))
    assert (entry.standing.audit_from, entry.standing.audit_to) == (date(2024, 4, 1), date(2025, 3, 31))
    assert entry.entered_on == entry.standing.entered_on == date(2025, 6, 4)
    assert str(entry) == "C25-0001-1 あおぞらファイル共有"


def test_an_entry_shows_the_public_facts_of_statement_service_and_provider(registered):
    entry = registered.entry
    assert (entry.service_name, entry.provider_name, entry.provider_name_en) == (
        "あおぞらファイル共有", "（見本）あおぞらクラウド株式会社", "(sample) Aozora Cloud Inc.",
    )  # fmt: skip
    assert (entry.model, entry.regions, entry.subsequent_events) == ("saas", "東日本\n西日本", "なし")
    assert entry.scope.startswith("あおぞらファイル共有（Webコンソール")
    assert "5.1.1" in entry.objectives and "9.5.2.1.PB" not in entry.objectives
    assert (entry.is_adopted, entry.is_sample) == (False, False)


def test_what_the_service_is_called_later_does_not_change_the_entry(registered):
    providers.describe(
        service=registered.service,
        name="あたらしい名称",
        model=Model.PAAS,
        actor=registered.actor("provider"),
        now=registered.later(),
    )
    entry = Entry.objects.get(pk=registered.entry.pk)
    assert (entry.service_name, entry.model) == ("あおぞらファイル共有", "saas")


def test_the_next_entry_of_the_year_gets_the_next_serial(registered):
    other = Walk(people=registered.people, edition=registered.edition, period=registered.period, name="べつのもの")
    assert other.to("registered").entry.number == "C25-0002-1"


def test_the_history_of_an_entry_names_its_application(registered):
    event = history(registered.entry).get()
    assert (event.act, event.after) == ("register.enter", "registered")
    assert event.details == {"number": "C25-0001-1", "application": registered.application.pk}


def test_an_application_is_entered_only_once(registered):
    refused = refusal(REGISTERING["enter"], registered, registered.actor("office"))
    assert refused == ("wrong-state", "register.entered_already")


@pytest.mark.parametrize("stage", ["prepared", "submitted", "under_review", "before_committee"])
def test_only_an_approved_application_is_entered(walk, stage):
    other = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの").to(stage)
    before = traces()
    refused = refusal(REGISTERING["enter"], other, other.actor("office"))
    assert refused == ("wrong-state", "register.not_approved")
    assert traces() == before


def test_a_refused_application_is_not_entered(walk):
    other = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの")
    other.to("before_committee").refuse()
    assert refusal(REGISTERING["enter"], other, other.actor("office")) == ("wrong-state", "register.not_approved")


def test_a_first_application_does_not_renew_anything(registered):
    refused = refusal(REGISTERING["renew"], registered, registered.actor("office"))
    assert refused == ("wrong-state", "register.not_approved")


def test_an_adopted_registration_brings_its_provider_and_service_along(walk):
    (entry,) = adopt(walk, replace(ADOPTED, provider_en="Kizon Inc.", service_en="Existing", scope="すべて"))
    assert (entry.number, entry.year, entry.serial, entry.is_adopted) == ("C21-0008-2", 2021, 8, True)
    assert (entry.service.name, entry.service.name_en, entry.service.model) == ("既存のサービス", "Existing", "saas")
    provider = entry.service.provider
    assert (provider.name, provider.name_en, provider.kind) == ("既存の事業者", "Kizon Inc.", "provider")
    assert (entry.scope, entry.regions, entry.entered_on) == ("すべて", "東日本", date(2021, 3, 12))
    assert (acts_of(provider), acts_of(entry.service), acts_of(entry)) == (
        ["accounts.found"], ["providers.describe"], ["register.adopt"],
    )  # fmt: skip
    assert entry.objectives == [] and entry.application is None


def test_the_validity_of_an_adopted_registration_is_computed_when_it_is_left_out(walk):
    (computed,) = adopt(walk, ADOPTED)
    assert computed.standing.valid_until == date(2026, 7, 31)
    (given,) = adopt(walk, replace(ADOPTED, number="C21-0009-1", service="ほかの", valid_until=date(2026, 5, 1)))
    assert given.standing.valid_until == date(2026, 5, 1)


def test_an_adopted_registration_is_put_to_the_provider_and_service_that_exist(walk):
    row = replace(ADOPTED, provider="（見本）あおぞらクラウド株式会社", service=walk.service.name)
    before = Organisation.objects.count(), Service.objects.count()
    (entry,) = adopt(walk, row)
    assert (entry.service, entry.service.provider_id) == (walk.service, walk.actor("provider").organisation_id)
    assert (Organisation.objects.count(), Service.objects.count()) == before


def test_two_services_of_a_new_provider_are_adopted_together(walk):
    found = adopt(walk, ADOPTED, replace(ADOPTED, number="C21-0009-1", service="ほかの"))
    assert found[0].service.provider == found[1].service.provider


def test_numbers_go_on_after_the_adopted_ones_of_the_year(walk):
    adopt(walk, replace(ADOPTED, number="C25-0041-1", entered_on=date(2025, 1, 10)))
    assert walk.to("registered").entry.number == "C25-0042-1"


def test_rows_are_adopted_all_or_none(walk, registered):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        adopt(
            walk,
            ADOPTED,
            replace(ADOPTED, number="C25-0001-1", service="ほかの"),
            replace(
                ADOPTED, number="C21-0009-1", provider="（見本）あおぞらクラウド株式会社", service=walk.service.name
            ),
        )
    assert [(one.code, one.where, one.params) for one in refused.value.problems] == [
        ("register.number_taken", "number", {"number": "C25-0001-1"}),
        ("register.service_registered", "service", {"service": "あおぞらファイル共有"}),
    ]
    assert traces() == before and Entry.objects.count() == 1


def test_a_provider_cannot_be_adopted_under_the_name_of_another_kind_of_organisation(walk):
    with pytest.raises(Incomplete) as refused:
        adopt(walk, replace(ADOPTED, provider="（見本）けんさ監査法人"))
    assert codes(refused) == [("accounts.name_taken", "name")]
    assert not Entry.objects.exists()


def test_a_service_that_stands_twice_in_the_rows_is_told(walk):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        adopt(walk, ADOPTED, replace(ADOPTED, number="C21-0009-1"))
    assert [(one.code, one.where, one.params) for one in refused.value.problems] == [
        ("register.service_twice", "service", {"service": "既存のサービス"})
    ]
    assert traces() == before


def test_a_table_in_cp932_is_adopted_as_it_is_read(walk):
    text = "number,service,provider,model,audit_from,audit_to,entered_on\r\n"
    text += "C21-0008-2,髙﨑クラウド①,既存の㈱,iaas,2024-04-01,2025-03-31,2021-03-12\r\n"
    rows, problems = sheets.adopted_rows(text.encode("cp932"))
    assert problems == []
    (entry,) = adopt(walk, *rows)
    assert (entry.service_name, entry.provider_name, entry.standing.valid_until) == (
        "髙﨑クラウド①", "既存の㈱", date(2026, 7, 31),
    )  # fmt: skip


def test_an_adopted_registration_can_be_renewed_by_its_provider(walk):
    adopt(walk, replace(ADOPTED, provider="（見本）みなとシステムズ株式会社", service="みなとの雲"))
    service = Service.objects.get(name="みなとの雲")
    renewal = Walk(
        people=walk.people,
        edition=walk.edition,
        period=(date(2025, 4, 1), date(2026, 3, 31)),
        name="みなとの雲",
        service=service,
        provider="minato",
    )
    entry = renewal.to("registered").entry
    assert renewal.application.is_renewal
    assert (entry.number, entry.standing.valid_until) == ("C21-0008-2", date(2027, 7, 31))


def test_a_remark_is_dated_signed_and_told_in_the_history(registered):
    found = remark(registered, " 名称を\r\n改めた。 ", on=date(2025, 6, 5), text_en=" Renamed. ")
    assert (found.on, found.text, found.text_en) == (date(2025, 6, 5), "名称を\n改めた。", "Renamed.")
    assert found.made_by == "事務 はじめ (（見本）制度事務局)"
    assert history(registered.entry).last().details == {"on": "2025-06-05", "text": "名称を\n改めた。"}


def test_a_removed_entry_can_still_be_remarked_on(registered):
    REGISTERING["remove"](registered, registered.actor("office"))
    remark(registered)
    assert registered.entry.remarks.count() == 2


@pytest.mark.parametrize(
    ("text", "on", "text_en", "expected"),
    [
        ("", date(2025, 4, 1), "", [("core.empty", "text")]),
        ("長" * 2001, date(2025, 4, 1), "", [("core.too_long", "text")]),
        ("あ", date(2025, 4, 1), "x" * 2001, [("core.too_long", "text_en")]),
        ("あ", date(2025, 6, 6), "", [("register.remark_in_future", "on")]),
        ("", date(2099, 1, 1), "", [("core.empty", "text"), ("register.remark_in_future", "on")]),
    ],
)
def test_a_remark_that_is_not_right_is_refused(registered, text, on, text_en, expected):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        remark(registered, text, on=on, text_en=text_en)
    assert codes(refused) == expected
    assert traces() == before and not registered.entry.remarks.exists()


def test_a_remark_may_be_dated_today(registered):
    assert remark(registered, on=date(2025, 6, 5)).on == date(2025, 6, 5)


def test_two_sweeps_at_once_remind_only_once(registered):
    seen_by_the_second = Entry.objects.get(pk=registered.entry.pk)
    registered.remind(90)
    letters = Letter.objects.count()
    again = actions.remind(entry=seen_by_the_second, notice=90, actor=SYSTEM, now=registered.later())
    assert again.reminded_days == 90
    assert Letter.objects.count() == letters


def test_a_reminder_is_kept_with_its_notice(registered):
    registered.remind(90)
    assert registered.entry.reminded_days == 90
    assert history(registered.entry).last().details == {"notice_days": 90, "valid_until": "2026-07-31"}
    assert history(registered.entry).last().actor == SYSTEM.label


def test_a_removed_entry_is_off_the_register_from_that_day_on_and_says_why(registered):
    registered.clock = tokyo_moment(date(2025, 9, 1), 9)
    entry = REGISTERING["remove"](registered, registered.actor("office"))
    standing = Standing.objects.get(pk=entry.standing_id)
    assert (entry.status, standing.ended_on) == ("removed", date(2025, 9, 2))
    assert [(one.on, one.text) for one in entry.remarks.all()] == [
        (date(2025, 9, 2), "登録を抹消：事業者の申出による。")
    ]
    assert history(entry).last().details == {"reason": "事業者の申出による。"}


@pytest.mark.parametrize(("reason", "code"), [(" ", "core.empty"), ("長" * 2001, "core.too_long")])
def test_a_removal_needs_a_reason_of_the_right_shape(registered, reason, code):
    with pytest.raises(Incomplete) as refused:
        actions.remove(entry=registered.entry, reason=reason, actor=registered.actor("office"), now=registered.later())
    assert codes(refused) == [(code, "reason")]
    assert Entry.objects.get().status == "registered"


def test_an_entry_is_removed_only_as_it_was_seen(registered):
    stale = Entry.objects.get(pk=registered.entry.pk)
    remark(registered)
    with pytest.raises(Conflict):
        actions.remove(entry=stale, reason="申出", actor=registered.actor("clerk"), now=registered.later())


def test_two_clerks_may_remark_side_by_side(registered):
    stale = Entry.objects.get(pk=registered.entry.pk)
    remark(registered)
    registered.entry = stale
    remark(registered)
    assert registered.entry.remarks.count() == 2
