"""The structural forms of OSCAL documents, by edition and model; derived from NIST's schemas and compiled once.

Of formats, `uri` and `uri-reference` (RFC 3986) and `date-time` (RFC 3339) are checked. `email` is not, beyond its
pattern: OSCAL allows addresses in any script (RFC 6531), which the engine's check does not.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

EDITIONS = ("1.1", "1.2")
_FOLDER = Path(__file__).parent / "structure"
_VERSION = re.compile(r"1\.([012])\.\d+(?:-\S+)?")


def edition_for(version: str) -> tuple[str, bool]:
    """The edition whose form a document of this ``oscal-version`` has, and whether the version is known at all.

    1.0 has the form of 1.1, which only adds to it. Of an unknown version the nearest edition is taken.
    """
    known = _VERSION.fullmatch(version)
    if known:
        return ("1.2" if known[1] == "2" else "1.1"), True
    numbers = re.match(r"(\d+)(?:\.(\d+))?", version)
    is_later = numbers is not None and (int(numbers[1]), int(numbers[2] or 0)) >= (1, 2)
    return ("1.2" if is_later else "1.1"), False


@cache
def structure(edition: str) -> dict[str, Any]:
    """The structural form of an edition: ``origin``, ``amendments`` and ``schema``."""
    found: dict[str, Any] = json.loads((_FOLDER / f"oscal-{edition}.json").read_text(encoding="utf-8"))
    return found


@cache
def models(edition: str) -> tuple[str, ...]:
    """The names of the models that an edition knows."""
    return tuple(branch["required"][0] for branch in structure(edition)["schema"]["oneOf"])


@cache
def form(edition: str, model: str) -> dict[str, Any]:
    """The schema of a whole document of one model."""
    schema = structure(edition)["schema"]
    branch = schema["oneOf"][models(edition).index(model)]
    return {"$schema": schema["$schema"], "type": "object", "definitions": schema["definitions"], **branch}


@cache
def validator(edition: str, model: str) -> jsonschema_rs.Validator:
    """The compiled schema of a whole document of one model."""
    return compiled(form(edition, model))


def compiled(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    """A schema ready to check with, formats as said above."""
    return jsonschema_rs.validator_for(
        schema, formats={"email": lambda _: True}, pattern_options=jsonschema_rs.RegexOptions()
    )
