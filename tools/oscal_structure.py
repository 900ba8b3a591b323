"""Derives the structural forms that ship with Kansatsu from NIST's complete JSON schemas of OSCAL.

    python tools/oscal_structure.py oscal-1.1.3-complete.schema.json oscal-1.2.1-complete.schema.json

Of a schema only what decides whether a document is right is kept; titles, descriptions and examples are left out.
Five amendments put back what NIST's generator lost in 1.2.1 where it turned a choice into branches: the identifying
property is required again, as in 1.1.3 and in the model itself, and `combine` has its `method`.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

STRUCTURE = Path(__file__).resolve().parents[1] / "src" / "kansatsu" / "exchange" / "oscal" / "structure"
SINGLE = {
    "$ref", "type", "pattern", "format", "contentEncoding", "enum", "const", "required", "minimum", "maximum",
    "minItems", "maxItems", "minLength", "maxLength", "uniqueItems",
}  # fmt: skip
INNER = {"items", "additionalProperties", "not", "if", "then", "else"}
LISTS = {"anyOf", "oneOf", "allOf"}
NAMED = {"properties", "definitions", "patternProperties"}

REQUIRED_AGAIN: dict[str, dict[tuple[str, ...], list[str]]] = {
    "1.2": {
        ("oscal-complete-oscal-control-common:parameter",): ["id"],
        ("oscal-complete-oscal-metadata:metadata", "properties", "parties", "items"): ["uuid", "type"],
        ("oscal-complete-oscal-profile:import",): ["href"],
        ("oscal-complete-oscal-profile:modify", "properties", "set-parameters", "items"): ["param-id"],
    }
}
METHOD = {"allOf": [{"$ref": "#/definitions/StringDatatype"}, {"enum": ["use-first", "merge", "keep"]}]}
MERGE = "oscal-complete-oscal-profile:merge"


def kept(schema: Any) -> Any:
    """A schema without what decides nothing.

    :raises ValueError: it has a keyword that this script does not know; nothing is dropped unseen.
    """
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for name, value in schema.items():
        if name in SINGLE:
            found[name] = value
        elif name in INNER:
            found[name] = kept(value)
        elif name in LISTS:
            found[name] = [kept(one) for one in value]
        elif name in NAMED:
            found[name] = {key: kept(one) for key, one in value.items()}
        elif name not in {"$schema", "$id", "$comment", "title", "description", "examples"}:
            raise ValueError(f"unknown keyword {name}")
    return found


def amended(schema: dict[str, Any], edition: str) -> list[str]:
    """Put back what the edition's schema lost, in place; returns what was done, in words."""
    done = []
    for (name, *path), required in REQUIRED_AGAIN.get(edition, {}).items():
        place = schema["definitions"][name]
        for step in path:
            place = place[step]
        place["required"] = required
        done.append(f"{'/'.join((name, *path))}: {', '.join(required)} required")
    if edition == "1.2":
        for branch in schema["definitions"][MERGE]["anyOf"]:
            branch["properties"]["combine"]["properties"] = {"method": METHOD}
        done.append(f"{MERGE}: combine has method")
    return done


def derived(content: bytes) -> tuple[str, str]:
    """The edition (`1.1`) and the text of the structural form of one complete schema."""
    original = json.loads(content)
    version = original["$id"].rstrip("/").split("/")[-2]
    edition = ".".join(version.split(".")[:2])
    schema = {"$schema": original["$schema"], **kept(original)}
    amendments = amended(schema, edition)
    origin = {"id": original["$id"], "version": version, "sha256": hashlib.sha256(content).hexdigest()}
    form = {"origin": origin, "amendments": amendments, "schema": schema}
    return edition, json.dumps(form, indent=1, ensure_ascii=False) + "\n"


def main(paths: list[str]) -> None:
    """Write one structural form for each schema."""
    for path in paths:
        edition, text = derived(Path(path).read_bytes())
        (STRUCTURE / f"oscal-{edition}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
