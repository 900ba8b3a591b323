"""Other programs judge documents and resolve profiles as we do. They are there after `bench/oscal.py` has run once."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.exchange.oscal.conftest import RESOURCE, UUID, as_document, catalog, control, group, imported, profile

from kansatsu.exchange.oscal import documents, profiles
from kansatsu.exchange.oscal.validation import faults

REFEREES = Path(__file__).resolve().parents[3] / ".tools" / "referees"

TRESTLE_VERDICTS = """
import json, sys
from pathlib import Path
from trestle.oscal.catalog import Catalog
def is_right(path):
    try:
        return Catalog.oscal_read(Path(path)) is not None
    except Exception:
        return False
print(json.dumps([is_right(path) for path in sys.argv[1:]]))
"""
OSCAL_VERDICTS = """
import json, sys
from oscal import Catalog
def is_right(path):
    try:
        found = Catalog.load(path)
    except Exception:
        return False
    return bool(found) and bool(found.is_valid)
print(json.dumps([is_right(path) for path in sys.argv[1:]]))
"""
TRESTLE_RESOLUTIONS = """
import json, sys
from pathlib import Path
from trestle.core.catalog.catalog_interface import CatalogInterface
from trestle.core.profile_resolver import ProfileResolver
def ids(path):
    found = ProfileResolver.get_resolved_profile_catalog(Path(path).parents[2], path)
    return sorted(one.id for one in CatalogInterface(found).get_all_controls_from_dict())
print(json.dumps([ids(path) for path in sys.argv[1:]]))
"""


def asked(name, code, paths):
    """What a referee answers in an environment of its own."""
    if not (REFEREES / name / "ready").exists():
        pytest.skip(f"{name} is not set up; `python bench/oscal.py` does it: {REFEREES / name}")
    command = [REFEREES / name / "bin" / "python", "-c", code, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def base(**content):
    first = control("a-1", params=[{"id": "p-1", "label": "期間"}], parts=[{"name": "item", "id": "a-1_s"}])
    return catalog(groups=[group("g", first)], **content)


def with_metadata(**content):
    value = base()
    value["catalog"]["metadata"] |= content
    return value


GOOD = {
    "plain": base(),
    "empty": catalog(),
    "Japanese ids": catalog(controls=[control("管理策1")]),
    "back matter": base(**{"back-matter": {"resources": [{"uuid": RESOURCE, "rlinks": [{"href": "a.json"}]}]}}),
    "time zone": with_metadata(**{"last-modified": "2024-01-01T09:00:00.123+09:00"}),
    "party": with_metadata(parties=[{"uuid": UUID, "type": "organization", "email-addresses": ["a@b.example"]}]),
}
BAD = {
    "a digit first": catalog(controls=[control("5.1")]),
    "no title": catalog(controls=[{"id": "a-1"}]),
    "a stranger": base(titel="x"),
    "no uuid": {"catalog": {"metadata": base()["catalog"]["metadata"]}},
    "a bad uuid": {"catalog": {**base()["catalog"], "uuid": "1-2-3"}},
    "no time zone": with_metadata(**{"last-modified": "2024-01-01T09:00:00"}),
    "a number for a text": with_metadata(title=5),
    "a list for an object": {"catalog": []},
    "an empty list": base(controls=[]),
    "not of the list": with_metadata(parties=[{"uuid": UUID, "type": "robot"}]),
    "a bad part": catalog(controls=[control("a-1", parts=[{"name": "an item"}])]),
    "a broken line": with_metadata(version="1\n2"),
}
# Where a referee is more lenient than NIST's schema, or takes letters beyond ASCII for none, we are with the schema.
APART = {
    "trestle": {"not of the list"},
    "oscal": {"Japanese ids", "a number for a text", "a stranger", "an empty list"},
}
SOURCE = catalog(
    groups=[
        group("g1", control("a-1", control("a-1.1"), control("a-1.2")), control("a-2")),
        group("g2", control("b-1"), control("b-2", control("b-2.1"))),
    ]
)
HREF = "trestle://catalogs/one/catalog.json"
SELECTIONS = {
    "all": [imported(HREF)],
    "some": [imported(HREF, "a-1", "b-2")],
    "a parent with its child": [imported(HREF, "a-1", "a-1.2")],
    "children too": [imported(HREF, **{"include-controls": [{"with-ids": ["a-1"], "with-child-controls": "yes"}]})],
    "all but some": [imported(HREF, **{"exclude-controls": [{"with-ids": ["b-1", "a-2"]}]})],
    "two imports": [imported(HREF, "a-1"), imported(HREF, "b-1")],
    "a profile": [imported("trestle://profiles/some/profile.json", **{"exclude-controls": [{"with-ids": ["b-2"]}]})],
}


@pytest.mark.parametrize(("name", "code"), [("trestle", TRESTLE_VERDICTS), ("oscal", OSCAL_VERDICTS)])
def test_a_referee_judges_documents_as_we_do(tmp_path, name, code):
    paths = {}
    for kind, value in {**GOOD, **BAD}.items():
        paths[kind] = tmp_path / f"{kind.replace(' ', '-')}.json"
        paths[kind].write_bytes(documents.write(value, "json"))
    verdicts = dict(zip(paths, asked(name, code, paths.values()), strict=True))
    ours = {kind: not faults(documents.read(path.read_bytes())) for kind, path in paths.items()}
    assert ours == {kind: kind in GOOD for kind in paths}
    assert {kind for kind in paths if verdicts[kind] != ours[kind]} == APART[name]


def test_a_referee_resolves_profiles_to_the_same_controls(tmp_path):
    (tmp_path / ".trestle").mkdir()
    files = {"catalogs/one/catalog.json": SOURCE}
    for number, (kind, imports) in enumerate(SELECTIONS.items(), start=1):
        value = profile(*imports, merge={"as-is": True})
        value["profile"]["uuid"] = f"{number}{UUID[1:]}"
        files[f"profiles/{kind}/profile.json"] = value
    for name, value in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(documents.write(value, "json"))

    def ours(name):
        plain = json.loads(json.dumps(files[name]).replace("trestle://", "../../"))
        found = profiles.resolve(as_document(plain), location=name, load=loading)
        return sorted(one["id"] for one in profiles._controls(found["catalog"]))

    def loading(location):
        return as_document(json.loads(json.dumps(files[location]).replace("trestle://", "../../")))

    names = [name for name in files if name.startswith("profiles/")]
    theirs = asked("trestle", TRESTLE_RESOLUTIONS, [tmp_path / name for name in names])
    assert dict(zip(names, theirs, strict=True)) == {name: ours(name) for name in names}


@pytest.mark.shared
def test_a_referee_resolves_the_moderate_baseline_to_the_same_controls(tmp_path, shared):
    source = (shared / "nist-sp800-53-rev5-high-catalog.json").read_bytes()
    value = json.loads((shared / "nist-sp800-53-rev5-moderate-profile.json").read_bytes())
    (tmp_path / ".trestle").mkdir()
    for folder in ("catalogs/one", "profiles/one"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "catalogs/one/catalog.json").write_bytes(source)
    value["profile"]["imports"][0]["href"] = HREF
    (tmp_path / "profiles/one/profile.json").write_text(json.dumps(value))
    (theirs,) = asked("trestle", TRESTLE_RESOLUTIONS, [tmp_path / "profiles/one/profile.json"])
    value["profile"]["imports"][0]["href"] = "high.json"
    found = profiles.resolve(as_document(value), location="p.json", load=lambda _: documents.read(source))
    assert sorted(one["id"] for one in profiles._controls(found["catalog"])) == theirs
    assert len(theirs) == 287
