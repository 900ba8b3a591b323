"""The picture of how an edition is put together: it counts right, keeps shapes apart and says the same in a table."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.assurance.criteria import editions
from kansatsu.assurance.criteria.pictures import BAR, WIDTH, composition
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement

LEAST = 16.0
PATH = re.compile(r"M18 (\S+)C360 \1 360 (\S+) 702 \2V(\S+)C360 \3 360 (\S+) 18 \4Z")


def line(number, base, part=Part.CONTROLS):
    return ControlFacts(number, part, Kind.OBJECTIVE, "", Requirement.EXCLUDABLE, base=base)


def edges(band):
    """Where a band begins and ends on its left and on its right side."""
    left, right, right_end, left_end = map(float, PATH.fullmatch(band.path).groups())
    return left, left_end, right, right_end


def named(bars):
    return [(bar.name, bar.count) for bar in bars]


def test_nothing_makes_an_empty_picture():
    picture = composition([])
    assert (picture.bases, picture.parts, picture.bands, picture.rows, picture.height) == ((), (), (), (), 0)


def test_one_line_is_one_band_from_its_base_to_its_part():
    picture = composition([line("5.1.1", "ISO/IEC 27002:2013")])
    assert named(picture.bases) == [("ISO/IEC 27002:2013", 1)]
    assert named(picture.parts) == [("controls", 1)]
    assert [(band.part, edges(band)) for band in picture.bands] == [("controls", (0, 300, 0, 300))]
    assert picture.height == 300


@pytest.mark.parametrize("base", ["ISO/IEC 27002:2013 5.1.1", "ISO/IEC 27017:2015 CLD.6.3.1", "ISO/IEC 27014:2013  4"])
def test_the_clause_within_a_base_standard_does_not_tell_bases_apart(base):
    assert [bar.name for bar in composition([line("5.1.1", base)]).bases] == [" ".join(base.split()[:2])]


def test_a_line_without_a_base_is_counted_under_a_dash():
    assert composition([line("5.1.1", "")]).rows == (("–", (1,), 1),)


def test_a_base_that_is_only_a_number_keeps_its_name():
    assert composition([line("5.1.1", "27002")]).rows == (("27002", (1,), 1),)


def test_a_part_that_has_no_line_is_left_out_and_the_others_keep_their_order():
    picture = composition([line("5.1.1", "a"), line("3.1.1", "b", Part.GOVERNANCE)])
    assert [bar.name for bar in picture.parts] == ["governance", "controls"]
    assert [bar.name for bar in picture.bases] == ["a", "b"]


def test_one_base_may_feed_several_parts():
    picture = composition(
        [line("3.1.1", "a", Part.GOVERNANCE), line("5.1.1", "a"), line("5.1.2", "a"), line("5.1.3", "b")]
    )
    assert picture.rows == (("a", (1, 2), 3), ("b", (0, 1), 1))
    assert [band.part for band in picture.bands] == ["governance", "controls", "controls"]


def test_the_edition_of_2022_is_put_together_from_five_bases():
    assert composition(editions.shipped("ismap-2022-04").controls).rows == (
        ("ISO/IEC 27014:2013", (24, 0, 0), 24),
        ("ISO/IEC 27001:2013", (0, 85, 0), 85),
        ("ISO/IEC 27002:2013", (0, 0, 114), 114),
        ("ISO/IEC 27017:2015", (0, 0, 35), 35),
        ("Common Standards", (0, 0, 3), 3),
    )


LINES = st.lists(
    st.builds(
        line,
        st.just("5.1.1"),
        st.sampled_from(
            ["", "a", "b", "c 5.1", "d CLD.6.3.1", *(f"base {letter}" for letter in "efghijklmnopqrstuvw")]
        ),
        st.sampled_from(list(Part)),
    ),
    min_size=1,
    max_size=60,
)


@given(LINES)
def test_every_line_is_counted_once_on_either_side_and_in_the_table(lines):
    picture = composition(lines)
    assert sum(bar.count for bar in picture.bases) == sum(bar.count for bar in picture.parts) == len(lines)
    assert {bar.name: bar.count for bar in picture.parts} == Counter(one.part.value for one in lines)
    assert [(base, total) for base, _counts, total in picture.rows] == named(picture.bases)
    assert [sum(counts) for _base, counts, _total in picture.rows] == [bar.count for bar in picture.bases]
    assert len(picture.bands) == sum(count > 0 for _base, counts, _total in picture.rows for count in counts)


@given(LINES)
def test_no_bar_is_too_small_to_see_none_overlaps_another_and_all_lie_in_the_picture(lines):
    picture = composition(lines)
    for bars in (picture.bases, picture.parts):
        assert all(bar.height >= LEAST and bar.middle == bar.y + bar.height / 2 for bar in bars)
        assert all(one.y + one.height < other.y for one, other in pairwise(bars))
        assert bars[0].y >= 0 and bars[-1].y + bars[-1].height <= picture.height


@given(LINES)
def test_the_bands_fill_the_bars_they_join(lines):
    picture = composition(lines)
    bands = iter(picture.bands)
    joined = [
        (base, part, *edges(next(bands)))
        for base, (_name, counts, _total) in zip(picture.bases, picture.rows, strict=True)
        for part, count in zip(picture.parts, counts, strict=True)
        if count
    ]
    for bars, side, near, far in ((picture.bases, 0, 2, 3), (picture.parts, 1, 4, 5)):
        for bar in bars:
            own = [one for one in joined if one[side] == bar]
            assert own[0][near] == pytest.approx(bar.y, abs=0.2)
            assert own[-1][far] == pytest.approx(bar.y + bar.height, abs=0.2)
            assert all(one[far] == other[near] for one, other in pairwise(own))


def test_the_bands_run_between_the_bars_and_not_under_them():
    assert (BAR, WIDTH - BAR, WIDTH / 2) == (18, 702, 360)
