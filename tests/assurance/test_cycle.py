"""Where a service is on its way, and what waits for whom, at every stage and for every kind of person."""

from datetime import date

import pytest
from django.urls import resolve
from tests.assurance.doing import APPLYING, AUDITING, REGISTERING, STATING, next_round, undone

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance import cycle
from kansatsu.assurance.cycle import Waiting
from kansatsu.assurance.statements import actions as statements
from kansatsu.core.calendar import tokyo_date, tokyo_moment
from kansatsu.core.words import word
from kansatsu.samples.walk import STAGES, Walk

STAGE = "final"
KINDS = ("provider", "minato", "auditor", "tashika", "reviewer", "decider", "office", "buyer")
STATIONS = ("statement", "audit", "application", "acceptance", "review", "decision", "register")

# stage → the station where it is, the status shown there, and who has it
AT = {
    "described": ("statement", "", "provider"),
    "started": ("statement", "statements.status.draft", "provider"),
    "answered": ("statement", "statements.status.draft", "provider"),
    "final": ("audit", "statements.status.final", "provider"),
    "proposed": ("audit", "audits.status.proposed", "audit_body"),
    "accepted": ("audit", "audits.status.accepted", "audit_body"),
    "fieldwork": ("audit", "audits.status.fieldwork", "audit_body"),
    "reported": ("audit", "audits.status.reported", "audit_body"),
    "frozen": ("application", "audits.status.frozen", "provider"),
    "prepared": ("application", "reviews.status.draft", "provider"),
    "submitted": ("acceptance", "reviews.status.submitted", "support_body"),
    "accepted_for_review": ("review", "reviews.status.accepted", "support_body"),
    "under_review": ("review", "reviews.status.under_review", "support_body"),
    "questioned": ("review", "reviews.status.questioned", "provider"),
    "answered_question": ("review", "reviews.status.under_review", "support_body"),
    "before_committee": ("decision", "reviews.status.before_committee", "committee"),
    "approved": ("register", "reviews.status.approved", "office"),
}


def plain(way):
    """The stations as (name, state, status, kind of holder)."""
    return [(one.name, one.state, one.status, one.holder.removeprefix("accounts.kind.")) for one in way]


def shown(walk, key="provider"):
    """The stations as that person sees them now."""
    return plain(cycle.way(walk.service, walk.actor(key)))


def standing_at(name, status, holder, state="now"):
    """Seven stations: those before are done, this one is as told, those after are ahead."""
    here = STATIONS.index(name)
    return [
        (one, state, status, holder) if index == here else (one, "done" if index < here else "ahead", "", "")
        for index, one in enumerate(STATIONS)
    ]


@pytest.fixture(scope="module")
def journey(cast, installed):
    """What the way and the lists of what waits show at each stage, seen on one walk through them all."""
    with undone():
        period = (date(2024, 4, 1), date(2025, 3, 31))
        walk = Walk(people=cast, edition=installed, period=period, name="はじまり", name_en="Beginning")
        return {
            stage: (
                cycle.way(walk.to(stage).service, walk.actor("provider")),
                {key: _own(cycle.waiting(walk.actor(key), walk.clock)) for key in KINDS},
            )
            for stage in STAGES
        }


def _own(waiting):
    """What waits of the journey's own service, whatever other services there are."""
    return [one for one in waiting if one.subject == "はじまり"]


def do(walk, acts, act, key):
    return acts[act](walk, walk.actor(key))


@pytest.mark.parametrize("stage", AT)
def test_the_way_of_a_service_as_its_provider_sees_it(journey, stage):
    assert plain(journey[stage][0]) == standing_at(*AT[stage])


def test_the_way_is_done_once_the_service_is_registered(journey):
    assert plain(journey["registered"][0]) == [(name, "done", "", "") for name in STATIONS]


