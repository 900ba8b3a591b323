"""`kansatsu oscal` checks, converts and resolves documents without any database; a file is written whole or not."""

import json
import os
import stat

import pytest

from kansatsu.exchange.oscal import documents

UUID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def nowhere(bare):
    """No database could be opened here, and Django's settings would be refused."""
    bare.url = "mysql://nowhere"
    return bare


def document(model, version="1.1.3", **content):
    metadata = {
        "title": "試験", "last-modified": "2024-02-04T23:16:00.000000-00:00", "version": "1", "oscal-version": version
    }  # fmt: skip
    return {model: {"uuid": UUID, "metadata": metadata, **content}}


def catalog(*ids):
    return document("catalog", controls=[{"id": one, "title": one} for one in ids])


@pytest.fixture
def folder(tmp_path):
    """A catalogue of two controls, and a profile that selects one."""
    (tmp_path / "catalog.json").write_text(json.dumps(catalog("a-1", "a-2")))
    select = {"href": "catalog.json", "include-controls": [{"with-ids": ["a-2"]}]}
    (tmp_path / "profile.yaml").write_bytes(documents.write(document("profile", imports=[select]), "yaml"))
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_right_document_is_valid(nowhere, folder):
    path = folder / "catalog.json"
    as_json = nowhere.run("oscal", "validate", path, "--json")
    in_words = nowhere.run("oscal", "validate", path, "--model", "catalog")

    assert (as_json.code, in_words.code) == (0, 0)
    assert as_json.json == {"file": str(path), "model": "catalog", "version": "1.1.3", "valid": True, "problems": []}
    assert (in_words.out, in_words.err) == (f"{path}: valid catalog, OSCAL 1.1.3\n", "")


def test_a_control_id_that_starts_with_a_digit_is_named_with_its_legal_form(nowhere, folder):
    path = folder / "catalog.json"
    path.write_text(json.dumps(catalog("a-1", "5.1")))
    done = nowhere.run("oscal", "validate", path, "--json")

    assert done.code == 3
    assert done.json == {
        "file": str(path),
        "model": "catalog",
        "version": "1.1.3",
        "valid": False,
        "problems": [
            {
                "code": "oscal.not_a_token",
                "control": None,
                "where": "/catalog/controls/1/id",
                "message": "“5.1” is not a token.",
                "clause": "",
                "remedy": "A token starts with a letter or “_”, followed by letters, digits, “.”, “-” and “_” only, "
                "without spaces (“c-5.1” instead of “5.1”).",
            }
        ],
    }


def test_problems_in_words_go_to_stderr_in_the_language_of_the_reader(nowhere, folder):
    done = nowhere.run("oscal", "validate", folder / "catalog.json", "--model", "profile", LANG="ja_JP.UTF-8")

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "/catalog: モデルは catalog で、求められた profile ではありません。\n  → profile の文書を指定してください。\n"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "oscal.empty"),
        (b'{"catalog": ', "oscal.not_json"),
        (b"a: 1\na: 2", "oscal.duplicate_name"),
        (b"a: &a 1\nb: *a", "oscal.alias"),
        (b'{"a":' * 5000, "oscal.too_deep"),
        (b"\xff\xfe", "oscal.not_utf8"),
        (b"catalogue: {}", "oscal.unknown_model"),
        (None, "cli.unreadable_file"),
    ],
)
def test_what_is_no_document_is_not_valid_and_says_why(nowhere, tmp_path, content, code):
    path = tmp_path / "one.yaml"
    if content is not None:
        path.write_bytes(content)
    done = nowhere.run("oscal", "validate", path, "--json")

    assert done.code == 3
    assert done.json["valid"] is False
    assert [one["code"] for one in done.json["problems"]] == [code]


@pytest.mark.parametrize("language", ["ja_JP.UTF-8", "en_GB.UTF-8"])
def test_django_is_not_started(nowhere, folder, language):
    done = nowhere.run("oscal", "validate", folder / "catalog.json", PYTHONPROFILEIMPORTTIME="1", LANG=language)
    imported = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}

    assert done.code == 0
    assert "kansatsu.exchange.oscal.validation" in imported
    assert {"django", "kansatsu.settings"} & imported == set()


def test_a_document_goes_to_yaml_and_back_unchanged(nowhere, folder):
    there, back = folder / "there.YML", folder / "back.json"
    done = nowhere.run("oscal", "convert", folder / "catalog.json", there)
    again = nowhere.run("oscal", "convert", there, back, "--json")

    assert (done.code, done.out) == (0, f"{there}: catalog, OSCAL 1.1.3\n")
    assert again.json == {"file": str(back), "model": "catalog", "version": "1.1.3", "problems": []}
    assert "\n    last-modified: 2024-02-04T23:16:00.000000-00:00\n" in there.read_text()
    assert json.loads(back.read_text()) == catalog("a-1", "a-2")
    assert names(folder) == ["back.json", "catalog.json", "profile.yaml", "there.YML"]


