"""Editions come in and are published, lines are commented on, mapping sets are loaded; and what each act refuses."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.assurance.criteria.drafts import (
    CLAUSES,
    COMMENTING,
    EDITING,
    EVERYTHING_EXCLUDABLE,
    LINES,
    PAIR,
    RENUMBERED,
    UNTIL,
    bring_in,
    codes,
    comment_in,
    consult,
    edition_in,
    give,
    install,
    line,
    load,
    mapping_in,
    publish,
    say,
)
from tests.assurance.doing import BEGINNING, acts_of, refusal, traces

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import actions, editions, queries, rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.models import Comment, Control, Edition, Mapping, MappingSet
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import breaks, history
from kansatsu.core.files import open_stored
from kansatsu.core.models import Event, StoredFile
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete, WrongState

pytestmark = pytest.mark.django_db
ALL = "ismap-2022-04, ismap-2024-07, ismap-2024-07-synthetic, ismap-r7-draft"


@pytest.fixture
def office(people):
    return people["office"]


@pytest.fixture
def draft(office):
    """A draft of four lines."""
    return bring_in(office)


def last(record):
    return history(record).last()


def refuses(expected, act, *arguments, **more):
    """The act is refused as incomplete, with these codes and places, and writes nothing."""
    before = traces(), Edition.objects.count(), Control.objects.count(), Mapping.objects.count()
    with pytest.raises(Incomplete) as refused:
        act(*arguments, **more)
    assert codes(refused) == expected
    assert (traces(), Edition.objects.count(), Control.objects.count(), Mapping.objects.count()) == before
    return refused.value.problems


# --- install ---


def test_an_installed_edition_is_published_with_all_its_controls():
    edition = install("ismap-2022-04")
    assert (edition.status, edition.is_incomplete, edition.is_synthetic) == ("published", True, False)
    assert edition.controls.count() == 261


@pytest.mark.parametrize("edition_id", editions.shipped_ids())
def test_every_shipped_edition_stands_in_the_database_as_it_ships(edition_id):
    shipped, edition = editions.shipped(edition_id), install(edition_id)
    assert queries.facts(edition) == shipped.controls
    assert edition.content_hash == rules.content_hash(queries.facts(edition))
    assert (edition.reading, edition.is_unverified) == (shipped.requirements, shipped.is_unverified)
    assert edition.classes == list(editions.readings()[shipped.requirements].classes)
    assert queries.clauses_of(edition) == editions.clause_titles(shipped.layout)
    assert list(edition.controls.filter(search_text="")) == []


def test_the_draft_of_fiscal_2025_is_unverified_and_follows_the_edition_of_2024():
    install("ismap-2022-04")
    install("ismap-2024-07")
    edition = install("ismap-r7-draft")
    assert (edition.status, edition.is_unverified, edition.reading) == ("published", True, "r7-selection")
    assert (edition.predecessor_id, edition.predecessor.predecessor_id) == ("ismap-2024-07", "ismap-2022-04")
    assert edition.clauses["5"] and edition.original is None


def test_an_edition_whose_predecessor_is_not_there_has_none():
    assert install("ismap-r7-draft").predecessor is None


def test_controls_come_in_numeric_order_by_their_sort_key():
    found = list(install("ismap-2022-04").controls.order_by("sort_key").values_list("number", flat=True))
    assert found[0] == "3.1.1" and found[-1].startswith("18.")
    assert found.index("5.1.1") < found.index("6.1.1") < found.index("10.1.1") < found.index("18.1.1")


def test_a_control_keeps_its_parent_its_part_and_its_requirement():
    detail = install("ismap-2022-04").controls.get(number="9.5.2.1.PB")
    assert (detail.parent_number, detail.part, detail.kind, detail.mark, detail.requirement, detail.stable_id) == (
        "9.5.2.P", "controls", "detailed", "PB", "with_objective", "det-9.5.2.1",
    )  # fmt: skip


def test_an_objective_has_no_parent():
    controls = install("ismap-2022-04").controls
    assert set(controls.filter(kind="objective").values_list("parent_number", flat=True)) == {""}


def test_the_event_of_the_installation_carries_the_content_hash():
    edition = install("ismap-2022-04")
    event = history(edition).get()
    assert (event.act, event.after, event.actor) == ("criteria.install", "published", "system")
    assert event.details == {"content_hash": edition.content_hash}


def test_installing_again_changes_nothing():
    first = install("ismap-2022-04")
    events = Event.objects.count()
    second = install("ismap-2022-04")
    assert (second.pk, second.content_hash) == (first.pk, first.content_hash)
    assert (Edition.objects.count(), Control.objects.count(), Event.objects.count()) == (1, 261, events)


def test_an_edition_that_does_not_ship_is_refused_with_the_ones_that_do():
    [problem] = refuses([("criteria.no_such_edition", "edition")], install, "ismap-1999-01")
    assert problem.params == {"edition": "ismap-1999-01", "known": ALL}


def test_an_edition_of_the_same_id_with_other_content_is_never_overwritten():
    Edition.objects.filter(pk=install("ismap-2022-04").pk).update(content_hash="0" * 64)
    with pytest.raises(Conflict) as refused:
        install("ismap-2022-04")
    assert codes(refused) == [("criteria.other_content", "edition")]
    assert Edition.objects.get().content_hash == "0" * 64


# --- import ---


def test_an_imported_edition_is_a_draft_with_its_lines_its_clauses_and_its_requirements(office, draft):
    assert (draft.status, draft.version, draft.title_ja, draft.title_en) == (
        "draft", 1, "試験の版", "An edition for tests",
    )  # fmt: skip
    assert (draft.published_on, draft.source, draft.reading, draft.predecessor) == (
        date(2025, 6, 1), "試験", "2022", None,
    )  # fmt: skip
    assert (draft.is_synthetic, draft.is_unverified, draft.is_incomplete) == (False, False, False)
    draft.refresh_from_db()
    assert queries.facts(draft) == LINES
    assert draft.clauses == {"5": ["方針", "Policies"]}
    assert draft.classes == list(editions.readings()["2022"].classes)


def test_the_event_of_an_import_says_who_did_it_and_which_content(office, draft):
    event = history(draft).get()
    assert (event.act, event.before, event.after, event.actor, event.person_id) == (
        "criteria.import", "", "draft", office.label, office.person_id,
    )  # fmt: skip
    assert event.details == {"content_hash": rules.content_hash(LINES)} == {"content_hash": draft.content_hash}


def test_an_edition_can_be_incomplete_and_follow_another(office):
    install("ismap-2022-04")
    edition = bring_in(office, predecessor="ismap-2022-04", is_incomplete=True)
    assert (edition.predecessor_id, edition.is_incomplete) == ("ismap-2022-04", True)


def test_a_line_keeps_its_id_and_its_earlier_numbers(office):
    edition = bring_in(office, controls=RENUMBERED)
    control = edition.controls.get(number="6.1.1.1")
    assert (control.stable_id, control.earlier, control.parent_number) == ("det-5.1.1.1", ["5.1.1.1"], "6.1.1")
    assert queries.facts(edition) == RENUMBERED


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"edition_id": "Ismap 2026"}, [("criteria.bad_id", "edition")]),
        ({"edition_id": "x" * 65}, [("criteria.bad_id", "edition")]),
        ({"title_ja": " "}, [("core.empty", "title_ja")]),
        ({"title_ja": "長" * 201}, [("core.too_long", "title_ja")]),
        ({"title_en": "a\x00b"}, [("core.bad_character", "title_en")]),
        ({"source": "源" * 501}, [("core.too_long", "source")]),
        ({"controls": ()}, [("criteria.no_controls", "")]),
        ({"title_ja": "", "controls": ()}, [("core.empty", "title_ja"), ("criteria.no_controls", "")]),
        ({"controls": (*LINES, LINES[0])}, [("criteria.duplicate_number", "number")]),
        ({"controls": (*LINES, replace(line("6.1.1"), id="obj-5.1.1"))}, [("criteria.duplicate_control_id", "number")]),
        ({"controls": (*LINES, replace(line("6.1.1"), mark="P"))}, [("criteria.mark_differs", "number")]),
        ({"controls": (*LINES, line("6.1.1.1"))}, [("criteria.no_objective", "number")]),
        ({"controls": (line("5.1.1", "長" * 201),)}, [("core.too_long", "title_ja")]),
        ({"controls": (line("5.1.1", text_ja="長" * 8001),)}, [("core.too_long", "text_ja")]),
        ({"controls": (line("5.1.1", text_ja="a\u202eb"),)}, [("core.bad_character", "text_ja")]),
        ({"predecessor": "test-2020"}, [("criteria.no_such_edition", "predecessor")]),
        ({"reading": "1999"}, [("criteria.unknown_value", "reading")]),
    ],
)
def test_what_an_import_refuses(office, given, expected):
    refuses(expected, bring_in, office, **given)


def test_a_predecessor_that_was_discarded_is_not_there_and_not_named(office):
    edition_in("discarded", office)
    bring_in(office, "test-2025")
    [problem] = refuses(
        [("criteria.no_such_edition", "predecessor")], bring_in, office, "test-2027", predecessor="test-2026"
    )
    assert problem.params == {"edition": "test-2026", "known": "test-2025"}


@pytest.mark.parametrize("edition_id", ["test-2026", *editions.shipped_ids()])
def test_an_id_that_is_taken_or_ships_is_a_conflict(office, draft, edition_id):
    before = traces()
    with pytest.raises(Conflict) as refused:
        bring_in(office, edition_id)
    assert refused.value.problems == (Problem("criteria.id_taken", "edition", params={"edition": edition_id}),)
    assert traces() == before


def test_the_id_of_a_discarded_edition_stays_taken(office, draft):
    EDITING["discard"](draft, office)
    with pytest.raises(Conflict):
        bring_in(office)


@pytest.mark.parametrize(
    ("content", "name"),
    [("番号,題名\r\n5.1.1,暗号\r\n".encode("cp932"), "基準.csv"), (b"\xef\xbb\xbf" + b"catalog:\n", "criteria.yaml")],
)
def test_the_file_that_an_edition_came_from_is_kept_byte_for_byte(office, content, name):
    kept = actions.keep_original([content[:5], content[5:]], name, now=BEGINNING)
    edition = bring_in(office, original=kept)
    edition.refresh_from_db()
    with open_stored(edition.original) as stored:
        assert stored.read() == content
    assert (edition.original.name, edition.original.size, edition.original.content_type) == (
        name, len(content), "text/plain",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "core.file_empty"), (b"%PDF-1.7\n\0", "core.file_kind"), (b"PK\0", "core.file_kind")],
)
def test_a_file_that_is_neither_a_workbook_nor_text_is_not_kept(content, expected):
    with pytest.raises(Incomplete) as refused:
        actions.keep_original([content], "x.xlsx", now=BEGINNING)
    assert codes(refused) == [(expected, "file")]
    assert not StoredFile.objects.exists()


# --- replace ---


def test_a_draft_gets_new_content_whole(office, draft):
    kept = actions.keep_original([b"x"], "x.csv", now=BEGINNING)
    edition = give(draft, office, RENUMBERED, {"6": ["暗号", ""]}, kept)
    assert (queries.facts(edition), edition.clauses, edition.original) == (RENUMBERED, {"6": ["暗号", ""]}, kept)
    assert edition.content_hash == rules.content_hash(RENUMBERED)
    assert (edition.status, edition.version) == ("draft", 2)
    assert (last(edition).act, last(edition).details) == (
        "criteria.replace", {"content_hash": rules.content_hash(RENUMBERED)},
    )  # fmt: skip


def test_content_that_is_not_right_does_not_replace_what_is_there(office, draft):
    refuses([("criteria.no_objective", "number")], give, draft, office, (line("5.1.1.1"),))
    refuses([("criteria.no_controls", "")], give, draft, office, ())
    draft.refresh_from_db()
    assert (queries.facts(draft), draft.version) == (LINES, 1)


def test_what_was_said_of_a_line_stays_with_it_under_its_new_number(people, office, draft):
    comment = say(consult(draft, office), people["provider"])
    edition = EDITING["end_consultation"](draft, office)
    give(edition, office, RENUMBERED)
    control = edition.controls.get(number="6.1.1")
    assert list(queries.said_of(control, people["buyer"])) == []  # a draft again: only the office sees it
    assert list(queries.said_of(control, office)) == [comment]


# --- classify ---


def test_a_draft_gets_a_table_of_its_own_and_every_line_its_class_by_it(office, draft):
    before = draft.content_hash
    edition = EDITING["classify"](draft, office)
    assert set(edition.controls.values_list("requirement", flat=True)) == {"excludable"}
    assert (edition.classes, edition.reading) == (EVERYTHING_EXCLUDABLE, "")
    assert edition.content_hash == rules.content_hash(queries.facts(edition)) != before
    assert last(edition).details == {"content_hash": edition.content_hash}
    assert [replace(one, requirement="") for one in queries.facts(edition)] == [
        replace(one, requirement="") for one in LINES
    ]


@pytest.mark.parametrize("reading", editions.readings())
def test_a_table_that_ships_is_called_by_its_name(office, draft, reading):
    classes = editions.readings()[reading].classes
    edition = actions.classify(edition=draft, classes=classes, actor=office, now=BEGINNING)
    assert (edition.reading, edition.classes) == (reading, list(classes))
    assert queries.facts(edition) == rules.classed(LINES, classes)


@pytest.mark.parametrize(
    "classes",
    [
        [],
        [{"part": "controls", "kind": "*", "marks": "*", "class": "excludable"}],
        [{"part": "*", "kind": "*", "marks": "B PB P", "class": "excludable"}],
        [{"part": "*", "kind": "*", "marks": "*", "class": "voluntary"}],
        [{"part": "*", "kind": "*"}],
    ],
)
def test_a_table_that_leaves_a_kind_of_control_without_a_class_is_refused(office, draft, classes):
    refuses(
        [("criteria.class_missing", "classes")],
        actions.classify, edition=draft, classes=classes, actor=office, now=BEGINNING,
    )  # fmt: skip
    draft.refresh_from_db()
    assert (queries.facts(draft), draft.version) == (LINES, 1)


# --- consult, end_consultation ---


@pytest.mark.parametrize("until", [None, date(2025, 1, 5), date(2020, 1, 1)])
def test_the_last_day_for_comments_must_be_given_and_not_be_past(office, draft, until):
    refuses([("criteria.day_past", "until")], consult, draft, office, until)


def test_a_draft_can_be_out_for_comment_for_one_day(office, draft):
    edition = consult(draft, office, date(2025, 1, 6))
    assert (edition.status, edition.comments_until) == ("consultation", date(2025, 1, 6))
    assert last(edition).details == {"until": "2025-01-06"}


def test_today_is_the_day_in_tokyo(office, draft):
    late = tokyo_moment(date(2025, 1, 6), 23, 59)  # still the sixth in UTC and in Tokyo
    assert actions.consult(edition=draft, until=date(2025, 1, 6), actor=office, now=late).status == "consultation"
    edition = EDITING["end_consultation"](draft, office)
    next_day = tokyo_moment(date(2025, 1, 7), 0)  # in UTC still the sixth
    with pytest.raises(Incomplete):
        actions.consult(edition=edition, until=date(2025, 1, 6), actor=office, now=next_day)


def test_a_consultation_that_ended_leaves_a_draft_that_takes_no_comments(people, office, draft):
    edition = EDITING["end_consultation"](consult(draft, office), office)
    assert edition.status == "draft"
    refuses([("criteria.no_comments_now", "text")], say, edition, people["provider"])
    assert consult(edition, office, UNTIL + timedelta(1)).comments_until == UNTIL + timedelta(1)


# --- publish, discard ---


def test_a_published_edition_bears_its_day_and_its_event_the_content_hash(office, draft):
    edition = publish(draft, office, date(2025, 7, 1))
    assert (edition.status, edition.published_on) == ("published", date(2025, 7, 1))
    assert last(edition).details == {"content_hash": rules.content_hash(LINES), "on": "2025-07-01"}


def test_an_edition_is_not_published_without_a_day(office, draft):
    refuses([("core.empty", "on")], publish, draft, office, None)


def test_an_edition_may_follow_a_draft_that_was_only_discussed(office, draft):
    newer = bring_in(office, "test-2027", predecessor="test-2026")
    assert publish(newer, office).status == "published"


@pytest.mark.parametrize("act", ["replace", "classify", "consult", "end_consultation", "publish", "discard"])
def test_nothing_changes_a_published_edition(office, draft, act):
    edition = publish(draft, office)
    before = Edition.objects.values().get(), list(Control.objects.values()), traces()
    with pytest.raises(WrongState):
        EDITING[act](edition, office)
    assert (Edition.objects.values().get(), list(Control.objects.values()), traces()) == before


def test_a_discarded_edition_keeps_its_history_and_is_found_nowhere(people, office, draft):
    control = draft.controls.get(number="5.1.1")
    edition = EDITING["discard"](draft, office)
    assert acts_of(edition) == ["criteria.import", "criteria.discard"]
    for actor in (office, SYSTEM, people["provider"]):
        assert list(queries.shelf(actor)) == []
        assert list(queries.search(actor, "暗号")) == []
        assert list(queries.in_editions(control.stable_id, actor)) == []
    with pytest.raises(Incomplete) as refused:
        queries.edition_or_refuse("test-2026")
    assert codes(refused) == [("criteria.no_such_edition", "edition")]


# --- comments ---


def test_a_comment_keeps_who_said_what_of_which_line_and_when(people, office, draft):
    comment = say(consult(draft, office), people["provider"], text="  一行目\r\n二行目 ")
    comment.refresh_from_db()
    assert (comment.text, comment.number, comment.stable_id, comment.status) == (
        "一行目\n二行目", "5.1.1", "obj-5.1.1", "open",
    )  # fmt: skip
    assert (comment.person_id, comment.organisation_id) == (
        people["provider"].person_id, people["provider"].organisation_id,
    )  # fmt: skip
    assert (comment.written_at, comment.answer, comment.answered_at) == (BEGINNING, "", None)
    event = history(comment).get()
    assert (event.act, event.after, event.details) == ("criteria.comment", "open", {"number": "5.1.1"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" \n ", [("core.empty", "text")]),
        ("長" * 4001, [("core.too_long", "text")]),
        ("a\x00", [("core.bad_character", "text")]),
    ],
)
def test_what_a_comment_and_an_answer_may_not_be(people, office, draft, text, expected):
    edition = consult(draft, office)
    refuses(expected, say, edition, people["provider"], text=text)
    comment = say(edition, people["provider"])
    refuses(
        [(code, "answer") for code, _ in expected],
        actions.answer, comment=comment, answer=text, actor=office, now=BEGINNING,
    )  # fmt: skip


def test_comments_are_taken_to_the_end_of_the_last_day_in_tokyo(people, office, draft):
    edition = consult(draft, office)
    last_moment = tokyo_moment(UNTIL, 23, 59)
    assert say(edition, people["provider"], now=last_moment).status == "open"
    midnight = tokyo_moment(UNTIL + timedelta(1))  # in UTC still the last day
    refuses([("criteria.no_comments_now", "text")], say, edition, people["provider"], now=midnight)


def test_a_comment_on_a_consultation_that_ended_meanwhile_is_refused(people, office, draft):
    consult(draft, office)
    control = Control.objects.select_related("edition").get(number="5.1.1")
    EDITING["end_consultation"](draft, office)
    with pytest.raises((Incomplete, Conflict)):
        actions.comment(control=control, text="遅れて", actor=people["provider"], now=BEGINNING)
    assert not Comment.objects.exists()


def test_an_answer_stands_with_the_comment(people, office):
    comment = comment_in("open", office, people["provider"])
    later = BEGINNING + timedelta(days=3)
    comment = actions.answer(comment=comment, answer=" 決めます。\r\n ", actor=office, now=later)
    assert (comment.status, comment.answer, comment.answered_at) == ("answered", "決めます。", later)
    assert acts_of(comment) == ["criteria.comment", "criteria.answer"]


def test_a_comment_can_be_answered_and_retracted_after_the_consultation(people, office, draft):
    edition = consult(draft, office)
    first, second = say(edition, people["provider"]), say(edition, people["provider"])
    publish(EDITING["end_consultation"](edition, office), office)
    assert COMMENTING["answer"](first, office).status == "answered"
    assert COMMENTING["retract"](second, people["provider"]).status == "retracted"


def test_a_retracted_comment_is_in_the_history_and_no_longer_beside_the_line(people, office):
    comment = comment_in("retracted", office, people["provider"])
    control = comment.edition.controls.get(number="5.1.1")
    assert list(queries.said_of(control, office)) == list(queries.comments_on(comment.edition)) == []
    assert acts_of(comment) == ["criteria.comment", "criteria.retract"]


# --- mapping sets ---


@pytest.fixture
def two(office, draft):
    """Two drafts, the later with other numbers."""
    return draft, bring_in(office, "test-2027", RENUMBERED)


ROWS = (
    MappingFacts("12.1.1", "12.1.1", Relation.EQUAL, Confidence.HIGH),
    MappingFacts("5.1.1", "6.1.1", Relation.SUBSET, Confidence.MEDIUM, "一部\n備考"),
    MappingFacts("5.1.1.2.PB", "", Relation.NONE, Confidence.LOW),
)


def test_a_mapping_set_is_pinned_to_the_content_of_both_editions(office, two):
    source, target = two
    kept = actions.keep_original([b"source,target,relation\n"], "map.csv", now=BEGINNING)
    loaded = load(office, ROWS, kept, title_en=" Set ")
    loaded.refresh_from_db()
    assert (loaded.status, loaded.title_en, loaded.is_unverified, loaded.original) == ("in_use", "Set", True, kept)
    assert (loaded.source, loaded.target) == (source, target)
    assert (loaded.source_hash, loaded.target_hash) == (source.content_hash, target.content_hash)
    assert queries.mapping_rows(loaded) == [ROWS[1], ROWS[2], ROWS[0]]
    event = history(loaded).get()
    assert (event.act, event.after, event.details) == (
        "criteria.load", "in_use",
        {"rows": 3, "source_hash": source.content_hash, "target_hash": target.content_hash},
    )  # fmt: skip


def test_the_same_rows_under_the_same_id_in_any_order_change_nothing(office, two):
    first = load(office, ROWS)
    before = traces(), Mapping.objects.count()
    assert load(office, ROWS[::-1]) == first
    assert (traces(), Mapping.objects.count()) == before


@pytest.mark.parametrize("rows", [ROWS[:2], (*ROWS[:2], replace(ROWS[2], note="別"))])
def test_other_rows_under_the_same_id_are_a_conflict(office, two, rows):
    load(office, ROWS)
    with pytest.raises(Conflict) as refused:
        load(office, rows)
    assert codes(refused) == [("criteria.mapping_id_taken", "id")]
    assert Mapping.objects.count() == 3


def test_the_same_rows_between_other_editions_under_the_same_id_are_a_conflict(office, two):
    load(office, ROWS)
    bring_in(office, "test-2025")
    with pytest.raises(Conflict) as refused:
        load(office, ROWS, source="test-2025")
    assert codes(refused) == [("criteria.mapping_id_taken", "id")]


def test_a_set_that_was_withdrawn_does_not_come_back_by_itself(office, two):
    actions.withdraw_mapping(mapping_set=load(office, ROWS), actor=office, now=BEGINNING)
    assert load(office, ROWS).status == "withdrawn"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"set_id": "A B"}, [("criteria.bad_id", "id")]),
        ({"title_ja": "", "authority": " "}, [("core.empty", "title_ja"), ("core.empty", "authority")]),
        ({"source": "test-1999"}, [("criteria.no_such_edition", "source")]),
        ({"target": "test-1999"}, [("criteria.no_such_edition", "target")]),
        ({"rows": ()}, [("criteria.no_mappings", "file")]),
        ({"rows": (replace(PAIR, source="9.9.9", target="6.1.1"),)}, [("criteria.unknown_source", "source")]),
        ({"rows": (PAIR,)}, [("criteria.unknown_target", "target")]),
        ({"rows": (replace(PAIR, target=""),)}, [("criteria.unknown_target", "target")]),
        ({"rows": (replace(ROWS[1], relation=Relation.NONE),)}, [("criteria.target_with_none", "target")]),
        ({"rows": (*ROWS, ROWS[0])}, [("criteria.mapped_twice", "source")]),
        ({"rows": (replace(ROWS[0], note="長" * 501),)}, [("core.too_long", "note")]),
        (
            {"rows": (replace(PAIR, source="9.9.9"),)},
            [("criteria.unknown_source", "source"), ("criteria.unknown_target", "target")],
        ),
    ],
)
def test_what_a_mapping_set_refuses(office, two, given, expected):
    refuses(expected, load, office, **{"rows": ROWS, **given})


@pytest.mark.parametrize(("edition_id", "where"), [("test-2026", "source"), ("test-2027", "target")])
def test_no_mapping_set_leads_from_or_to_a_discarded_edition(office, two, edition_id, where):
    EDITING["discard"](Edition.objects.get(pk=edition_id), office)
    refuses([("criteria.no_such_edition", where)], load, office, ROWS)


@pytest.mark.parametrize("shipped", editions.shipped_mappings(), ids=lambda one: one.id)
def test_the_shipped_mapping_sets_are_installed_once(office, shipped):
    for edition_id in ("ismap-2022-04", "ismap-2024-07", "ismap-r7-draft"):
        install(edition_id)
    loaded = actions.install_mapping(shipped=shipped, actor=SYSTEM, now=BEGINNING)
    assert (loaded.source_id, loaded.target_id, loaded.is_unverified) == (
        shipped.source, shipped.target, shipped.is_unverified,
    )  # fmt: skip
    assert queries.mapping_rows(loaded) == sorted(shipped.rows, key=queries.row_order)
    assert {row.source for row in shipped.rows} == queries.numbers(loaded.source)
    before = traces()
    assert actions.install_mapping(shipped=shipped, actor=SYSTEM, now=BEGINNING) == loaded
    assert traces() == before


def test_a_shipped_mapping_set_needs_both_its_editions():
    refuses(
        [("criteria.no_such_edition", "source")],
        actions.install_mapping, shipped=editions.shipped_mappings()[0], actor=SYSTEM, now=BEGINNING,
    )  # fmt: skip


def test_a_withdrawn_mapping_set_keeps_its_rows_and_its_history(office):
    loaded = mapping_in("withdrawn", office)
    assert (loaded.status, loaded.rows.count()) == ("withdrawn", 1)
    assert acts_of(loaded) == ["criteria.load", "criteria.withdraw"]


# --- two at once ---


@pytest.mark.parametrize("second", ["replace", "classify", "consult", "publish", "discard"])
@pytest.mark.parametrize("first", ["replace", "classify", "consult", "publish", "discard"])
def test_of_two_who_change_the_same_draft_the_second_is_told(office, draft, first, second):
    seen = Edition.objects.get(pk=draft.pk)
    EDITING[first](draft, office)
    before = Edition.objects.values().get(), list(Control.objects.values()), traces()
    assert refusal(EDITING[second], seen, office) == ("conflict", "core.moved_meanwhile")
    assert (Edition.objects.values().get(), list(Control.objects.values()), traces()) == before


@pytest.mark.parametrize("act", ["answer", "retract"])
def test_of_two_who_settle_the_same_comment_the_second_is_told(people, office, act):
    comment = comment_in("open", office, people["provider"])
    seen = Comment.objects.get()
    COMMENTING["answer"](comment, office)
    actor = office if act == "answer" else people["provider"]
    assert refusal(COMMENTING[act], seen, actor) == ("conflict", "core.moved_meanwhile")
    assert Comment.objects.get().answer == "決めます。"


def test_of_two_who_withdraw_the_same_mapping_set_the_second_is_told(office):
    loaded = mapping_in("in_use", office)
    seen = MappingSet.objects.get()
    actions.withdraw_mapping(mapping_set=loaded, actor=office, now=BEGINNING)
    with pytest.raises(Conflict):
        actions.withdraw_mapping(mapping_set=seen, actor=office, now=BEGINNING)


# --- the history ---


def test_the_life_of_an_edition_is_one_whole_chain(people, office, draft):
    edition = consult(EDITING["classify"](give(draft, office, RENUMBERED), office), office)
    comment = say(edition, people["provider"], "6.1.1")
    COMMENTING["answer"](comment, office)
    edition = publish(EDITING["end_consultation"](edition, office), office)
    assert acts_of(edition) == [
        "criteria.import", "criteria.replace", "criteria.classify", "criteria.consult", "criteria.end_consultation",
        "criteria.publish",
    ]  # fmt: skip
    events = list(history(edition))
    assert [event.version for event in events] == [1, 2, 3, 4, 5, 6]
    assert all(one.after == other.before for one, other in pairwise(events))
    assert events[-1].details["content_hash"] == edition.content_hash == rules.content_hash(queries.facts(edition))
    assert list(breaks()) == []


def test_a_line_of_an_edition_with_other_clauses_keeps_its_own(office):
    edition = bring_in(office, clauses=CLAUSES | {"5.1": ("独自の題名", "")})
    titles = queries.clauses_of(edition)
    assert (titles["5"], titles["5.1"]) == (("方針", "Policies"), ("独自の題名", ""))
    assert titles["12"] == editions.clause_titles("2013")["12"]