@pytest.mark.parametrize(
    ("stage", "key", "expected"),
    [
        # what an audit body was not asked about it does not see; of the review it sees nothing
        ("final", "auditor", ("statement", "", "provider")),
        ("proposed", "auditor", ("audit", "audits.status.proposed", "audit_body")),
        ("proposed", "tashika", ("statement", "", "provider")),
        ("frozen", "auditor", ("application", "audits.status.frozen", "provider")),
        ("approved", "auditor", ("application", "audits.status.frozen", "provider")),
        # the support body sees it from the filing on, the committee from when it is put before it
        ("prepared", "reviewer", ("statement", "", "provider")),
        ("submitted", "reviewer", ("acceptance", "reviews.status.submitted", "support_body")),
        ("questioned", "reviewer2", ("review", "reviews.status.questioned", "provider")),
        ("under_review", "decider", ("statement", "", "provider")),
        ("before_committee", "decider", ("decision", "reviews.status.before_committee", "committee")),
        # the office sees it when it has to be entered
        ("before_committee", "office", ("statement", "", "provider")),
        ("approved", "office", ("register", "reviews.status.approved", "office")),
        ("approved", "minato", ("statement", "", "provider")),
        ("approved", "buyer", ("statement", "", "provider")),
    ],
)
def test_others_see_as_much_of_the_way_as_they_may(walk, stage, key, expected):
    walk.to(stage)
    assert shown(walk, key) == standing_at(*expected)


def test_a_returned_application_is_back_at_the_application(walk):
    walk.to("submitted").return_()
    assert shown(walk) == standing_at("application", "reviews.status.returned", "provider")


def test_what_the_committee_sent_back_is_in_the_review_again_for_it_too(walk):
    walk.to("before_committee")
    do(walk, APPLYING, "send_back", "decider")
    expected = standing_at("review", "reviews.status.under_review", "support_body")
    assert shown(walk) == shown(walk, "decider") == expected


def test_a_refused_application_stopped_at_the_decision(walk):
    walk.to("before_committee").refuse()
    assert shown(walk) == standing_at("decision", "reviews.status.refused", "", "stopped")


def test_a_withdrawn_application_stopped_at_the_application(walk):
    walk.to("under_review")
    do(walk, APPLYING, "withdraw", "provider")
    assert shown(walk) == standing_at("application", "reviews.status.withdrawn", "", "stopped")


@pytest.mark.parametrize(("act", "key"), [("decline", "auditor"), ("cancel", "provider")])
def test_an_audit_that_came_to_nothing_leaves_the_statement_without_one(walk, act, key):
    walk.to("proposed")
    do(walk, AUDITING, act, key)
    assert shown(walk) == standing_at("audit", "statements.status.final", "provider")


def test_a_declined_audit_does_not_hide_the_one_that_was_taken_on(walk):
    walk.to("final").propose()
    first = walk.engagement
    walk.propose()
    walk.accept()
    walk.engagement = first
    do(walk, AUDITING, "decline", "auditor")
    assert shown(walk) == standing_at("audit", "audits.status.accepted", "audit_body")


def test_a_revision_before_the_application_begins_the_way_anew(walk):
    walk.to("frozen")
    do(walk, STATING, "revise", "provider")
    assert shown(walk) == standing_at("statement", "statements.status.draft", "provider")


def test_an_old_revision_is_what_its_auditor_still_sees(walk):
    walk.to("proposed")
    do(walk, STATING, "revise", "provider")
    do(walk, AUDITING, "decline", "auditor")
    assert shown(walk, "auditor") == standing_at("statement", "", "provider")


def test_a_revision_while_the_review_goes_on_does_not_hide_the_application(walk):
    walk.to("questioned")
    do(walk, STATING, "revise", "provider")
    assert shown(walk) == standing_at("review", "reviews.status.questioned", "provider")


def test_the_next_round_begins_at_the_statement(walk):
    walk.to("registered")
    again = Walk(people=walk.people, edition=walk.edition, period=(date(2025, 4, 1), date(2026, 3, 31)), name=walk.name)
    again.service = walk.service
    again.to("started")
    assert shown(again) == standing_at("statement", "statements.status.draft", "provider")


