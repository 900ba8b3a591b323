"""`kansatsu criteria` shows the editions that ship, without any database."""

import pytest


@pytest.fixture
def nowhere(bare, tmp_path):
    """No database could be opened here, and no setting could be read."""
    bare.url = "mysql://nowhere"
    return bare


def test_the_list_names_each_edition_with_its_size(nowhere):
    done = nowhere.run("criteria", "list", "--json")

    assert done.code == 0
    assert [
        (one["edition"], one["controls"], one["incomplete"], one["synthetic"]) for one in done.json["editions"]
    ] == [
        ("ismap-2022-04", 261, True, False),
        ("ismap-2024-07", 265, True, False),
        ("ismap-2024-07-synthetic", 1311, False, True),
    ]


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("ja_JP.UTF-8", "管理基準 2022年4月版（番号のみ）"),
        ("en_GB.UTF-8", "Control criteria, April 2022 (numbers only)"),
    ],
)
def test_the_list_has_titles_in_the_language_of_the_reader(nowhere, lang, title):
    lines = nowhere.run("criteria", "list", LANG=lang).out.splitlines()
    as_json = nowhere.run("criteria", "list", "--json", LANG=lang).json

    assert len(lines) == 3
    assert lines[0].split(maxsplit=2) == ["ismap-2022-04", "261", title]
    assert as_json["editions"][0]["title"] == title


def test_an_edition_shows_all_its_controls_in_the_order_of_their_numbers(nowhere):
    numbers = [line.split()[0] for line in nowhere.run("criteria", "show", "ismap-2024-07-synthetic").out.splitlines()]

    assert len(numbers) == 1311
    assert numbers[0] == "3.1.1"
    assert numbers.index("12.6.1.2") < numbers.index("12.6.1.18.PB")


def test_one_control_is_shown_with_its_class(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2022-04", "3.1.2.1", "--json")

    assert done.code == 0
    assert done.json == {
        "edition": "ismap-2022-04",
        "controls": [
            {
                "number": "3.1.2.1",
                "part": "governance",
                "kind": "detailed",
                "mark": "",
                "requirement": "mandatory",
                "base": "ISO/IEC 27014:2013",
                "title_ja": "事業施策へのセキュリティ観点の組込み",
                "title_en": "Building security into business initiatives",
                "text_ja": "",
            }
        ],
    }


def test_one_control_is_shown_in_japanese(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2022-04", "3.1.2.1", LANG="ja_JP.UTF-8")

    assert done.out.split() == ["3.1.2.1", "事業施策へのセキュリティ観点の組込み"]


def test_an_unknown_edition_is_answered_with_the_known_ones(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2019-01", "--json")

    assert done.code == 3
    assert done.codes == ["criteria.no_such_edition"]
    assert done.json["problems"][0]["remedy"] == "Choose one of: ismap-2022-04, ismap-2024-07, ismap-2024-07-synthetic."
