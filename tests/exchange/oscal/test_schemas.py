"""The structural forms that ship: which edition a document has, and that they are what NIST's schemas say."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kansatsu.exchange.oscal import schemas, validation

ROOT = Path(__file__).resolve().parents[3]


def datatypes(edition):
    return schemas.structure(edition)["schema"]["definitions"]


@pytest.mark.parametrize(
    ("version", "edition", "is_known"),
    [
        ("1.0.0", "1.1", True),
        ("1.0.0-rc2", "1.1", True),
        ("1.1.2", "1.1", True),
        ("1.1.3", "1.1", True),
        ("1.2.0", "1.2", True),
        ("1.2.10", "1.2", True),
        ("1.3.0", "1.2", False),
        ("2.0.0", "1.2", False),
        ("1.2", "1.2", False),
        ("1.1", "1.1", False),
        ("0.9.0", "1.1", False),
        ("next", "1.1", False),
        ("", "1.1", False),
    ],
)
def test_the_edition_is_chosen_by_the_version(version, edition, is_known):
    assert schemas.edition_for(version) == (edition, is_known)


def test_each_edition_knows_its_models():
    older = (
        "catalog", "profile", "component-definition", "system-security-plan", "assessment-plan", "assessment-results",
        "plan-of-action-and-milestones",
    )  # fmt: skip
    assert schemas.models("1.1") == older
    assert set(schemas.models("1.2")) == {*older, "mapping-collection"}


@pytest.mark.parametrize("edition", schemas.EDITIONS)
def test_every_model_compiles(edition):
    for model in schemas.models(edition):
        assert not schemas.validator(edition, model).is_valid({model: {}})


def test_a_form_is_compiled_once():
    assert schemas.validator("1.1", "catalog") is schemas.validator("1.1", "catalog")


@pytest.mark.parametrize("edition", schemas.EDITIONS)
def test_a_form_says_where_it_comes_from(edition):
    origin = schemas.structure(edition)["origin"]
    assert origin["version"].startswith(edition)
    assert origin["id"].startswith("http://csrc.nist.gov/ns/oscal/")
    assert re.fullmatch("[0-9a-f]{64}", origin["sha256"])


@pytest.mark.parametrize("edition", schemas.EDITIONS)
def test_no_text_of_the_schemas_ships(edition):
    text = json.dumps(schemas.structure(edition)["schema"])
    assert not re.search(r'"(description|\$comment)": "', text)


@pytest.mark.parametrize("edition", schemas.EDITIONS)
def test_every_form_of_text_has_a_sentence_of_its_own(edition):
    with_form = {
        name
        for name, one in datatypes(edition).items()
        if re.search('"(pattern|format)": "', json.dumps(one)) and one.get("type", "string") == "string"
    }
    assert with_form - set(validation._BY_DATATYPE) == set()


def test_what_the_published_schema_lost_is_back():
    assert schemas.structure("1.1")["amendments"] == []
    assert len(schemas.structure("1.2")["amendments"]) == 5


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("TokenDatatype", ["ac-1", "_x", "管理策5.1", "a５"], ["5.1", "a b", "", "-a", "a/b"]),
        ("UUIDDatatype", ["f4faee53-d96f-4fdb-b491-4a1a79066b9b"], ["f4faee53-d96f-1fdb-b491-4a1a79066b9b", "x"]),
        (
            "DateTimeWithTimezoneDatatype",
            ["2024-02-29T23:16:00.000000-00:00", "2024-01-01T00:00:00Z", "2024-01-01T09:00:00+09:00"],
            ["2023-02-29T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01", "2024-01-01 00:00:00Z"],
        ),
        ("StringDatatype", ["a", "a b"], ["", " a", "a ", "a\nb", "　a"]),
        ("URIDatatype", ["https://例え.jp/".replace("例え", "xn--r8jz45g"), "urn:a:b"], ["x", "https://a b", "https://例え.jp/"]),
        ("URIReferenceDatatype", ["", "#a", "../a.json", "a%20b"], ["a b", "鑑札.json", "a\\b"]),
        ("EmailAddressDatatype", ["a@b.example", "田中@例え.jp"], ["a", "@"]),
        ("Base64Datatype", ["YQ=="], ["YQ=", "#"]),
        ("DateDatatype", ["2024-02-29"], ["2023-02-29", "2024-1-1"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("edition", schemas.EDITIONS)
def test_a_form_of_text_accepts_the_good_and_refuses_the_bad(edition, datatype, good, bad):
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": f"#/definitions/{datatype}"}
    check = schemas.compiled({**schema, "definitions": datatypes(edition)})
    assert [one for one in good if not check.is_valid(one)] == []
    assert [one for one in bad if check.is_valid(one)] == []


@pytest.mark.shared
def test_the_shipped_forms_are_what_the_script_derives(shared, tmp_path):
    paths = sorted(map(str, (shared / "oscal-schemas").glob("*.schema.json")))
    script = ROOT / "tools" / "oscal_structure.py"
    code = (
        "import runpy, sys, pathlib; one = runpy.run_path(sys.argv[1]);"
        "[print(*one['derived'](pathlib.Path(p).read_bytes()), sep='\\n', end='\\0') for p in sys.argv[2:]]"
    )
    done = subprocess.run([sys.executable, "-c", code, script, *paths], capture_output=True, text=True, check=True)
    derived = dict(part.split("\n", 1) for part in done.stdout.split("\0") if part)
    assert derived == {
        edition: (schemas._FOLDER / f"oscal-{edition}.json").read_text(encoding="utf-8") for edition in schemas.EDITIONS
    }
