"""What is found, beside what it stands, what took its place, and in how many queries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.assurance.criteria.drafts import (
    COMMENTING,
    EDITING,
    LINES,
    MAPPING,
    RENUMBERED,
    UNTIL,
    bring_in,
    consult,
    give,
    install,
    line,
    load,
    publish,
    say,
)
from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import actions, differences, editions, queries, rules
from kansatsu.assurance.criteria.mappings import Confidence, Dangling, MappingFacts, Relation
from kansatsu.assurance.criteria.models import Control, Edition, MappingSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(people):
    return people["office"]


@pytest.fixture
def provider(people):
    return people["provider"]


@pytest.fixture
def draft(office):
    """A draft of four lines."""
    return bring_in(office)


@pytest.fixture
def shelves(db):
    """All that `kansatsu migrate` installs."""
    for edition_id in ("ismap-2022-04", "ismap-2024-07", "ismap-r7-draft"):
        install(edition_id)
    for shipped in editions.shipped_mappings():
        actions.install_mapping(shipped=shipped, actor=SYSTEM, now=BEGINNING)


def found(actor, text, edition_id=""):
    return [(one.edition_id, one.number) for one in queries.search(actor, text, edition_id=edition_id)]


def numbers(actor, text):
    return [number for _, number in found(actor, text)]


def count(question):
    """How many queries it takes."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        question()
    return len(asked)


# --- lists ---


def test_no_edition_is_listed_before_one_is_installed():
    assert list(queries.editions()) == []


def test_published_editions_are_listed_newest_first_each_with_its_number_of_controls(office):
    for edition_id in ("ismap-2022-04", "ismap-2024-07-synthetic", "ismap-2024-07"):
        install(edition_id)
    bring_in(office)
    assert [(one.pk, one.size) for one in queries.editions()] == [
        ("ismap-2024-07", 265),
        ("ismap-2024-07-synthetic", 1311),
        ("ismap-2022-04", 261),
    ]


def test_drafts_stand_on_the_shelf_of_the_office_only(office, provider, draft):
    install("ismap-2022-04")
    consult(bring_in(office, "test-2027", published_on=date(2026, 1, 1)), office)
    assert [(one.pk, one.size) for one in queries.shelf(office)] == [
        ("test-2027", 4), ("test-2026", 4), ("ismap-2022-04", 261),
    ]  # fmt: skip
    assert [one.pk for one in queries.shelf(provider)] == ["test-2027", "ismap-2022-04"]


def test_the_lines_of_an_edition_come_in_order_in_one_query(draft, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.facts(draft) == LINES
    with django_assert_num_queries(1):
        assert queries.numbers(draft) == {"5.1.1", "5.1.1.1", "5.1.1.2.PB", "12.1.1"}
    with django_assert_num_queries(1):
        assert queries.ids(draft)["5.1.1.2.PB"] == "det-5.1.1.2"


# --- search ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("暗号", ["5.1.1", "5.1.1.1"]),
        ("鍵", ["5.1.1.1", "5.1.1.2.PB"]),
        ("アクセス", ["5.1.1.1"]),
        ("ｱｸｾｽ", ["5.1.1.1"]),
        ("cloud", ["5.1.1.2.PB"]),
        ("ＣＬＯＵＤ", ["5.1.1.2.PB"]),
        ("hold THE keys", ["5.1.1.2.PB"]),
        ("Policy", ["5.1.1"]),
        ("鍵　装置", ["5.1.1.1"]),
        ("装置 鍵", ["5.1.1.1"]),
        ("鍵 委託", []),
        ("5.1.1.", ["5.1.1.1", "5.1.1.2.PB"]),
        ("５．１．１．２", ["5.1.1.2.PB"]),
        ("12.1", ["12.1.1"]),
        ("pb", ["5.1.1.2.PB"]),
        ("100%", []),
        ("_", []),
        ("%", []),
        ("\\", []),
        ("'; DROP TABLE", []),
        (" 　 ", ["5.1.1", "5.1.1.1", "5.1.1.2.PB", "12.1.1"]),
    ],
)
def test_a_search_finds_the_lines_that_hold_every_word_whatever_the_width_and_case(office, draft, text, expected):
    assert numbers(office, text) == expected


