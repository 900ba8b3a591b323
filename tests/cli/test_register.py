"""`kansatsu register` prints the public list and takes over registrations from a file: all rows or none."""

import pytest

HEADER = (
    "number,service,service_en,provider,provider_en,model,regions,scope,audit_from,audit_to,entered_on,valid_until\n"
)
ROWS = (
    "C21-0001-2,かもめ基盤,Kamome Base,かもめ情報株式会社,,iaas,東日本,全機能,2024-04-01,2025-03-31,2021-03-12,\n"
    "C22-0107-2,ことり会議①,,ことりソフト株式会社,,saas,東京,,2024-10-31,2025-10-30,2022-06-01,\n"
)
AS = ("--as", "office@sample.example")


@pytest.fixture
def sheet(tmp_path):
    """Writes a file of registrations."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def adopted(installation):
    return installation.sql(
        "SELECT e.number, e.service_name, e.provider_name, e.is_adopted, CAST(s.valid_until AS TEXT)"
        " FROM register_entry e JOIN providers_standing s ON s.id = e.standing_id"
        " WHERE e.number <> 'C21-0008-2' ORDER BY e.number"
    )


def places(done):
    return [(one["code"], one["where"]) for one in done.json["problems"]]


TAKEN_OVER = [
    ("C21-0001-2", "かもめ基盤", "かもめ情報株式会社", True, "2026-07-31"),
    ("C22-0107-2", "ことり会議①", "ことりソフト株式会社", True, "2027-02-28"),
]


def test_registrations_are_taken_over_and_marked(filled, sheet):
    done = filled.run("register", "adopt", sheet(HEADER + ROWS, "utf-8-sig"), *AS, "--json")

    assert done.code == 0
    assert done.json == {"adopted": ["C21-0001-2", "C22-0107-2"], "dry_run": False, "problems": []}
    assert adopted(filled) == TAKEN_OVER


def test_a_file_in_cp932_is_read_as_well(filled, sheet):
    done = filled.run("register", "adopt", sheet(HEADER + ROWS, "cp932"), *AS)

    assert (done.code, done.out) == (0, "2 adopted\n")
    assert adopted(filled) == TAKEN_OVER


def test_a_dry_run_needs_no_database_and_writes_nothing(bare, sheet):
    done = bare.run("register", "adopt", sheet(HEADER + ROWS), "--dry-run")

    assert (done.code, done.out) == (0, "2 would be adopted\n")
    assert not bare.var.exists()
    assert not bare.url.startswith("postgresql") or bare.content() == {}


def test_a_dry_run_on_a_filled_database_writes_nothing(filled, sheet):
    before = filled.content()
    done = filled.run("register", "adopt", sheet(HEADER + ROWS), "--dry-run", "--json")

    assert done.code == 0
    assert done.json == {"adopted": ["C21-0001-2", "C22-0107-2"], "dry_run": True, "problems": []}
    assert filled.content() == before


def test_every_problem_of_every_row_is_named_by_line_and_column(bare, sheet):
    rows = (
        "C21-0001-2,かもめ基盤,,かもめ情報株式会社,,iaas,,,2024-04-01,2025-02-30,2021-03-12,\n"
        "C21-1-2,Аdmin,,,,vps,,,2025-04-01,2025-03-31,2021-03-12,\n"
        "C21-0001-2,ことり,,ことり株式会社,,saas,,,2024-04-01,2025-03-31,2021-03-12,\n"
    )
    done = bare.run("register", "adopt", sheet(HEADER + rows), "--dry-run", "--json")

    assert done.code == 3
    assert places(done) == [
        ("core.not_a_date", "2:audit_to"),
        ("core.look_alike", "3:service"),
        ("core.empty", "3:provider"),
        ("register.number_form", "3:number"),
        ("core.not_a_choice", "3:model"),
        ("statements.period_reversed", "3:audit_to"),
        ("register.number_twice", "4:number"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\x81\x00\xff\xfe", "exchange.encoding"), (HEADER.encode(), "register.no_rows")],
    ids=["no text", "a header alone"],
)
def test_a_file_that_is_no_list_is_one_problem(bare, tmp_path, content, code):
    (tmp_path / "list.csv").write_bytes(content)
    done = bare.run("register", "adopt", tmp_path / "list.csv", "--dry-run", "--json")

    assert done.code == 3
    assert places(done) == [(code, "file")]


def test_a_file_that_cannot_be_read_is_one_problem(bare, tmp_path):
    done = bare.run("register", "adopt", tmp_path / "missing.csv", "--dry-run", "--json")

    assert done.code == 3
    assert done.codes == ["cli.unreadable_file"]
    assert "No such file or directory" in done.json["problems"][0]["message"]


def test_one_row_that_is_taken_keeps_all_out(filled, sheet):
    before = filled.content()
    taken = "C21-0008-2,べつの基盤,,べつの株式会社,,iaas,,,2024-04-01,2025-03-31,2021-03-12,\n"
    done = filled.run("register", "adopt", sheet(HEADER + ROWS + taken), *AS, "--json")

    assert done.code == 3
    assert done.codes == ["register.number_taken"]
    assert filled.content() == before


def test_only_the_programme_office_adopts(filled, sheet):
    before = filled.content()
    done = filled.run("register", "adopt", sheet(HEADER + ROWS), "--as", "provider@sample.example", "--json")

    assert done.code == 4
    assert done.codes == ["accounts.not_office"]
    assert filled.content() == before


def test_adopting_into_a_database_that_nobody_set_up_is_a_wrong_state(bare, sheet):
    done = bare.run("register", "adopt", sheet(HEADER + ROWS), *AS)

    assert done.code == 5
    assert not bare.var.exists()


def test_the_public_list_as_json(filled):
    [(last_day,)] = filled.sql("SELECT CAST(valid_until AS TEXT) FROM providers_standing")
    done = filled.run("register", "list", "--json")

    assert done.code == 0
    assert done.json == {
        "entries": [
            {
                "number": "C21-0008-2",
                "service": "あおぞら基盤",
                "provider": "（見本）あおぞらクラウド株式会社",
                "valid_until": last_day,
                "state": "valid",
            }
        ]
    }


@pytest.mark.parametrize(("search", "found"), [("ａｏｚｏｒａ　東日本", 1), ("みなと", 0)])
def test_the_public_list_is_searched_in_any_width(filled, search, found):
    done = filled.run("register", "list", "--search", search)

    assert done.code == 0
    assert len(done.out.splitlines()) == found
    assert found == done.out.count("C21-0008-2   valid")
