"""The made-up detailed controls: as many as asked for, the same for the same seed, marked, and varied in length."""

import pytest

from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.rules import Kind, Part
from kansatsu.assurance.criteria.synthetic import details_up_to

BASE = editions.shipped("ismap-2024-07").controls


def made_up(total=1311, seed=1):
    return details_up_to(BASE, total=total, seed=seed)[len(BASE) :]


def test_the_synthetic_edition_has_1311_lines():
    assert len(editions.shipped("ismap-2024-07-synthetic").controls) == 1311


def test_the_controls_of_the_base_are_kept_as_they_are():
    assert details_up_to(BASE, total=1311, seed=1)[: len(BASE)] == BASE


def test_nothing_is_added_when_the_total_is_reached_already():
    assert details_up_to(BASE, total=len(BASE), seed=1) == BASE


def test_a_total_below_the_present_number_is_refused():
    with pytest.raises(ValueError, match="265 controls are more than 264"):
        details_up_to(BASE, total=264, seed=1)


def test_the_same_seed_gives_the_same_controls():
    assert made_up(seed=7) == made_up(seed=7)


def test_another_seed_gives_other_texts():
    assert [one.text_ja for one in made_up(seed=7)] != [one.text_ja for one in made_up(seed=8)]


def test_every_text_has_between_40_and_600_characters_and_short_and_long_ones_occur():
    lengths = [len(one.text_ja) for one in made_up()]
    assert 40 <= min(lengths) < 80
    assert 560 < max(lengths) <= 600


def test_every_text_and_title_says_that_it_is_a_sample():
    assert [one.number for one in made_up() if not one.text_ja.startswith("【見本】")] == []
    assert {(one.title_ja[:4], one.title_en[:8], one.base) for one in made_up()} == {
        ("（見本）", "(sample)", "synthetic")
    }


def test_only_details_below_objectives_of_the_controls_part_are_made_up():
    objectives = {rules.digits(one.number) for one in BASE if one.kind == Kind.OBJECTIVE and one.part == Part.CONTROLS}
    assert {(one.kind, one.part, one.mark) for one in made_up()} == {(Kind.DETAILED, Part.CONTROLS, "")}
    assert {rules.digits(one.number)[:3] for one in made_up()} - objectives == set()


def test_no_made_up_number_stands_in_the_base_or_twice():
    added = [rules.digits(one.number) for one in made_up()]
    assert len(set(added)) == len(added)
    assert set(added) & {rules.digits(one.number) for one in BASE} == set()


def test_gaps_below_an_official_detail_are_filled_first():
    official = [one.number for one in BASE if one.number.startswith("12.6.1.")]
    assert official == ["12.6.1.18.PB"]
    made = {one.number for one in made_up()}
    assert {f"12.6.1.{last}" for last in range(1, 18)} <= made
    assert "12.6.1.18" not in made