def test_a_line_is_found_by_a_number_that_it_bore_earlier(office):
    bring_in(office, controls=RENUMBERED)
    assert numbers(office, "5.1.1.1") == ["6.1.1.1"]


def test_a_search_sees_what_the_searcher_sees_and_only_the_edition_asked_for(office, provider, draft):
    bring_in(office, "test-2027", RENUMBERED, published_on=date(2026, 1, 1))
    both = [("test-2027", "6.1.1"), ("test-2027", "6.1.1.1"), ("test-2026", "5.1.1"), ("test-2026", "5.1.1.1")]
    assert found(office, "暗号") == found(SYSTEM, "暗号") == both
    assert found(office, "暗号", "test-2026") == both[2:]
    assert found(office, "暗号", "test-1999") == []
    assert found(provider, "暗号") == found(provider, "暗号", "test-2026") == []
    publish(draft, office)
    assert found(provider, "暗号") == both[2:]


@pytest.mark.parametrize("text", ["鍵 " * 50, "\ufdfa" * 100], ids=["many words", "a long word"])
def test_a_search_for_anything_that_a_hundred_characters_can_hold_is_answered(office, draft, text):
    assert len(found(office, text)) <= 4


def test_what_replaced_a_drafts_content_is_found_and_the_old_is_not(office, draft):
    give(draft, office, (line("7.1.1", "物理的な境界"),))
    assert (numbers(office, "境界"), numbers(office, "暗号")) == (["7.1.1"], [])


def test_a_search_remembers_nothing_of_one_edition_for_another(office, draft):
    assert numbers(office, "境界") == []
    edition = give(draft, office, (line("7.1.1", "物理的な境界"),))
    assert numbers(office, "境界") == ["7.1.1"]
    give(edition, office, LINES)
    assert (numbers(office, "境界"), numbers(office, "委託")) == ([], ["12.1.1"])
    bring_in(office, "test-2027")
    assert found(office, "委託") == [("test-2026", "12.1.1"), ("test-2027", "12.1.1")]


def test_what_was_found_is_counted_and_cut_before_it_is_loaded(office, draft, django_assert_num_queries):
    numbers(office, "鍵")
    with django_assert_num_queries(1):
        hits = queries.search(office, "鍵")
        assert (len(hits), bool(hits), bool(queries.Found([]))) == (2, True, False)
    with django_assert_num_queries(1):
        assert [(one.number, one.edition.title_ja) for one in hits[1:]] == [("5.1.1.2.PB", "試験の版")]
    assert (hits[0].number, hits[-1].number, hits[-2].number) == ("5.1.1.1", "5.1.1.2.PB", "5.1.1.1")
    with pytest.raises(IndexError):
        hits[2]


def test_a_line_that_went_away_while_the_page_was_made_is_left_out(office, draft):
    hits = queries.search(office, "暗号")
    give(draft, office, (LINES[0],))
    assert [one.number for one in hits] == ["5.1.1"]


# --- comments ---


def test_comments_are_taken_while_the_edition_is_out_and_the_last_day_is_not_past(office, draft):
    assert not queries.takes_comments(draft, UNTIL)
    edition = consult(draft, office)
    assert [queries.takes_comments(edition, UNTIL + timedelta(days)) for days in (-1, 0, 1)] == [True, True, False]
    assert not queries.takes_comments(EDITING["end_consultation"](edition, office), UNTIL)


def test_a_comment_answered_on_a_draft_stands_beside_the_same_control_in_the_next_edition(office, provider, people):
    first = consult(bring_in(office), office)
    comment = say(first, provider)
    other = say(first, provider, number="12.1.1")
    COMMENTING["answer"](comment, office)
    publish(EDITING["end_consultation"](first, office), office)
    newer = publish(bring_in(office, "test-2027", RENUMBERED, predecessor="test-2026"), office)
    control = newer.controls.get(number="6.1.1")
    for actor in (people["buyer"], office, SYSTEM):
        [beside] = queries.said_of(control, actor)
        assert (beside, beside.number, beside.answer, beside.edition_id) == (
            comment, "5.1.1", "決めます。", "test-2026",
        )  # fmt: skip
    assert list(queries.said_of(newer.controls.get(number="12.1.1"), provider)) == [other]


