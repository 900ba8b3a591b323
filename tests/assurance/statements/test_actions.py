"""Writing a statement: start, header, lines, making it final, and revising it."""

from datetime import date

import pytest
from tests.assurance.criteria.drafts import bring_in
from tests.assurance.doing import acts_of, traces

from kansatsu.accounts import duties
from kansatsu.assurance.providers import actions as providers
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.statements import actions, queries
from kansatsu.assurance.statements.actions import Answer, Used
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete

STAGE = "answered"


def answer(walk, *answers, by="provider"):
    walk.statement = actions.answer(statement=walk.statement, answers=answers, actor=walk.actor(by), now=walk.later())
    return walk.statement


def line(walk, number):
    return Line.objects.get(statement=walk.statement, control__number=number)


def describe(walk, texts, used=(), period=(None, None)):
    return actions.describe(
        statement=walk.statement,
        texts=texts,
        audit_from=period[0],
        audit_to=period[1],
        used_services=used,
        actor=walk.actor("provider"),
        now=walk.later(),
    )


def codes(refused):
    return [(problem.code, problem.where, problem.control) for problem in refused.value.problems]


@pytest.fixture
def fresh(walk):
    """A statement of another service, just started."""
    service = providers.describe(name="べつのもの", model=Model.SAAS, actor=walk.actor("provider"), now=walk.later())
    walk.service = service
    walk.start()
    return walk


def test_a_statement_starts_with_every_line_unanswered_and_the_services_name(fresh):
    statement = fresh.statement
    assert (statement.status, statement.revision, statement.service_name) == ("draft", 1, "べつのもの")
    assert set(statement.lines.values_list("state", flat=True)) == {"unanswered"}
    assert statement.lines.count() == 261
    assert str(statement) == "べつのもの (ismap-2022-04, 1)"


def test_whoever_starts_a_statement_has_it_in_hand(fresh):
    assert duties.holder(fresh.statement, "statement").holder_id == fresh.actor("provider").person_id


def test_the_start_names_the_edition_in_the_history(fresh):
    event = history(fresh.statement).get()
    assert (event.act, event.after, event.details) == ("statements.start", "draft", {"edition": "ismap-2022-04"})


def test_a_service_has_one_draft_at_a_time(fresh):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        fresh.start()
    assert codes(refused) == [("statements.draft_exists", "service", None)]
    assert traces() == before


def test_no_statement_starts_under_an_edition_that_is_not_published(walk, people):
    draft = bring_in(people["office"])
    service = providers.describe(name="べつのもの", model=Model.SAAS, actor=walk.actor("provider"), now=walk.later())
    with pytest.raises(Incomplete) as refused:
        actions.start(service=service, edition=draft, actor=people["provider"], now=walk.later())
    assert [(one.code, one.where) for one in refused.value.problems] == [("criteria.edition_unpublished", "edition")]
    assert not Statement.objects.filter(service=service).exists()


def test_a_second_statement_can_be_started_once_the_first_is_final(walk):
    walk.to("final")
    walk.start()
    assert Statement.objects.filter(service=walk.service).count() == 2


def test_the_header_is_cleaned_and_what_is_left_out_stays(fresh):
    describe(fresh, {"scope": " 一行目\r\n二行目 "})
    statement = describe(fresh, {"regions": "東日本"}, period=(date(2024, 4, 1), date(2025, 3, 31)))
    assert (statement.scope, statement.regions) == ("一行目\n二行目", "東日本")
    assert (statement.audit_from, statement.audit_to) == (date(2024, 4, 1), date(2025, 3, 31))


def test_the_used_services_are_replaced_as_a_whole(fresh):
    describe(fresh, {}, [Used("甲", is_base=True), Used("乙", is_base=False)])
    statement = describe(fresh, {}, [Used(" 丙 ", is_base=False)])
    assert [(str(one), one.is_base, one.registered) for one in statement.used_services.all()] == [("丙", False, None)]


