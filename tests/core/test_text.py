"""What people type is cleaned and measured, and refused where it could deceive or break something."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.core.problems import Problem
from kansatsu.core.text import Field, clean, field_problems, folded, hits

LINE = {"text": Field(20)}
LINES = {"text": Field(20, lines=True)}
NAME = {"text": Field(20, name=True)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  鑑札\u3000", "鑑札"),
        ("一\r\n二\r三\n", "一\n二\n三"),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_text_is_kept_without_space_around_and_with_plain_line_ends(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＫＡＮＳＡＴＳＵ　１２３", "kansatsu 123"),
        ("㈱あおぞら", "(株)あおぞら"),
        ("ｱｵｿﾞﾗ", "アオゾラ"),
        (" Aozora \t Cloud ", "aozora cloud"),
        ("STRASSE", "straße"),
    ],
)
def test_texts_that_look_alike_fold_to_the_same(one, other):
    assert folded(one) == folded(other)


def test_kana_and_the_long_sign_are_told_apart():
    assert folded("はし") != folded("ハシ")
    assert folded("サーバ") != folded("サーバー")


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("暗号鍵の管理", ["鍵"], "暗号[鍵]の管理"),
        ("暗号鍵の管理", ["暗号", "管理"], "[暗号]鍵の[管理]"),
        ("Ｃｌｏｕｄの鍵 cloud", ["cloud"], "[Ｃｌｏｕｄ]の鍵 [cloud]"),
        ("ｱｸｾｽ権とｶﾞｲﾄﾞ", ["ガ"], "ｱｸｾｽ権と[ｶﾞ]ｲﾄﾞ"),
        ("㈱あおぞら", ["株"], "[㈱]あおぞら"),
        ("か\u3099いど", ["がい"], "[か\u3099い]ど"),
        ("straße", ["ss"], "stra[ß]e"),
        ("9.5.2.1.PB", ["9.5", "pb"], "[9.5].2.1.[PB]"),
        ("鍵の鍵", ["鍵"], "[鍵]の[鍵]"),
        ("鍵管理者", ["鍵管", "管理"], "[鍵管理]者"),
        ("一行\n二行", ["二"], "一行\n[二]行"),
        ("鍵", ["錠"], "鍵"),
        ("鍵", [""], "鍵"),
        ("鍵", [], "鍵"),
        ("", ["鍵"], ""),
    ],
)
def test_what_a_search_hit_is_cut_out_as_it_was_written(text, words, marked):
    assert "".join(f"[{run}]" if is_hit else run for run, is_hit in hits(text, words)) == marked


SIGNS = "aZ9ÀßΣＡ９暗鍵㈱㍿がパかハｶﾊﾞﾟ\u3099\u309a\u0301ー. \n\u3000"


@given(text=st.text(SIGNS, max_size=40), data=st.data())
def test_every_word_that_a_search_finds_is_marked_and_no_sign_is_lost(text, data):
    parts = folded(text).split()
    words = []
    if parts:
        part = data.draw(st.sampled_from(parts))
        start = data.draw(st.integers(0, len(part) - 1))
        words = [part[start : data.draw(st.integers(start + 1, len(part)))]]
    found = hits(text, words)
    assert "".join(run for run, _ in found) == text
    assert all(run for run, _ in found)
    assert all(one[1] != other[1] for one, other in pairwise(found))
    assert any(is_hit for _, is_hit in found) == bool(words)


@pytest.mark.parametrize(
    ("fields", "typed"),
    [
        (LINE, "二十文字まで書ける欄に二十文字を書くこと"),
        (LINE, "  二十文字まで書ける欄に二十文字を書くこと  "),
        (LINE, "髙﨑𠮷田 (葛\U000e0100城)"),
        (LINE, "می\u200cخواهم"),
        (LINE, "👩\u200d💻"),
        (LINES, "一行\n\t二行"),
        (NAME, "Aozora Ω Клауд"),
        (NAME, "あおぞらCloud株式会社"),
        (NAME, "Ελλάς"),
    ],
)
def test_ordinary_text_has_no_problem(fields, typed):
    assert field_problems({"text": typed}, fields) == []


def test_a_name_that_no_field_has_is_a_problem():
    assert field_problems({"colour": "red"}, LINE) == [Problem("core.unknown_field", where="colour")]


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"text": " \u3000\n"}], ids=["missing", "empty", "blank"])
def test_a_required_field_must_be_filled(given):
    assert field_problems(given, {"text": Field(20, required=True)}) == [Problem("core.empty", where="text")]


def test_a_field_that_is_not_required_may_be_missing():
    assert field_problems({}, LINE) == []


def test_a_text_that_is_too_long_tells_both_lengths():
    typed = "二十文字まで書ける欄に二十一文字を書くこと"
    expected = Problem("core.too_long", where="text", params={"longest": 20, "length": 21})
    assert field_problems({"text": typed}, LINE) == [expected]


def test_a_name_must_fit_in_its_folded_form_too():
    expected = Problem("core.too_long", where="text", params={"longest": 20, "length": 24})
    assert field_problems({"text": "㍿" * 6}, NAME) == [expected]
    assert field_problems({"text": "㍿" * 6}, LINE) == []
    assert field_problems({"text": "㍿" * 5}, NAME) == []


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("a\nb", "U+000A"),
        ("a\tb", "U+0009"),
        ("a\x00b", "U+0000"),
        ("a\x1bb", "U+001B"),
        ("a\x85b", "U+0085"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\ufeffb", "U+FEFF"),
        ("a\u200bb", "U+200B"),
        ("a\u2028b", "U+2028"),
        ("a\u2029b", "U+2029"),
        ("a\ue000b", "U+E000"),
        ("a\ud800b", "U+D800"),
        ("a\U000e0041b", "U+E0041"),
    ],
)
def test_a_character_that_cannot_be_seen_is_refused_by_its_point(typed, point):
    expected = Problem("core.bad_character", where="text", params={"point": point})
    assert field_problems({"text": typed}, LINE) == [expected]


def test_lines_may_hold_breaks_and_tabs_but_no_other_control_character():
    assert field_problems({"text": "a\x0bb"}, LINES) == [
        Problem("core.bad_character", where="text", params={"point": "U+000B"})
    ]


@pytest.mark.parametrize("typed", ["Аozora", "Aozoгa Cloud", "Cloud Aοzora", "ΑЖ", "Ａоzora"])
def test_a_word_that_mixes_scripts_may_not_be_a_name(typed):
    assert field_problems({"text": typed}, NAME) == [Problem("core.look_alike", where="text")]


def test_a_text_that_is_no_name_may_mix_scripts():
    assert field_problems({"text": "10μm Аozora"}, LINE) == []


def test_all_problems_are_told_at_once_in_the_order_of_the_fields():
    fields = {"name": Field(5, required=True, name=True), "note": Field(3)}
    found = field_problems({"note": "abcd\x00e", "extra": ""}, fields)
    assert [(problem.code, problem.where) for problem in found] == [
        ("core.unknown_field", "extra"),
        ("core.empty", "name"),
        ("core.too_long", "note"),
        ("core.bad_character", "note"),
    ]