def test_what_is_not_valid_is_converted_all_the_same(nowhere, tmp_path):
    (tmp_path / "a.json").write_text('{"x": [1, null]}')
    done = nowhere.run("oscal", "convert", tmp_path / "a.json", tmp_path / "b.yaml")

    assert done.code == 0
    assert (tmp_path / "b.yaml").read_text() == "x:\n- 1\n- null\n"


def test_a_file_may_be_converted_in_its_own_place_and_keeps_a_link(nowhere, folder):
    (folder / "link.json").symlink_to("catalog.json")
    done = nowhere.run("oscal", "convert", folder / "catalog.json", folder / "link.json")

    assert done.code == 0
    assert (folder / "link.json").is_symlink()
    assert (folder / "catalog.json").read_text().startswith('{\n  "catalog"')


def test_a_new_file_has_the_usual_rights(nowhere, folder):
    nowhere.run("oscal", "convert", folder / "catalog.json", folder / "b.yaml")
    usual = 0o666 & ~os.umask(os.umask(0o022))

    assert stat.S_IMODE((folder / "b.yaml").stat().st_mode) & ~0o022 == usual & ~0o022


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("catalog.json", "b.txt", "oscal.unknown_suffix"),
        ("catalog.json", "b", "oscal.unknown_suffix"),
        ("missing.json", "b.json", "cli.unreadable_file"),
        ("catalog.json", "no/such/b.json", "cli.unwritable"),
        ("bad.json", "b.json", "oscal.not_json"),
        ("tag.json", "b.yaml", "oscal.tag"),
    ],
)
def test_what_cannot_be_converted_leaves_nothing_behind(nowhere, folder, source, target, code):
    (folder / "bad.json").write_text("{")
    (folder / "tag.json").write_text('{"!a": 1}')
    before = names(folder)
    done = nowhere.run("oscal", "convert", folder / source, folder / target, "--json")

    assert (done.code, done.codes) == (3, [code])
    assert names(folder) == before


def test_an_older_file_stays_when_the_new_one_cannot_be_made(nowhere, folder):
    (folder / "old.yaml").write_text("old: true\n")
    (folder / "tag.json").write_text('{"!a": 1}')
    done = nowhere.run("oscal", "convert", folder / "tag.json", folder / "old.yaml")

    assert done.code == 3
    assert (folder / "old.yaml").read_text() == "old: true\n"


def test_a_profile_is_resolved_into_a_valid_catalogue(nowhere, folder):
    out = folder / "resolved.json"
    done = nowhere.run("oscal", "resolve", folder / "profile.yaml", out)

    assert (done.code, done.out) == (0, f"{out}: catalog, OSCAL 1.1.3\n")
    assert [one["id"] for one in json.loads(out.read_text())["catalog"]["controls"]] == ["a-2"]
    assert nowhere.run("oscal", "validate", out, "--model", "catalog").code == 0


def test_the_same_profile_gives_the_same_bytes(nowhere, folder):
    for name in ("one.yaml", "two.yaml"):
        assert nowhere.run("oscal", "resolve", folder / "profile.yaml", folder / name).code == 0

    assert (folder / "one.yaml").read_bytes() == (folder / "two.yaml").read_bytes()


@pytest.mark.parametrize(
    ("imports", "code", "where"),
    [
        ([{"href": "no.json"}], "oscal.not_found", "/profile/imports/0/href"),
        ([{"href": "https://example.jp/a.json"}], "oscal.remote", "/profile/imports/0/href"),
        ([{"href": "profile.json"}], "oscal.circular", "/profile/imports/0/href"),
        (
            [{"href": "catalog.json", "include-controls": [{"with-ids": ["a-2", "a-3"]}]}],
            "oscal.unknown_control",
            "/profile/imports/0/include-controls/0/with-ids/1",
        ),
        ([{"href": "catalog.json"}, {"href": "catalog.json"}], "oscal.duplicate_id", "/catalog/controls/2/id"),
    ],
)
def test_a_profile_that_cannot_be_resolved_writes_nothing(nowhere, folder, imports, code, where):
    (folder / "profile.json").write_text(json.dumps(document("profile", imports=imports)))
    done = nowhere.run("oscal", "resolve", folder / "profile.json", folder / "out.json", "--json")

    assert done.code == 3
    assert (done.json["problems"][0]["code"], done.json["problems"][0]["where"]) == (code, where)
    assert not (folder / "out.json").exists()


def test_what_is_wrong_in_another_file_is_told_with_that_file(nowhere, folder):
    (folder / "catalog.json").write_text(json.dumps(catalog("5.1")))
    done = nowhere.run("oscal", "resolve", folder / "profile.yaml", folder / "out.json", "--json")

    assert done.codes == ["oscal.not_a_token"]
    assert done.json["problems"][0]["where"] == f"{folder / 'catalog.json'}#/catalog/controls/0/id"