def test_what_was_said_comes_oldest_first_and_waits_for_an_answer_until_it_has_one(office, provider, people, draft):
    edition = consult(draft, office)
    late = say(edition, provider, now=BEGINNING + timedelta(hours=2))
    early = say(edition, people["buyer"], now=BEGINNING + timedelta(hours=1))
    control = edition.controls.get(number="5.1.1")
    assert list(queries.said_of(control, provider)) == [early, late]
    assert queries.tally(edition) == {"total": 2, "unanswered": 2}
    COMMENTING["answer"](early, office)
    assert queries.tally(edition) == {"total": 2, "unanswered": 1}
    COMMENTING["retract"](late, provider)
    assert queries.tally(edition) == {"total": 1, "unanswered": 0}
    assert list(queries.said_of(control, provider)) == [early]


def test_the_comments_on_an_edition_come_by_line(office, provider, draft):
    edition = consult(draft, office)
    given = [say(edition, provider, number=number) for number in ("12.1.1", "5.1.1.1", "5.1.1")]
    assert list(queries.comments_on(edition)) == given[::-1]


def test_the_same_control_in_every_edition_newest_first(office, provider, draft):
    publish(draft, office, date(2025, 6, 1))
    bring_in(office, "test-2027", RENUMBERED, published_on=date(2026, 6, 1))
    assert [(one.edition_id, one.number) for one in queries.in_editions("obj-5.1.1", office)] == [
        ("test-2027", "6.1.1"), ("test-2026", "5.1.1"),
    ]  # fmt: skip
    assert [one.edition_id for one in queries.in_editions("obj-5.1.1", provider)] == ["test-2026"]
    assert list(queries.in_editions("obj-9.9.9", office)) == []


# --- supersession and health ---


def test_a_published_successor_takes_an_editions_place(office, draft):
    publish(draft, office)
    newer = bring_in(office, "test-2027", RENUMBERED, predecessor="test-2026")
    assert queries.superseded_by(draft) is None
    consult(newer, office)
    assert queries.superseded_by(draft) is None
    publish(EDITING["end_consultation"](newer, office), office)
    assert queries.superseded_by(draft) == newer
    assert queries.superseded_by(newer) is None
    assert queries.replaced([draft, newer]) == {"test-2026"}


def test_of_two_successors_the_latest_counts(office, draft):
    publish(draft, office)
    for edition_id, day in (("test-2028", date(2028, 1, 1)), ("test-2027", date(2027, 1, 1))):
        publish(bring_in(office, edition_id, predecessor="test-2026"), office, day)
    assert queries.superseded_by(draft).pk == "test-2028"


def test_the_unverified_draft_of_fiscal_2025_takes_no_editions_place(shelves):
    by = {one.pk: queries.superseded_by(one) for one in Edition.objects.all()}
    assert {name: newer and newer.pk for name, newer in by.items()} == {
        "ismap-2022-04": "ismap-2024-07", "ismap-2024-07": None, "ismap-r7-draft": None,
    }  # fmt: skip
    assert queries.replaced(Edition.objects.all()) == {"ismap-2022-04"}


def test_the_shipped_mapping_sets_are_sound(shelves):
    for one in MappingSet.objects.all():
        assert queries.health(one) == queries.Health(None, [], False)
        assert queries.health(one) == queries.Health(None, [], is_changed=False)


def mapped(office, rows, target="test-2026"):
    """A set from another draft to the edition."""
    bring_in(office, "test-2025")
    return load(office, rows, source="test-2025", target=target)


def equal(*names):
    return [MappingFacts(name, name, Relation.EQUAL, Confidence.HIGH) for name in names]