@pytest.mark.parametrize(
    ("texts", "used", "expected"),
    [
        ({"scope": "x" * 4001}, [], [("core.too_long", "scope", None)]),
        ({"signatory_name": "甲\n乙"}, [], [("core.bad_character", "signatory_name", None)]),
        ({"service_name": "Sоra"}, [], [("core.look_alike", "service_name", None)]),
        ({"price": "無料"}, [], [("core.unknown_field", "price", None)]),
        ({}, [Used(" ", is_base=True)], [("core.empty", "name", None)]),
        ({"regions": "\x07"}, [Used("", is_base=False)], [
            ("core.bad_character", "regions", None), ("core.empty", "name", None),
        ]),
    ],
)  # fmt: skip
def test_a_header_of_a_wrong_shape_is_refused_whole(fresh, texts, used, expected):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        describe(fresh, texts, used)
    assert codes(refused) == expected
    assert traces() == before


def test_a_line_is_written_cleaned_and_counted(fresh):
    answer(fresh, Answer("9.5.2.1.PB", LineState.IMPLEMENTED, text=" 固定\r\nしている ", responsible=" 運用部 "))
    written = line(fresh, "9.5.2.1.PB")
    assert (written.state, written.text, written.responsible, written.version) == (
        "implemented", "固定\nしている", "運用部", 2,
    )  # fmt: skip
    assert str(written) == "9.5.2.1.PB"


def test_lines_that_were_not_answered_stay_as_they_are(fresh):
    answer(fresh, Answer("5.1.1", LineState.IMPLEMENTED))
    assert Line.objects.filter(statement=fresh.statement).exclude(state="unanswered").count() == 1
    assert line(fresh, "5.1.2").version == 1


def test_an_unfinished_line_can_be_kept(fresh):
    answer(fresh, Answer("5.1.1", LineState.EXCLUDED))
    assert line(fresh, "5.1.1").state == "excluded"


def test_few_lines_are_named_in_the_history_and_many_are_counted(walk):
    answer(walk, Answer("5.1.2", LineState.IMPLEMENTED), Answer("5.1.1", LineState.IMPLEMENTED))
    events = list(history(walk.statement).filter(act="statements.answer"))
    assert [event.details for event in events] == [{"count": 261}, {"controls": ["5.1.1", "5.1.2"]}]


def test_a_line_can_be_written_over_the_version_that_was_seen(fresh):
    answer(fresh, Answer("5.1.1", LineState.IMPLEMENTED, seen=1))
    answer(fresh, Answer("5.1.1", LineState.EXCLUDED, reason="なし", seen=2))
    assert (line(fresh, "5.1.1").state, line(fresh, "5.1.1").version) == ("excluded", 3)


def test_a_line_that_somebody_else_changed_meanwhile_is_not_written_over(fresh):
    answer(fresh, Answer("5.1.1", LineState.IMPLEMENTED, seen=1), by="provider2")
    before = traces()
    with pytest.raises(Conflict) as refused:
        answer(
            fresh,
            Answer("5.1.2", LineState.IMPLEMENTED, seen=1),
            Answer("5.1.1", LineState.EXCLUDED, reason="なし", seen=1),
        )
    assert codes(refused) == [("statements.line_changed", "line", "5.1.1")]
    assert line(fresh, "5.1.1").state == "implemented"
    assert line(fresh, "5.1.2").state == "unanswered"
    assert traces() == before


def test_two_colleagues_may_write_different_lines_side_by_side(fresh):
    stale = Statement.objects.get(pk=fresh.statement.pk)
    answer(fresh, Answer("5.1.1", LineState.IMPLEMENTED, seen=1))
    fresh.statement = stale
    answer(fresh, Answer("5.1.2", LineState.IMPLEMENTED, seen=1), by="provider2")
    assert line(fresh, "5.1.1").state == line(fresh, "5.1.2").state == "implemented"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Answer("5.9.9", LineState.IMPLEMENTED), ("statements.no_such_control", "number", "5.9.9")),
        (Answer("", LineState.IMPLEMENTED), ("statements.no_such_control", "number", "")),
        (Answer("5.1.1", LineState.IMPLEMENTED, text="長" * 8001), ("core.too_long", "text", "5.1.1")),
        (Answer("5.1.1", LineState.EXCLUDED, reason="長" * 2001), ("core.too_long", "reason", "5.1.1")),
        (Answer("5.1.1", LineState.IMPLEMENTED, responsible="甲\n乙"), ("core.bad_character", "responsible", "5.1.1")),
    ],
)
def test_answers_are_written_all_or_none(fresh, given, expected):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        answer(fresh, Answer("5.1.2", LineState.IMPLEMENTED), given)
    assert codes(refused) == [expected]
    assert line(fresh, "5.1.2").state == "unanswered"
    assert traces() == before