def test_a_renewal_goes_the_same_way_until_it_is_entered(walk):
    renewal = next_round(walk.to("registered"))
    assert shown(renewal) == standing_at("application", "audits.status.frozen", "provider")
    renewal.to("approved")
    assert shown(renewal) == standing_at("register", "reviews.status.approved", "office")
    renewal.to("registered")
    assert shown(renewal) == [(name, "done", "", "") for name in STATIONS]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("described", {}),
        ("started", {"statement": "statements:statement"}),
        ("proposed", {"statement": "statements:statement", "audit": "audits:engagement"}),
        (
            "submitted",
            {
                "statement": "statements:statement",
                "audit": "audits:engagement",
                "application": "reviews:application",
                "acceptance": "reviews:application",
                "review": "reviews:application",
                "decision": "reviews:application",
            },
        ),
        (
            "registered",
            {
                "statement": "statements:statement",
                "audit": "audits:engagement",
                "application": "reviews:application",
                "acceptance": "reviews:application",
                "review": "reviews:application",
                "decision": "reviews:application",
                "register": "register:entry",
            },
        ),
    ],
)
def test_each_station_leads_to_the_page_of_its_record(journey, stage, expected):
    assert {one.name: resolve(one.link).view_name for one in journey[stage][0] if one.link} == expected


@pytest.mark.parametrize("stage", STAGES)
def test_every_word_of_the_way_is_there_in_both_languages(journey, stage):
    for one in journey[stage][0]:
        keys = [f"assurance.station.{one.name}", *(key for key in (one.status, one.holder) if key)]
        assert all(word(key, "ja") and word(key, "en") for key in keys)


# stage → for whom something waits, and why
WAITS = {
    "described": {},
    "started": {"provider": "statements.status.draft"},
    "answered": {"provider": "statements.status.draft"},
    "final": {"provider": "statements.status.final"},
    "proposed": {"auditor": "audits.status.proposed"},
    "accepted": {"auditor": "audits.status.accepted"},
    "fieldwork": {"auditor": "audits.status.fieldwork"},
    "reported": {"auditor": "audits.status.reported"},
    "frozen": {"provider": "audits.status.frozen"},
    "prepared": {"provider": "reviews.status.draft"},
    "submitted": {"reviewer": "reviews.status.submitted"},
    "accepted_for_review": {"reviewer": "reviews.status.accepted"},
    "under_review": {"reviewer": "reviews.status.under_review"},
    "questioned": {"provider": "reviews.status.questioned"},
    "answered_question": {"reviewer": "reviews.status.under_review"},
    "before_committee": {"decider": "reviews.status.before_committee"},
    "approved": {"office": "reviews.status.approved"},
    "registered": {},
}


def test_the_tables_of_this_test_know_every_stage():
    assert (*AT, "registered") == STAGES == tuple(WAITS)


@pytest.mark.parametrize("stage", WAITS)
def test_what_waits_for_whom_at_each_stage(journey, stage):
    found = {key: [one.status for one in waiting] for key, waiting in journey[stage][1].items()}
    assert found == {key: [WAITS[stage][key]] if key in WAITS[stage] else [] for key in KINDS}


@pytest.mark.parametrize("stage", [stage for stage in WAITS if WAITS[stage]])
def test_what_waits_is_named_in_both_languages_and_to_others_with_its_provider(journey, stage):
    ((key, status),) = WAITS[stage].items()
    (one,) = journey[stage][1][key]
    assert (one.subject, one.subject_en) == ("はじまり", "Beginning")
    own = {"statements": "ismap-2022-04", "audits": "（見本）けんさ監査法人", "reviews": ""}
    assert one.owner == (own[status.partition(".")[0]] if key == "provider" else "（見本）あおぞらクラウド株式会社")


def test_nothing_ever_waits_for_the_system_or_for_somebody_without_an_organisation(walk, leaver):
    walk.to("submitted")
    assert cycle.waiting(SYSTEM, walk.clock) == cycle.waiting(leaver, walk.clock) == []


def only(walk, key):
    (one,) = cycle.waiting(walk.actor(key), walk.clock)
    return one


