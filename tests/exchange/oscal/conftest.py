"""Small documents of OSCAL, written by code."""

import json
from pathlib import Path

import pytest

from kansatsu.exchange.oscal import documents

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
UUID = "11111111-1111-4111-8111-111111111111"
RESOURCE = "22222222-2222-4222-8222-222222222222"


def metadata(version="1.1.3"):
    return {
        "title": "試験",
        "last-modified": "2024-02-04T23:16:00.000000-00:00",
        "version": "1",
        "oscal-version": version,
    }


def catalog(version="1.1.3", **content):
    return {"catalog": {"uuid": UUID, "metadata": metadata(version), **content}}


def control(name, *children, **content):
    inner = {"controls": list(children)} if children else {}
    return {"id": name, "title": f"管理策 {name}", **content, **inner}


def group(name, *controls, **content):
    return {"id": name, "title": f"群 {name}", "controls": list(controls), **content}


def imported(href="catalog.json", *ids, **content):
    chosen = {"include-controls": [{"with-ids": list(ids)}]} if ids else {}
    if not ids and not {"include-all", "include-controls"} & set(content):
        chosen = {"include-all": {}}
    return {"href": href, **chosen, **content}


def profile(*imports, version="1.1.3", **content):
    return {"profile": {"uuid": UUID, "metadata": metadata(version), "imports": list(imports), **content}}


def as_document(value):
    return documents.read(json.dumps(value, ensure_ascii=False).encode())


@pytest.fixture
def shared():
    """The folder with NIST's files, which may be absent."""
    if not SHARED.exists():
        pytest.skip(f"the folder with NIST's files is not beside the checkout: {SHARED}")
    return SHARED
