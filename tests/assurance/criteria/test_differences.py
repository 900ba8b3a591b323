"""The account of what changed: every kind of change, the whole newer edition out of it, and the words that differ."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assurance.criteria import made

from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.differences import Carry, Change, Mark, applied, difference, words
from kansatsu.assurance.criteria.mappings import id_pairs
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement


def line(number, **more):
    kind = Kind.DETAILED if len(rules.digits(number)) == 4 else Kind.OBJECTIVE
    return ControlFacts(number, Part.CONTROLS, kind, rules.mark_of(number), Requirement.EXCLUDABLE, **more)


def account(older, newer, pairs=()):
    """Change, numbers before, numbers after; applied to the older edition it gives the newer one."""
    found = difference(older, newer, pairs)
    assert applied(older, found) == rules.ordered(newer)
    return [(one.change.value, " ".join(one.before), " ".join(one.after), one.carry.value) for one in found]


A, B, C = line("5.1.1", title_ja="甲"), line("5.1.2", title_ja="乙"), line("9.1.1", title_ja="丙")


def test_what_is_the_same_is_unchanged():
    assert account([B, A], [A, B]) == [
        ("unchanged", "5.1.1", "5.1.1", "carried"), ("unchanged", "5.1.2", "5.1.2", "carried"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "change", "carry"),
    [
        ({"title_ja": "別"}, "reworded", "review"),
        ({"title_en": "x"}, "reworded", "review"),
        ({"text_ja": "文"}, "reworded", "review"),
        ({"text_en": "x"}, "reworded", "review"),
        ({"requirement": Requirement.MANDATORY}, "reworded", "review"),
        ({"part": Part.MANAGEMENT}, "reworded", "review"),
        ({"base": "ISO/IEC 27002:2022"}, "unchanged", "carried"),
        ({"earlier": ("9.9.9",)}, "unchanged", "carried"),
    ],
)
def test_a_line_that_asks_for_something_else_is_reworded(more, change, carry):
    assert account([A], [replace(A, **more)]) == [(change, "5.1.1", "5.1.1", carry)]


def test_a_line_keeps_its_identity_under_a_new_number():
    moved = replace(A, number="5.15", earlier=("5.1.1",))
    assert account([A], [moved]) == [("renumbered", "5.1.1", "5.15", "carried")]
    assert account([A], [replace(moved, text_ja="文")]) == [("renumbered", "5.1.1", "5.15", "review")]


def test_two_lines_can_change_places():
    assert account([A, B], [replace(A, number="5.1.2"), replace(B, number="5.1.1")]) == [
        ("renumbered", "5.1.2", "5.1.1", "carried"), ("renumbered", "5.1.1", "5.1.2", "carried"),
    ]  # fmt: skip


def test_a_line_without_a_counterpart_is_new_or_withdrawn_where_its_number_stands():
    assert account([A, C], [A, B]) == [
        ("unchanged", "5.1.1", "5.1.1", "carried"),
        ("new", "", "5.1.2", "answer"),
        ("withdrawn", "9.1.1", "", "dropped"),
    ]  # fmt: skip


def test_a_pair_makes_a_line_with_another_id_the_same_line():
    other = line("5.15", title_ja="甲")
    assert account([A], [other], [(A.id, other.id)]) == [("renumbered", "5.1.1", "5.15", "carried")]
    assert account([A], [replace(other, number="5.1.1")], [(A.id, other.id)]) == [
        ("unchanged", "5.1.1", "5.1.1", "carried")
    ]


def test_one_line_that_went_to_several_was_split():
    ones = [line("5.15"), line("5.2")]
    pairs = [(A.id, one.id) for one in ones] * 2
    assert account([A, B], [*ones, B], pairs) == [
        ("unchanged", "5.1.2", "5.1.2", "carried"), ("split", "5.1.1", "5.2 5.15", "review"),
    ]  # fmt: skip


def test_several_lines_that_went_to_one_were_merged():
    one = line("5.15")
    assert account([A, B, C], [one], [(A.id, one.id), (C.id, one.id)]) == [
        ("withdrawn", "5.1.2", "", "dropped"), ("merged", "5.1.1 9.1.1", "5.15", "review"),
    ]  # fmt: skip


def test_a_line_that_another_went_into_while_it_stayed_is_merged_too():
    assert account([A, B], [B], [(A.id, B.id)]) == [("merged", "5.1.1 5.1.2", "5.1.2", "review")]


def test_a_line_can_be_shared_out_and_merged_at_once():
    one, two = line("5.15"), line("5.16")
    pairs = [(A.id, one.id), (A.id, two.id), (B.id, two.id)]
    assert account([A, B], [one, two], pairs) == [
        ("split", "5.1.1", "5.15 5.16", "review"), ("merged", "5.1.1 5.1.2", "5.16", "review"),
    ]  # fmt: skip


def test_pairs_of_ids_that_are_not_there_or_that_match_already_change_nothing():
    pairs = [("obj-1.1", B.id), (A.id, "obj-1.1"), (A.id, B.id), (A.id, A.id)]
    assert account([A, B], [A, B], pairs) == account([A, B], [A, B])


def test_the_values_before_and_after_stand_in_the_account():
    (one,) = difference([A], [replace(A, title_ja="別", base="x")])
    assert one.changed == {"title_ja": ("甲", "別"), "base": ("", "x")}
    assert (one.change, one.carry) == (Change.REWORDED, Carry.REVIEW)


@pytest.mark.parametrize(
    ("newer", "other"),
    [
        ([A, B], [A]),
        ([A], [A, C]),
        ([A, C], [A, B, line("9.2.1")]),
        ([replace(A, title_ja="別"), B], [replace(A, title_ja="他"), B]),
        ([B], [replace(A, number="5.1.9"), B]),
    ],
)
def test_an_account_of_another_edition_is_refused(newer, other):
    with pytest.raises(ValueError, match="not made for this edition"):
        applied(other, difference([A, B], newer))


def test_an_empty_edition_can_be_filled_and_emptied():
    assert account([], [A]) == [("new", "", "5.1.1", "answer")]
    assert account([A], []) == [("withdrawn", "5.1.1", "", "dropped")]
    assert account([], []) == []


@pytest.mark.parametrize("older", ["ismap-2022-04", "ismap-2024-07"])
def test_the_draft_follows_from_each_edition_before_it(older):
    old, new = editions.shipped(older).controls, editions.shipped("ismap-r7-draft").controls
    (rows,) = (one.rows for one in editions.shipped_mappings() if one.source == older)
    pairs = id_pairs(rows, {one.number: one.id for one in old}, {one.number: one.id for one in new})
    found = difference(old, new, pairs)
    assert applied(old, found) == new
    assert sum(one.change == Change.NEW for one in found) == 11
    assert {one.before[0] for one in found if one.change == Change.WITHDRAWN} == (
        {"8.1.5.4.P", "12.2.1.15", "13.2.3.7.P", "16.1.5.10"} if older == "ismap-2024-07" else set()
    )


def test_the_four_controls_of_2024_are_all_that_is_new_against_2022():
    old, new = (editions.shipped(name).controls for name in ("ismap-2022-04", "ismap-2024-07"))
    found = [one for one in difference(old, new) if one.change != Change.UNCHANGED]
    assert [(one.change, one.after[0]) for one in found] == [
        (Change.NEW, number) for number in ("8.1.5.4.P", "12.2.1.15", "13.2.3.7.P", "16.1.5.10")
    ]


IDS = [f"id-{number}" for number in range(8)]
NUMBERS = ["5.1", "5.2", "5.10", "5.1.1", "5.1.1.P", "5.2.1", "9.1.1", "9.1.1.2.PB", "12.1.1", "18.2.3"]
SHORT = st.sampled_from(["", "甲", "乙", "policies"])


@st.composite
def lined(draw):
    """Lines with ids of a small stock under any numbers: most ids and numbers meet again in another edition."""
    ids = draw(st.lists(st.sampled_from(IDS), max_size=8, unique=True))
    numbers = draw(st.permutations(NUMBERS))
    return [
        line(number, id=name, title_ja=draw(SHORT), base=draw(SHORT))
        for name, number in zip(ids, numbers, strict=False)
    ]


PAIRS = st.lists(st.tuples(st.sampled_from([*IDS, "id-?"]), st.sampled_from([*IDS, "id-?"])), max_size=14)


@settings(max_examples=150)
@given(lined(), lined(), PAIRS)
def test_any_account_applied_to_the_older_edition_gives_the_newer(older, newer, pairs):
    found = difference(older, newer, pairs)
    assert applied(older, found) == rules.ordered(newer)
    assert {number for one in found for number in one.before} == {one.number for one in older}
    assert {number for one in found for number in one.after} == {one.number for one in newer}
    assert found == difference(older[::-1], newer[::-1], [*reversed(pairs), *pairs])


@settings(max_examples=30)
@given(made.controls(), made.controls())
def test_any_two_editions_with_any_texts_have_an_account(older, newer):
    assert applied(older, difference(older, newer)) == newer


@given(lined(), lined(), PAIRS)
def test_each_change_has_the_shape_that_its_name_says(older, newer, pairs):
    shapes = {"new": (0, 1), "withdrawn": (1, 0), "unchanged": (1, 1), "reworded": (1, 1), "renumbered": (1, 1)}
    for one in difference(older, newer, pairs):
        if one.change == Change.SPLIT:
            assert len(one.before) == 1 and len(one.after) > 1
        elif one.change == Change.MERGED:
            assert len(one.before) > 1 and len(one.after) == 1
        else:
            assert (len(one.before), len(one.after)) == shapes[one.change]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("情報を保護する。", "情報を監視する。", "=情報を -保護 +監視 =する。"),
        ("アクセス権を管理する", "アクセス権とログを管理する", "=アクセス権 +とログ =を管理する"),
        (
            "The policy must be approved.",
            "The policies must be approved.",
            "=The  -policy +policies = must be approved.",
        ),
        ("at least 8 characters", "at least 12 characters", "=at least  -8 +12 = characters"),
        ("方針", "方針群", "-方針 +方針群"),
        ("定める。", "定める。\n(a) 目的", "=定める。 +\n(a) 目的"),
        ("", "新しい", "+新しい"),
        ("古い", "", "-古い"),
        ("同じ", "同じ", "=同じ"),
        ("", "", ""),
    ],
)
def test_words_are_marked_to_the_word(before, after, expected):
    signs = {Mark.SAME: "=", Mark.GONE: "-", Mark.ADDED: "+"}
    assert " ".join(f"{signs[mark]}{text}" for mark, text in words(before, after)) == expected


PROSE = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["情報", "を", "保護", "する", "。", "a ", "policy", "12", "\n"])).map("".join),
)


@given(PROSE, PROSE)
def test_what_is_the_same_and_gone_is_the_text_before_and_what_is_the_same_and_added_the_one_after(before, after):
    found = words(before, after)
    assert "".join(text for mark, text in found if mark != Mark.ADDED) == before
    assert "".join(text for mark, text in found if mark != Mark.GONE) == after
    assert all(text for _, text in found)