def test_a_draft_waits_with_its_edition_since_it_was_started(walk):
    finals = len(cycle.waiting(walk.actor("provider"), walk.clock))
    walk = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="はじまり").to("started")
    drafts = cycle.waiting(walk.actor("provider"), walk.clock)
    assert len(drafts) == finals + 1
    assert drafts[0] == Waiting(
        "はじまり",
        f"/statements/{walk.statement.pk}/",
        "statements.status.draft",
        owner="ismap-2022-04",
        since=tokyo_date(walk.statement.started_at),
    )


def test_an_audit_waits_with_its_provider_and_the_end_of_its_period(walk):
    walk.to("fieldwork")
    assert only(walk, "auditor") == Waiting(
        "あおぞらファイル共有",
        f"/audits/{walk.engagement.pk}/",
        "audits.status.fieldwork",
        owner="（見本）あおぞらクラウド株式会社",
        since=tokyo_date(walk.engagement.proposed_at),
        until=date(2025, 3, 31),
    )


def test_an_application_waits_since_its_filing_with_whoever_has_it_in_hand(walk):
    walk.to("prepared")
    walk.clock = tokyo_moment(date(2025, 5, 11), 9)
    walk.to("answered_question")
    assert only(walk, "reviewer2") == Waiting(
        "あおぞらファイル共有",
        f"/applications/{walk.application.pk}/",
        "reviews.status.under_review",
        owner="（見本）あおぞらクラウド株式会社",
        since=date(2025, 5, 12),
        until=date(2025, 11, 15),
        came_back=True,
        held_by="審査 みお",
    )


def test_an_application_that_nobody_has_taken_up_is_held_by_nobody(walk):
    walk.to("submitted")
    one = only(walk, "reviewer")
    assert (one.held_by, one.came_back, one.until) == ("", False, None)


def test_what_has_to_be_entered_waits_since_the_decision(walk):
    walk.to("before_committee")
    walk.clock = tokyo_moment(date(2025, 6, 3), 9)
    walk.to("approved")
    assert only(walk, "office") == Waiting(
        "あおぞらファイル共有",
        f"/applications/{walk.application.pk}/",
        "reviews.status.approved",
        owner="（見本）あおぞらクラウド株式会社",
        since=date(2025, 6, 10),
    )


def test_a_renewal_waits_for_its_provider_from_half_a_year_before_the_last_day(walk):
    walk.to("registered")
    walk.clock = tokyo_moment(date(2026, 1, 31), 23, 59)
    assert cycle.waiting(walk.actor("provider"), walk.clock) == []
    walk.clock = tokyo_moment(date(2026, 2, 1))
    assert only(walk, "provider") == Waiting(
        "あおぞらファイル共有",
        "/register/C25-0001-1/",
        "assurance.waiting.renewal_due",
        owner="C25-0001-1",
        until=date(2026, 7, 31),
    )
    walk.clock = tokyo_moment(date(2026, 8, 1))
    assert cycle.waiting(walk.actor("provider"), walk.clock) == []


def test_what_waits_comes_stage_by_stage(walk):
    walk.to("registered")
    office = walk.actor("office")
    REGISTERING["remark"](walk, office)
    again = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの").to("prepared")
    statements.start(service=walk.service, edition=walk.edition, actor=walk.actor("provider"), now=walk.later())
    waiting = cycle.waiting(walk.actor("provider"), tokyo_moment(date(2026, 3, 1)))
    assert [(one.subject, one.status) for one in waiting] == [
        ("あおぞらファイル共有", "statements.status.draft"),
        (again.name, "reviews.status.draft"),
        ("あおぞらファイル共有", "assurance.waiting.renewal_due"),
    ]


@pytest.mark.parametrize("stage", [stage for stage in WAITS if WAITS[stage]])
def test_every_link_of_what_waits_leads_to_the_page_of_its_stage(journey, stage):
    ((key, status),) = WAITS[stage].items()
    page = {"statements": "statements:statement", "audits": "audits:engagement", "reviews": "reviews:application"}
    next_step = {"final": "audits:propose", "frozen": "reviews:prepare"}
    expected = next_step.get(stage, page[status.partition(".")[0]])
    assert resolve(journey[stage][1][key][0].link).view_name == expected