def test_nothing_can_be_inherited_from_a_service_that_was_never_registered(fresh):
    with pytest.raises(Incomplete) as refused:
        answer(fresh, Answer("5.1.1", LineState.INHERITED, inherited_from=fresh.service))
    assert codes(refused) == [("statements.base_unknown", "inherited_from", "5.1.1")]


def test_a_statement_with_a_breach_is_not_made_final(walk):
    answer(walk, Answer("5.1.1", LineState.UNANSWERED))
    with pytest.raises(Incomplete) as refused:
        walk.finalise()
    assert refused.value.problems == (Problem("statements.unanswered", where="line", control="5.1.1"),)
    assert walk.statement.status == "draft"


def test_a_final_statement_knows_its_content_hash_and_so_does_the_history(walk):
    digest = queries.content_hash(walk.statement)
    statement = walk.to("final").statement
    assert (statement.content_hash, statement.finalised_at) == (digest, walk.clock)
    assert history(statement).last().details == {"content_hash": digest}


def test_a_statement_that_a_colleague_changed_meanwhile_is_not_made_final(walk):
    stale = Statement.objects.get(pk=walk.statement.pk)
    answer(walk, Answer("5.1.1", LineState.IMPLEMENTED), by="provider2")
    walk.statement = stale
    with pytest.raises(Conflict):
        walk.finalise()


def test_a_revision_carries_everything_over_and_keeps_the_old_one(walk):
    describe(walk, {}, [Used("甲", is_base=False)], walk.period)
    old = walk.to("final").statement
    draft = actions.revise(statement=old, actor=walk.actor("provider2"), now=walk.later())
    old.refresh_from_db()
    assert (old.status, draft.status, draft.revision, draft.revises, draft.edition_id) == (
        "superseded", "draft", 2, old, "ismap-2022-04",
    )  # fmt: skip
    copied = ("service_name", "scope", "regions", "signatory_name", "audit_from", "audit_to", "subsequent_events")
    assert [getattr(draft, name) for name in copied] == [getattr(old, name) for name in copied]
    columns = ("control_id", "state", "reason", "text", "responsible", "inherited_from_id")
    assert list(draft.lines.order_by("control").values_list(*columns)) == list(
        old.lines.order_by("control").values_list(*columns)
    )
    assert [one.name for one in draft.used_services.all()] == ["甲"]
    assert queries.content_hash(draft) == old.content_hash


def test_a_revision_begins_a_history_of_its_own_and_passes_to_who_began_it(walk):
    old = walk.to("final").statement
    draft = actions.revise(statement=old, actor=walk.actor("provider2"), now=walk.later())
    assert acts_of(draft) == ["statements.start"]
    assert history(draft).get().details == {"revises": old.pk}
    assert acts_of(old)[-1] == "statements.revise"
    assert duties.holder(old, "statement") is None
    assert duties.holder(draft, "statement").holder_id == walk.actor("provider2").person_id


def test_changing_the_revision_leaves_the_final_statement_as_it_was(walk):
    old = walk.to("final").statement
    walk.statement = actions.revise(statement=old, actor=walk.actor("provider"), now=walk.later())
    answer(walk, Answer("5.1.1", LineState.EXCLUDED, reason="やめた。"))
    old.refresh_from_db()
    assert queries.content_hash(old) == old.content_hash
    assert queries.content_hash(walk.statement) != old.content_hash


def test_a_statement_is_revised_only_once(walk):
    walk.to("final")
    seen_by_both = Statement.objects.get(pk=walk.statement.pk)
    actions.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    with pytest.raises(Conflict):
        actions.revise(statement=seen_by_both, actor=walk.actor("provider2"), now=walk.later())


def test_a_disclosure_names_the_statement_and_its_reader(walk):
    walk.to("final")
    walk.clock = tokyo_moment(date(2025, 2, 4), 10)
    walk.to("proposed")
    disclosure = walk.statement.disclosures.get()
    assert str(disclosure) == "あおぞらファイル共有 (ismap-2022-04, 1) → （見本）けんさ監査法人"
    assert disclosure.since == tokyo_moment(date(2025, 2, 5), 10)
