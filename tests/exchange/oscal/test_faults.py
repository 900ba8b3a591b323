"""Where a fault is, and how its values are shown."""

from kansatsu.exchange.oscal.faults import Code, pointer, shown


def test_a_pointer_names_the_way_from_the_root():
    assert pointer() == ""
    assert pointer("catalog", "groups", 0, "id") == "/catalog/groups/0/id"


def test_signs_of_the_pointer_itself_are_escaped_in_names():
    assert pointer("a/b", "m~n", "") == "/a~1b/m~0n/"


def test_a_value_is_shown_in_one_line_with_its_spaces():
    assert shown(" 5.1\n\tx\r") == " 5.1\\n\\tx\\r"
    assert shown(None) == "None"


def test_a_long_value_is_cut():
    assert shown("鑑" * 80) == "鑑" * 80
    assert shown("鑑" * 81) == "鑑" * 79 + "…"
    assert len(shown("\n" * 1000)) == 80


def test_a_code_is_the_name_of_its_sentence():
    assert [code for code in Code if code.name.lower() != code.value] == []