def test_a_published_successor_flags_the_set_and_lists_what_its_targets_are_called_now(office, draft):
    none = MappingFacts("5.1.1", "", Relation.NONE, Confidence.LOW)
    one = mapped(office, [*equal("5.1.1.1", "5.1.1.2.PB", "12.1.1"), none])
    publish(draft, office)
    assert queries.health(one) == queries.Health(None, [], is_changed=False)
    newer = publish(bring_in(office, "test-2027", RENUMBERED, predecessor="test-2026"), office)
    health = queries.health(MappingSet.objects.get())
    assert (health.superseded_by, health.is_changed) == (newer, False)
    assert health.dangling == [Dangling("target", "5.1.1.1", "6.1.1.1"), Dangling("target", "5.1.1.2.PB", "")]


@pytest.mark.parametrize("changed", ["test-2025", "test-2026"])
def test_a_draft_changed_after_the_set_was_loaded_flags_it(office, draft, changed):
    mapped(office, equal("5.1.1"))
    give(Edition.objects.get(pk=changed), office, (*LINES, line("13.1.1")))
    health = queries.health(MappingSet.objects.get())
    assert (health.superseded_by, health.dangling, health.is_changed) == (None, [], True)


def test_a_draft_that_lost_a_mapped_line_before_it_was_published_and_superseded_is_flagged_as_well(office, draft):
    mapped(office, equal("5.1.1", "12.1.1"))
    publish(give(draft, office, LINES[:3]), office)
    publish(bring_in(office, "test-2027", RENUMBERED, predecessor="test-2026"), office)
    health = queries.health(MappingSet.objects.get())
    assert health.is_changed
    assert Dangling("target", "5.1.1", "6.1.1") in health.dangling


def test_mapping_sets_are_seen_by_whoever_sees_both_editions(office, provider, draft):
    mapped(office, equal("5.1.1", "12.1.1"))
    assert [(one.pk, one.size) for one in queries.mapping_sets(office)] == [("test-set", 2)]
    publish(draft, office)
    assert list(queries.mapping_sets(provider)) == []
    publish(Edition.objects.get(pk="test-2025"), office)
    assert [one.pk for one in queries.mapping_sets(provider)] == ["test-set"]


# --- correspondence ---


@pytest.mark.parametrize(
    ("relation", "turned"),
    [
        (Relation.EQUAL, Relation.EQUAL),
        (Relation.SUBSET, Relation.SUPERSET),
        (Relation.SUPERSET, Relation.SUBSET),
        (Relation.INTERSECTS, Relation.INTERSECTS),
    ],
)
def test_a_correspondence_is_seen_from_both_ends_and_its_relation_turned(office, draft, relation, turned):
    newer = bring_in(office, "test-2027", RENUMBERED)
    loaded = load(office, [MappingFacts("5.1.1", "6.1.1", relation, Confidence.MEDIUM)])
    [there] = queries.corresponding(draft.controls.get(number="5.1.1"), office)
    assert there == queries.Corresponding(
        loaded, "test-2027", "6.1.1", "暗号の方針", "Policy on cryptography", relation, Confidence.MEDIUM
    )
    [back] = queries.corresponding(newer.controls.get(number="6.1.1"), office)
    assert (back.edition_id, back.number, back.relation) == ("test-2026", "5.1.1", turned)


def test_what_corresponds_to_nothing_or_by_a_withdrawn_set_or_is_unseen_is_not_listed(office, provider, draft):
    bring_in(office, "test-2027", RENUMBERED)
    rows = [
        MappingFacts("5.1.1", "6.1.1", Relation.EQUAL, Confidence.LOW),
        MappingFacts("12.1.1", "", Relation.NONE, Confidence.LOW),
    ]
    loaded = load(office, rows)
    control = draft.controls.get(number="5.1.1")
    publish(draft, office)
    assert queries.corresponding(draft.controls.get(number="12.1.1"), office) == []
    assert len(queries.corresponding(control, office)) == 1
    assert queries.corresponding(control, provider) == []
    MAPPING["withdraw"](loaded, office)
    assert queries.corresponding(control, office) == []


