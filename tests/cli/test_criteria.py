"""`kansatsu criteria`: what ships is shown without any database; editions come in whole or not, and go out as they are.

Where each run of the program costs a second or two, one test looks at several things.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.assurance.criteria.drafts import CLAUSES, LINES, RENUMBERED
from tests.cli.program import ON_POSTGRESQL, until

from kansatsu.assurance.criteria import differences, editions, files, rules
from kansatsu.assurance.criteria.differences import Change, Difference
from kansatsu.assurance.criteria.rules import ControlFacts, Heading, Kind, Part, Requirement
from kansatsu.core.calendar import tokyo_date

IDS = ("ismap-2022-04", "ismap-2024-07", "ismap-2024-07-synthetic", "ismap-r7-draft")
SYNTHETIC = editions.shipped("ismap-2024-07-synthetic")
AS_IT_CAME = files.FORMS.keys() - {"oscal-profile-json", "oscal-profile-yaml"}


@pytest.fixture
def nowhere(bare):
    """No database could be opened here, and no setting could be read."""
    bare.url = "mysql://nowhere"
    return bare


@pytest.fixture
def sheet(tmp_path):
    """Writes lines into a file, in one of the forms that an edition can have."""

    def write(lines=LINES, form="csv"):
        day = datetime(2025, 6, 1, tzinfo=UTC).date()
        heading = Heading("test-2026", "試験", day, "試験", rules.content_hash(lines))
        path = tmp_path / f"edition.{files.FORMS[form].suffix}"
        path.write_bytes(files.edition_file(form, heading, lines, CLAUSES))
        return path

    return write


def remaining(installation):
    """All rows but those of kept originals, which nothing needs to point to."""
    return {name: rows for name, rows in installation.content().items() if name != "core_storedfile"}


def places(done):
    return [(one["code"], one["where"]) for one in done.json["problems"]]


# --- list, show ---


def test_the_list_names_each_edition_with_its_size_its_hash_and_what_it_is(nowhere):
    done = nowhere.run("criteria", "list", "--json")

    assert done.code == 0
    found = done.json["editions"]
    assert [(one["edition"], one["controls"], one["incomplete"], one["synthetic"], one["unverified"]) for one in found
            ] == [
        ("ismap-2022-04", 261, True, False, False),
        ("ismap-2024-07", 265, True, False, False),
        ("ismap-2024-07-synthetic", 1311, False, True, False),
        ("ismap-r7-draft", len(editions.shipped("ismap-r7-draft").controls), True, False, True),
    ]  # fmt: skip
    assert {one["status"] for one in found} == {"published"}
    assert [one["hash"] for one in found] == [rules.content_hash(editions.shipped(name).controls) for name in IDS]


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

    assert len(lines) == 4
    assert lines[0].split(maxsplit=2) == ["ismap-2022-04", "261", title]
    assert as_json["editions"][0]["title"] == title


def test_an_edition_shows_all_its_controls_in_the_order_of_their_numbers(nowhere):
    numbers = [line.split()[0] for line in nowhere.run("criteria", "show", "ismap-2024-07-synthetic").out.splitlines()]

    assert len(numbers) == 1311
    assert numbers[0] == "3.1.1"
    assert numbers.index("12.6.1.2") < numbers.index("12.6.1.18.PB")


def test_one_control_is_shown_with_all_that_is_known_of_it(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2022-04", "３．１．２．１", "--json")

    assert done.code == 0
    assert done.json == {
        "edition": "ismap-2022-04",
        "hash": rules.content_hash(editions.shipped("ismap-2022-04").controls),
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
                "text_en": "",
                "earlier": [],
                "id": "det-3.1.2.1",
            }
        ],
    }


def test_one_control_is_shown_in_japanese(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2022-04", "3.1.2.1", LANG="ja_JP.UTF-8")

    assert done.out.split() == ["3.1.2.1", "事業施策へのセキュリティ観点の組込み"]


@pytest.mark.parametrize("command", [("show", "ismap-2019-01"), ("diff", "ismap-2022-04", "ismap-2019-01")])
def test_an_unknown_edition_is_answered_with_the_known_ones(nowhere, migrated, command):
    for installation in (nowhere, migrated):  # in a database the made-up edition is not, and yet it can be shown
        done = installation.run("criteria", *command, "--json")
        assert (done.code, done.codes) == (3, ["criteria.no_such_edition"])
        assert done.json["problems"][0]["remedy"] == f"Choose one of: {', '.join(IDS)}."


def test_a_control_that_the_edition_does_not_have_is_not_shown(nowhere):
    done = nowhere.run("criteria", "show", "ismap-2022-04", "99.9.9", "--json")

    assert (done.code, places(done)) == (3, [("criteria.no_such_control", "number")])


# --- diff ---


def difference_of(one):
    """A line of the account, back from JSON."""

    def value(name, given):
        types = {"part": Part, "kind": Kind, "requirement": Requirement, "earlier": tuple}
        return types.get(name, str)(given)

    changed = {name: (value(name, both["before"]), value(name, both["after"])) for name, both in one["changed"].items()}
    lines = tuple(ControlFacts(**{name: value(name, given) for name, given in line.items()}) for line in one["lines"])
    return Difference(Change(one["change"]), tuple(one["before"]), tuple(one["after"]), changed, lines)


@pytest.mark.parametrize(("older", "newer"), [("ismap-2022-04", "ismap-2024-07"), ("ismap-2024-07", "ismap-r7-draft")])
def test_the_account_of_two_editions_applied_to_the_older_gives_the_newer(nowhere, migrated, older, newer):
    done = nowhere.run("criteria", "diff", older, newer, "--json")
    a, b = (editions.shipped(name).controls for name in (older, newer))

    assert done.code == 0
    told = done.json
    assert (told["older"], told["newer"]) == (
        {"edition": older, "hash": rules.content_hash(a)},
        {"edition": newer, "hash": rules.content_hash(b)},
    )
    account = [difference_of(one) for one in told["differences"]]
    assert differences.applied(a, account) == b
    assert [one.carry for one in account] == [one["statement"] for one in told["differences"]]
    assert sum(told["counts"].values()) == len(account)
    for one in told["differences"]:
        for name, both in one["changed"].items():
            if "words" in both:
                assert "".join(text for mark, text in both["words"] if mark != "added") == both["before"], name
                assert "".join(text for mark, text in both["words"] if mark != "gone") == both["after"], name
    assert migrated.run("criteria", "diff", older, newer, "--json").json == told


def test_the_account_in_sentences_leaves_out_what_is_unchanged(nowhere):
    done = nowhere.run("criteria", "diff", "ismap-2022-04", "ismap-2024-07")

    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == ["new"] * 4
    assert done.err == "unchanged: 261, new: 4\n" or done.err == "new: 4, unchanged: 261\n"


def test_the_account_knows_the_mapping_sets_that_were_brought_in(migrated, sheet):
    lines = [replace(one, id="") for one in RENUMBERED]
    lines = [replace(one, number=f"6.1.{index}", earlier=(), id=f"new-{index}", kind=Kind.OBJECTIVE, mark="")
             for index, one in enumerate(lines, 1)]  # fmt: skip
    assert migrated.run("criteria", "import", sheet(lines), "--edition", "test-2027").code == 0
    migrated.sql(
        "INSERT INTO criteria_mappingset (id, status, version, title_ja, title_en, source_id, target_id, source_hash,"
        " target_hash, authority, is_unverified) SELECT 'test-set', 'in_use', 1, '対応', '', a.id, b.id,"
        " a.content_hash, b.content_hash, '試験', a.is_incomplete FROM criteria_edition a, criteria_edition b"
        " WHERE a.id = 'ismap-2022-04' AND b.id = 'test-2027'"
    )
    migrated.sql(
        "INSERT INTO criteria_mapping (source_number, target_number, relation, confidence, note, mapping_set_id)"
        " VALUES ('5.1.1', '6.1.1', 'superset', 'high', '', 'test-set'),"
        " ('5.1.1', '6.1.2', 'superset', 'high', '', 'test-set')"
    )
    done = migrated.run("criteria", "diff", "ismap-2022-04", "test-2027", "--json")

    assert done.json["counts"]["split"] == 1
    [split] = [one for one in done.json["differences"] if one["change"] == "split"]
    assert (split["before"], split["after"]) == (["5.1.1"], ["6.1.1", "6.1.2"])


# --- export ---


@pytest.mark.parametrize("form", sorted(AS_IT_CAME))
def test_an_exported_edition_comes_back_with_the_same_hash(nowhere, bare, tmp_path, form):
    edition_id = "ismap-2024-07-synthetic" if form in ("csv", "oscal-yaml") else "ismap-r7-draft"
    shipped, out = editions.shipped(edition_id), tmp_path / "out"
    done = nowhere.run("criteria", "export", edition_id, "--format", form, "-o", out)
    digest = rules.content_hash(shipped.controls)
    assert (done.code, done.out, done.err) == (0, "", f"{out}: {len(shipped.controls)} controls, {digest}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

    bare.url = f"sqlite:///{bare.var / 'kansatsu.sqlite3'}"
    done = bare.run("criteria", "import", out, "--edition", "test-2026", "--dry-run", "--json")
    assert done.code == 0
    assert done.json == {
        "edition": "test-2026",
        "hash": digest,
        "counts": rules.counts(shipped.controls),
        "clauses": len(editions.clause_titles(shipped.layout)),
        "skipped_sheets": [],
        "dry_run": True,
        "problems": [],
    }
    assert not (bare.var / "kansatsu.sqlite3").exists()


def test_a_file_is_written_whole_or_not_at_all(nowhere, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "old.csv")
    export = ("criteria", "export", "ismap-2022-04", "--format", "csv", "-o")
    for target in (tmp_path / "folder", tmp_path / "nowhere" / "x.csv", tmp_path / "old.csv" / "x.csv"):
        done = nowhere.run(*export, target)
        assert (done.code, done.out) == (3, "")
        assert done.err.startswith(f"{target}: This cannot be written")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder", "link.csv", "old.csv"]
    assert (tmp_path / "old.csv").read_text() == "old"

    assert nowhere.run(*export, tmp_path / "link.csv").code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "old.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,")


# --- import ---


def test_an_imported_edition_is_a_draft_that_all_commands_know(migrated, sheet, tmp_path):
    path = sheet()
    given = (
        "--title",
        "管理基準 試験版",
        "--title-en",
        "Test criteria",
        "--source",
        "手元",
        "--published-on",
        "2026-04-01",
    )
    done = migrated.run("criteria", "import", path, "--edition", "test-2026", *given,
                        "--predecessor", "ismap-2024-07", "--requirements", "r7-all", "--json")  # fmt: skip
    digest = rules.content_hash(LINES)
    assert done.code == 0
    assert done.json == {
        "edition": "test-2026",
        "hash": digest,
        "counts": {
            "total": 4,
            "governance": {"objective": 0, "detailed": 0},
            "management": {"objective": 0, "detailed": 0},
            "controls": {"objective": 2, "detailed": 2, "B": 0, "PB": 1, "P": 0},
        },
        "clauses": 1,
        "skipped_sheets": [],
        "dry_run": False,
        "problems": [],
    }
    columns = "status, title_ja, title_en, source, predecessor_id, reading, content_hash, CAST(published_on AS TEXT)"
    assert migrated.sql(f"SELECT {columns} FROM criteria_edition WHERE id = 'test-2026'") == [
        ("draft", "管理基準 試験版", "Test criteria", "手元", "ismap-2024-07", "r7-all", digest, "2026-04-01")
    ]
    assert migrated.sql("SELECT actor, act FROM core_event WHERE object_id = 'test-2026'") == [
        ("system", "criteria.import")
    ]
    assert list(migrated.files().values()) == [path.read_bytes()]

    listed = migrated.run("criteria", "list", "--json").json["editions"]
    assert [one["edition"] for one in listed] == [*IDS, "test-2026"]
    assert (listed[-1]["status"], listed[-1]["title"], listed[-1]["hash"]) == ("draft", "Test criteria", digest)
    shown = migrated.run("criteria", "show", "test-2026", "5.1.1.2.pb", "--json").json
    assert (shown["hash"], shown["controls"][0]["title_ja"]) == (digest, "Ｃｌｏｕｄの鍵")
    assert migrated.run("criteria", "diff", "test-2026", "test-2026", "--json").json["counts"] == {"unchanged": 4}
    out = tmp_path / "out.yaml"
    assert migrated.run("criteria", "export", "test-2026", "--format", "oscal-yaml", "-o", out).code == 0
    again = migrated.run("criteria", "import", out, "--edition", "test-2027", "--json")
    assert (again.code, again.json["hash"]) == (0, digest)
    assert migrated.run("events", "verify").code == 0


def test_an_edition_of_which_nothing_was_said_bears_its_id_and_todays_date(migrated, sheet):
    before = tokyo_date(datetime.now(UTC))
    done = migrated.run("criteria", "import", sheet(), "--edition", "test-2026")
    after = tokyo_date(datetime.now(UTC))

    assert (done.code, done.err) == (0, "")
    assert done.out == f"test-2026: 4 controls imported, {rules.content_hash(LINES)}\n"
    [(title, source, day)] = migrated.sql(
        "SELECT title_ja, source, CAST(published_on AS TEXT) FROM criteria_edition WHERE id = 'test-2026'"
    )
    assert (title, source) == ("test-2026", "edition.csv")
    assert day in (before.isoformat(), after.isoformat())


def test_a_refused_import_writes_nothing(filled, sheet):
    before, kept = remaining(filled), filled.files()
    path = sheet()
    office = ("--as", "office@sample.example")
    refusals = [
        (("--edition", "ismap-2022-04"), 6, [("criteria.id_taken", "edition")]),
        (("--edition", "ismap-2024-07-synthetic"), 6, [("criteria.id_taken", "edition")]),
        (("--edition", "Test 2026", "--title", ""), 3, [("criteria.bad_id", "edition")]),
        (("--edition", "test-2026", "--predecessor", "test-1999"), 3, [("criteria.no_such_edition", "predecessor")]),
        (("--edition", "test-2026", "--requirements", "1999"), 3, [("criteria.unknown_value", "--requirements")]),
        (("--edition", "test-2026", "--as", "provider@sample.example"), 4, [("accounts.not_office", "")]),
    ]  # fmt: skip
    for options, code, expected in refusals:
        done = filled.run("criteria", "import", path, *office, *options, "--json")
        assert (done.code, places(done)) == (code, expected)
        assert done.json.get("hash") is None
    assert remaining(filled) == before

    files_before = filled.files()
    done = filled.run("criteria", "import", path, "--edition", "test-2026", "--as", "nobody@sample.example", "--json")
    assert (done.code, places(done)) == (3, [("core.not_found", "--as")])
    assert (remaining(filled), filled.files()) == (before, files_before)
    assert set(kept) <= set(files_before)


def test_the_office_imports_in_its_own_name(filled, sheet):
    done = filled.run("criteria", "import", sheet(), "--edition", "test-2026", "--as", "OFFICE@sample.example")

    assert done.code == 0
    [(actor, person)] = filled.sql("SELECT actor, person_id FROM core_event WHERE object_id = 'test-2026'")
    assert actor.startswith("事務 はじめ") and person is not None


def test_a_refused_import_leaves_no_original_behind(filled, sheet):
    before, kept = filled.content(), filled.files()
    done = filled.run("criteria", "import", sheet(), "--edition", "test-2026", "--as", "provider@sample.example")

    assert done.code == 4
    assert done.err.endswith("nothing was written.\n")
    assert (filled.content(), filled.files()) == (before, kept)


def test_a_dry_run_writes_nothing_and_says_what_it_would(migrated, sheet):
    before = migrated.content()
    done = migrated.run("criteria", "import", sheet(), "--edition", "test-2026", "--dry-run")

    assert (done.code, done.err) == (0, "")
    assert done.out == f"test-2026: 4 controls would be imported, {rules.content_hash(LINES)}\n"
    assert (migrated.content(), migrated.files()) == (before, {})


def test_an_import_needs_a_database_and_a_dry_run_does_not(bare, sheet):
    assert bare.run("criteria", "import", sheet(), "--edition", "test-2026", "--dry-run").code == 0
    done = bare.run("criteria", "import", sheet(), "--edition", "test-2026", "--json")
    assert (done.code, done.codes) == (5, ["cli.pending_migrations" if ON_POSTGRESQL else "cli.no_database"])
    assert bare.files() == {}


def test_a_command_that_is_not_well_formed_is_a_matter_of_usage(nowhere, sheet):
    for command in (
        ("import", sheet()),
        ("import", "--edition", "x"),
        ("import", sheet(), "--edition", "x", "--published-on", "2026-13-01"),
        ("export", "ismap-2022-04", "--format", "pdf", "-o", "x"),
        ("import", sheet(), "--edition", "x"),  # the settings name no database that there is
    ):
        done = nowhere.run("criteria", *command)
        assert (done.code, done.out) == (2, "")


def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(bare, sheet, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.csv").touch()
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "large.csv").write_bytes(b"number\n" + b"\n" * 2**20)
    (tmp_path / "broken.json").write_text('{"catalog": {')
    profile = sheet(form="oscal-profile-json")
    for path, expected in (
        (tmp_path / "nowhere.csv", [("cli.unreadable_file", "FILE")]),
        (tmp_path / "folder", [("cli.unreadable_file", "FILE")]),
        ("/dev/zero", [("exchange.too_large", "FILE")]),
        (tmp_path / "large.csv", [("exchange.too_large", "FILE")]),
        (tmp_path / "empty.csv", [("exchange.not_a_table", "file")]),
        (tmp_path / "broken.json", [("oscal.not_json", "")]),
        (profile, [("oscal.other_model", "/profile")]),
    ):
        done = bare.run("criteria", "import", path, "--edition", "test-2026", "--json", KANSATSU_IMPORT_MIB="1")
        assert (done.code, places(done)) == (3, expected), path
        assert done.json.get("hash") is None
    done = bare.run("criteria", "import", tmp_path / "noise", "--edition", "test-2026", "--json")
    assert done.code == 3
    done = bare.run("criteria", "import", profile, "--edition", "test-2026")
    assert (done.code, done.out) == (3, "")
    assert done.err.endswith("test-2026: 1 problems, nothing was written.\n")


def test_each_problem_of_a_table_says_in_which_cell(bare, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "number,kind,title_ja\n5.1.1,objective,方針\n5.1.2.1,detailed,細目\n5.1.1,objective,再び\n六,objective,字\n"
    )
    done = bare.run("criteria", "import", path, "--edition", "test-2026", "--json")

    assert done.code == 3
    assert sorted(places(done)) == [
        ("criteria.bad_number", "A5"), ("criteria.duplicate_number", "A4"), ("criteria.no_objective", "A3"),
    ]  # fmt: skip
    assert {one["control"] for one in done.json["problems"]} == {None, "5.1.1", "5.1.2.1"}
    assert done.json["hash"] is None


def test_a_map_names_the_columns_of_an_unusual_table(bare, tmp_path):
    table, map_ = tmp_path / "table.csv", tmp_path / "map.toml"
    table.write_text("甲,乙,丙\n方針,イ,5.1.1\n細目,ロ,5.1.1.1\n")
    map_.write_text(
        '[columns]\nnumber = "丙"\nkind = "B"\ntitle_ja = "甲"\n[kinds]\nobjective = ["イ"]\ndetailed = ["ロ"]\n'
    )
    load = ("criteria", "import", table, "--edition", "test-2026", "--dry-run", "--json", "--map")
    done = bare.run(*load, map_)
    assert (done.code, done.json["counts"]["controls"]["objective"], done.json["counts"]["total"]) == (0, 1, 2)

    for content, expected in (
        (b"columns = 1", [("criteria.bad_map", "map")]),
        (b"\xff\xfe", [("exchange.encoding", "--map")]),
    ):
        map_.write_bytes(content)
        done = bare.run(*load, map_)
        assert (done.code, places(done)) == (3, expected)
    done = bare.run(*load, tmp_path / "nowhere.toml")
    assert (done.code, places(done)) == (3, [("cli.unreadable_file", "--map")])


def test_an_import_that_is_killed_leaves_nothing_half_written(migrated, sheet):
    path, lines = sheet(SYNTHETIC.controls), len(SYNTHETIC.controls)
    for index, pause in enumerate((0, 0.1)):
        with migrated.running("criteria", "import", path, "--edition", f"test-{index}") as process:
            until(lambda: any("/" in name for name in migrated.files()) or process.poll() is not None)
            time.sleep(pause)
        [(whole,)] = migrated.sql(f"SELECT count(*) FROM criteria_edition WHERE id = 'test-{index}'")
        [(written,)] = migrated.sql(f"SELECT count(*) FROM criteria_control WHERE edition_id = 'test-{index}'")
        assert written == whole * lines
        for stored in migrated.files():
            (migrated.var / "files" / stored).unlink()
    done = migrated.run("criteria", "import", path, "--edition", "test-2026", "--json")
    assert (done.code, done.json["problems"]) == (0, [])
    assert migrated.sql("SELECT count(*) FROM criteria_control WHERE edition_id = 'test-2026'") == [(lines,)]
    assert migrated.run("events", "verify").code == 0
