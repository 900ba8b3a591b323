"""What stands beside the controls: example frequencies, and the areas to treat with special care."""

import pytest

from kansatsu.assurance.criteria import editions, guidance, rules


def test_every_kind_of_what_is_audited_has_an_example_frequency_in_both_languages():
    rows = guidance.frequencies()
    assert len(rows) == 5
    for row in rows:
        assert set(row) == {"target_ja", "target_en", "frequency_ja", "frequency_en"}
        assert all(row.values())
    assert rows[0]["target_en"] == "Regulations"
    assert rows[0]["frequency_en"] == "at least once a year"


def test_the_frequencies_name_their_clause():
    assert guidance.frequency_clause() == "管理基準 別表8"


@pytest.mark.parametrize(
    ("number", "layout", "area"),
    [
        ("9.1.1", "2013", "Access management"),
        ("9.5.2.1.PB", "2013", "Access management"),
        ("12.1.2", "2013", "Development and change"),
        ("14.2.1.3", "2013", "Development and change"),
        ("15.1.1", "2013", "Outsourcing of these"),
        ("5.15", "2022", "Access management"),
        ("8.32", "2022", "Development and change"),
        ("5.23", "2022", "Outsourcing of these"),
        ("8.2.1", "2022", "Access management"),
    ],
)
def test_a_control_belongs_to_the_critical_area_of_its_clause(number, layout, area):
    assert guidance.area_of(number, layout).title_en == area


@pytest.mark.parametrize(
    ("number", "layout"),
    [
        ("3.1.1", "2013"),
        ("4.4.1", "2013"),
        ("5.1.1", "2013"),
        ("6.3.1.P", "2013"),
        ("12.1.4.1", "2022"),
        ("5.1", "2022"),
        ("8.1", "2022"),
        ("5.2", "2022"),
        ("9.1", "2022"),
    ],
)
def test_a_control_of_no_critical_area_has_none(number, layout):
    assert guidance.area_of(number, layout) is None


def test_a_clause_is_no_beginning_of_digits():
    assert guidance.area_of("8.21", "2022").title_en.startswith("System operation")
    assert guidance.area_of("8.2", "2022").title_en == "Access management"


def test_an_area_says_in_both_languages_what_it_is_and_that_it_is_our_reading():
    area = guidance.area_of("9.1.1", "2013")
    assert (area.title_ja, area.title_en, area.clause) == ("アクセス管理", "Access management", "管理基準 附属1")
    assert area.unverified
    assert "our reading" in area.source


@pytest.mark.parametrize("edition_id", editions.shipped_ids())
def test_only_controls_of_the_controls_part_belong_to_a_critical_area_and_every_area_has_some(edition_id):
    shipped = editions.shipped(edition_id)
    found = {}
    for one in shipped.controls:
        if area := guidance.area_of(one.number, shipped.layout):
            found.setdefault(area.title_en, set()).add(one.part)
    assert found.keys() == {row["title_en"] for row in guidance._table()["areas"]["row"]}
    assert set().union(*found.values()) == {rules.Part.CONTROLS}


@pytest.mark.parametrize(("edition_id", "layout"), [("ismap-2022-04", "2013"), ("ismap-r7-draft", "2022")])
def test_every_clause_of_an_area_has_controls(edition_id, layout):
    numbers = [rules.digits(one.number) for one in editions.shipped(edition_id).controls]
    for row in guidance._table()["areas"]["row"]:
        for clause in row[layout]:
            stem = tuple(map(int, clause.split(".")))
            assert any(parts[: len(stem)] == stem for parts in numbers), clause