def test_a_set_that_was_made_for_one_edition_serves_another_with_the_same_ids(shelves):
    newer = Edition.objects.get(pk="ismap-r7-draft")
    shipped = {one.id: one for one in editions.shipped_mappings()}
    linked = {row.source for one in shipped.values() for row in one.rows if row.relation != Relation.NONE}
    assert {source for source, _ in queries.pairs(newer)} == {
        queries.ids(Edition.objects.get(pk="ismap-2024-07"))[number] for number in linked
    }


@pytest.mark.parametrize(("older", "newer"), [("ismap-2022-04", "ismap-2024-07"), ("ismap-2024-07", "ismap-r7-draft")])
def test_the_account_of_two_editions_leads_from_one_to_the_other(shelves, older, newer):
    a, b = Edition.objects.get(pk=older), Edition.objects.get(pk=newer)
    assert differences.applied(queries.facts(a), queries.account(a, b)) == queries.facts(b)
    assert differences.applied(queries.facts(b), queries.account(b, a)) == queries.facts(a)


def changes(older, newer):
    return {(one.change.value, one.before, one.after) for one in queries.account(older, newer)}


@pytest.fixture
def split(office, draft):
    """An edition and a later one in which a line was split in two by a mapping set."""
    newer = bring_in(office, "test-2027", (line("8.1.1", "鍵"), line("8.1.2", "方針")))
    rows = [MappingFacts("5.1.1", number, Relation.SUPERSET, Confidence.HIGH) for number in ("8.1.1", "8.1.2")]
    return draft, newer, load(office, rows)


SPLIT = ("split", ("5.1.1",), ("8.1.1", "8.1.2"))


def test_a_mapping_set_in_use_tells_what_was_split(split):
    older, newer, _set = split
    assert SPLIT in changes(older, newer)


def test_a_withdrawn_set_tells_nothing(office, split):
    older, newer, loaded = split
    MAPPING["withdraw"](loaded, office)
    assert {change for change, _, _ in changes(older, newer)} == {"withdrawn", "new"}


def test_a_set_whose_target_has_changed_since_tells_nothing(office, split):
    older, newer, _set = split
    newer = give(newer, office, (line("8.1.1", "鍵"), line("8.1.2", "方針"), line("8.1.3")))
    assert SPLIT not in changes(older, newer)


def test_a_set_whose_source_has_changed_since_tells_nothing(office, split):
    older, newer, _set = split
    older = give(older, office, (line("12.1.1", "委託先の確認"),))
    assert changes(older, newer) == {
        ("withdrawn", ("12.1.1",), ()), ("new", (), ("8.1.1",)), ("new", (), ("8.1.2",)),
    }  # fmt: skip


def test_the_lines_that_no_row_of_a_mapping_set_names_are_listed_in_order(office, draft):
    newer = bring_in(office, "test-2027", RENUMBERED)
    rows = [
        MappingFacts("5.1.1", "6.1.1", Relation.EQUAL, Confidence.LOW),
        MappingFacts("5.1.1.1", "", Relation.NONE, Confidence.LOW),
    ]
    loaded = load(office, rows)
    assert queries.unmapped(loaded, queries.mapping_rows(loaded)) == (["5.1.1.2.PB", "12.1.1"], ["6.1.1.1", "12.1.1"])
    assert set(queries.titles(newer, ["6.1.1", "6.1.1", "9.9.9"])) == {"6.1.1"}


def test_a_file_of_an_edition_says_what_it_is(draft):
    assert queries.heading(draft) == rules.Heading(
        "test-2026", "試験の版", date(2025, 6, 1), "試験", draft.content_hash
    )


def test_a_file_of_a_mapping_set_says_who_says_so_and_to_what_it_is_pinned(office, draft):
    newer = bring_in(office, "test-2027", published_on=date(2026, 6, 1))
    assert queries.mapping_heading(load(office)) == rules.Heading(
        "test-set", "試験の対応表", date(2026, 6, 1), "試験をした人", f"{draft.content_hash}:{newer.content_hash}"
    )


def test_clause_titles_are_those_of_the_layout_under_the_editions_own(office, draft, shelves):
    old, new = (editions.clause_titles(layout) for layout in ("2013", "2022"))
    assert queries.clauses_of(draft) == old | {"5": ("方針", "Policies")}
    assert queries.clauses_of(Edition.objects.get(pk="ismap-2022-04")) == old
    assert queries.clauses_of(Edition.objects.get(pk="ismap-r7-draft")) == new
    assert queries.clauses_of(bring_in(office, "test-2027", (line("5.1.1"),), clauses={})) == old
    assert queries.clauses_of(bring_in(office, "test-2028", (replace(LINES[0], number="5.1"),), clauses={})) == new


# --- queries ---


def many(size):
    """An edition of one objective and so many details."""
    return (line("5.1.1", "暗号"), *(line(f"5.1.1.{number}", "暗号") for number in range(1, size + 1)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shelf", 1),
        ("search", 2),
        ("in_editions", 1),
        ("said_of", 1),
        ("comments_on", 1),
        ("tally", 1),
        ("corresponding", 3),
        ("health", 4),
        ("mapping_sets", 1),
        ("account", 6),
        ("clauses_of", 1),
        ("superseded_by", 1),
        ("neighbours", 2),
    ],
)
def test_a_question_takes_the_same_number_of_queries_whatever_there_is(office, provider, name, expected):
    asked = []
    for size, prefix in ((2, "small"), (40, "large")):
        lines = many(size)
        older, newer = bring_in(office, f"{prefix}-1", lines), bring_in(office, f"{prefix}-2", lines)
        rows = equal(*(one.number for one in lines))
        loaded = load(office, rows, set_id=f"{prefix}-set", source=older.pk, target=newer.pk)
        publish(older, office)
        consult(newer, office)
        for _ in range(size):
            say(newer, provider)
        EDITING["end_consultation"](newer, office)
        publish(newer, office)
        publish(bring_in(office, f"{prefix}-3", lines, predecessor=newer.pk), office)
        control = Control.objects.select_related("edition").get(edition=newer, number="5.1.1")
        loaded = MappingSet.objects.select_related("source", "target").get(pk=loaded.pk)
        questions = {
            "shelf": lambda: [(one.pk, one.predecessor) for one in queries.shelf(office)],
            "search": lambda: [(one.number, one.edition.title_ja) for one in queries.search(office, "暗号")],
            "in_editions": lambda of=control: [one.edition.pk for one in queries.in_editions(of.stable_id, office)],
            "said_of": lambda of=control: [
                (one.organisation.name, one.edition.pk) for one in queries.said_of(of, office)
            ],
            "comments_on": lambda of=newer: [one.organisation.name for one in queries.comments_on(of)],
            "tally": lambda of=newer: queries.tally(of),
            "corresponding": lambda of=control: queries.corresponding(of, office),
            "health": lambda of=loaded: queries.health(of),
            "mapping_sets": lambda: [(one.source.pk, one.target.pk) for one in queries.mapping_sets(office)],
            "account": lambda a=older, b=newer: queries.account(a, b),
            "clauses_of": lambda of=newer: queries.clauses_of(of),
            "superseded_by": lambda of=newer: queries.superseded_by(of),
            "neighbours": lambda of=control: queries.neighbours(of),
        }
        questions[name]()  # a search remembers what it has read
        asked.append(count(questions[name]))
    assert asked == [expected, expected]


def test_the_neighbours_of_a_line_are_those_before_and_after_it(draft):
    by_number = {one.number: one for one in draft.controls.all()}
    before, after = queries.neighbours(by_number["5.1.1.2.PB"])
    assert (before.number, after.number) == ("5.1.1.1", "12.1.1")
    assert queries.neighbours(by_number["5.1.1"]) == (None, by_number["5.1.1.1"])
    assert queries.neighbours(by_number["12.1.1"])[1] is None
