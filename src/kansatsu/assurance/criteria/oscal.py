"""Editions ⇄ OSCAL catalogues, basic statement requirements → profiles, mapping sets ⇄ mapping collections.

What OSCAL has no field for stands in properties of a namespace of ours, so that an edition comes back as it went out.
Ids and UUIDs follow from the content: the same content gives the same document.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import ControlFacts, Heading, Kind, Part, Requirement, Taken, is_number, written
from kansatsu.core.problems import Problem
from kansatsu.core.text import clean
from kansatsu.exchange.oscal.faults import Fault

NAMESPACE = "urn:kansatsu:criteria"
_NIST = "http://csrc.nist.gov/ns/oscal"
_BEFORE_NUMBER = re.compile(r"\A\D+")
VERSION = "1.1.3"
MAPPING_VERSION = "1.2.1"
_RELATIONSHIPS = {
    Relation.EQUAL: "equal-to",
    Relation.SUBSET: "subset-of",
    Relation.SUPERSET: "superset-of",
    Relation.INTERSECTS: "intersects-with",
    Relation.NONE: "no-relationship",
}
_RELATIONS = {name: relation for relation, name in _RELATIONSHIPS.items()} | {"equivalent-to": Relation.EQUAL}
_PART_TITLES = {
    Part.GOVERNANCE: "ガバナンス基準",
    Part.MANAGEMENT: "マネジメント基準",
    Part.CONTROLS: "管理策基準",
}


def _uuid(*names: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, ":".join((NAMESPACE, *names))))


def _prop(name: str, value: str, **more: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": value, **more}


def _metadata(heading: Heading, version: str) -> dict[str, Any]:
    return {
        "title": heading.title,
        "last-modified": f"{heading.day.isoformat()}T00:00:00+09:00",
        "version": heading.id,
        "oscal-version": version,
        "props": [_prop("content-hash", heading.content_hash)],
        **({"remarks": heading.source} if heading.source else {}),
    }


def catalogue(
    heading: Heading, controls: Sequence[ControlFacts], clauses: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """An edition as a catalogue: part → chapter → clause → objective → detailed controls.

    :param clauses: titles of chapters and clauses: number → Japanese, English.
    """
    ordered = rules.ordered(controls)
    parents = rules.parents(one.number for one in ordered)
    details: dict[str, list[ControlFacts]] = {}
    for one in ordered:
        if one.number in parents:
            details.setdefault(parents[one.number], []).append(one)
    groups = []
    for part in Part:
        tops = [one for one in ordered if one.part == part and one.number not in parents]
        if tops:
            title = {"id": part.value, "class": "part", "title": _PART_TITLES[part]}
            groups.append({**title, "groups": _groups(part, tops, details, clauses, depth=1)})
    return {
        "catalog": {
            "uuid": _uuid(heading.id, heading.content_hash, heading.title, heading.day.isoformat()),
            "metadata": _metadata(heading, VERSION),
            "groups": groups,
        }
    }


def _groups(
    part: Part,
    tops: Sequence[ControlFacts],
    details: Mapping[str, Sequence[ControlFacts]],
    clauses: Mapping[str, Sequence[str]],
    depth: int,
) -> list[dict[str, Any]]:
    """Groups by the first `depth` parts of the number, down to the clause above the objectives.

    OSCAL has groups or controls in a group, never both: where some lie deeper, all get a group of their own.
    """
    stems: dict[tuple[int, ...], list[ControlFacts]] = {}
    for one in tops:
        stems.setdefault(rules.digits(one.number)[:depth], []).append(one)
    found = []
    for stem, members in stems.items():
        number = ".".join(map(str, stem))
        title_ja, title_en = (*clauses.get(number, ("", "")),)
        group: dict[str, Any] = {"id": f"{part}-{number}", "class": "chapter" if depth == 1 else "clause"}
        group["title"] = title_ja or number
        group["props"] = [{"name": "label", "value": number}]
        if title_en:
            group["props"].append(_prop("title-en", title_en))
        if any(len(rules.digits(one.number)) > depth + 1 for one in members):
            group["groups"] = _groups(part, members, details, clauses, depth + 1)
        else:
            group["controls"] = [_control(one, details) for one in members]
        found.append(group)
    return found


def _control(one: ControlFacts, details: Mapping[str, Sequence[ControlFacts]]) -> dict[str, Any]:
    props = [
        {"name": "label", "value": one.number},
        {"name": "sort-id", "value": rules.sort_key(one.number)},
        _prop("part", one.part),
        _prop("requirement", one.requirement),
    ]
    named = (("mark", one.mark), ("base", one.base), ("title-en", one.title_en))
    props += [_prop(name, value) for name, value in named if value]
    props += [_prop("earlier-number", number) for number in one.earlier]
    control: dict[str, Any] = {"id": one.id, "class": one.kind.value, "title": one.title_ja or one.number}
    control["props"] = props
    texts = (("ja", one.text_ja), ("en", one.text_en))
    if parts := [
        {"id": f"{one.id}_{tongue}", "name": "statement", "class": tongue, "prose": text}
        for tongue, text in texts
        if text
    ]:
        control["parts"] = parts
    if below := details.get(one.number):
        control["controls"] = [_control(detail, details) for detail in below]
    return control


def take(catalog: Mapping[str, Any], classes: Sequence[Mapping[str, str]]) -> Taken:
    """The edition that a (valid) catalogue holds.

    The number is the control's label, or the end of its id where there is none; kind and part are what class and
    properties say, or follow from the number and from where the control stands.

    :param classes: basic statement requirements for the controls that do not say theirs.
    """
    controls: list[ControlFacts] = []
    first_at: dict[str, str] = {}
    last_at: dict[str, str] = {}
    clauses: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for pointer, node in _nodes(catalog, "/catalog"):
        props = _props(node)
        number = written(props.get("label", "") or _BEFORE_NUMBER.sub("", str(node.get("id", ""))))
        title = str(node["title"]).strip()
        title = "" if title == number else title
        if "/controls/" not in pointer:
            titles = (title, props.get("title-en", ""))
            if (clause := rules.clause_number(number)) and any(titles):
                clauses[clause] = titles
            continue
        if not is_number(number):
            named = props.get("label", "") or str(node.get("id", ""))
            problems.append(Problem("criteria.bad_number", where=pointer, params={"value": named[:40]}))
            continue
        try:
            is_nested = pointer.count("/controls/") > 1
            controls.append(_facts(node, number, title, props, classes, is_nested=is_nested))
        except ValueError as error:
            problems.append(Problem("criteria.bad_property", where=pointer, params={"reason": str(error)[:200]}))
        first_at.setdefault(number, pointer)
        last_at[number] = pointer
    if controls or not problems:
        for one in rules.edition_problems(controls):
            places = last_at if one.code == "criteria.duplicate_number" else first_at
            problems.append(replace(one, where=places.get(one.control or "", one.where)))
    return Taken(rules.ordered(controls), clauses, problems)


def _nodes(holder: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in ("groups", "controls"):
        for index, node in enumerate(holder.get(name, ())):
            place = f"{pointer}/{name}/{index}"
            yield place, node
            yield from _nodes(node, place)


def _props(node: Mapping[str, Any]) -> dict[str, str]:
    """Property → its first value; ours, and OSCAL's own label."""
    found: dict[str, str] = {}
    for one in node.get("props", ()):
        if one.get("ns") == NAMESPACE or (one["name"] == "label" and one.get("ns", _NIST) == _NIST):
            found.setdefault(one["name"], one["value"])
    return found


def _facts(
    node: Mapping[str, Any],
    number: str,
    title: str,
    props: Mapping[str, str],
    classes: Sequence[Mapping[str, str]],
    *,
    is_nested: bool,
) -> ControlFacts:
    parts = rules.digits(number)
    part = Part(props["part"]) if "part" in props else rules.part_of(parts)
    named = str(node.get("class", ""))
    by_number = Kind.DETAILED if is_nested or len(parts) == 4 else Kind.OBJECTIVE
    kind = Kind(named) if named in set(Kind) else by_number
    mark = rules.mark_of(number)
    if props.get("mark", mark) != mark:
        raise ValueError(f"mark {props['mark']!r} of {number}")
    earlier = tuple(
        one["value"] for one in node.get("props", ()) if (one.get("ns"), one["name"]) == (NAMESPACE, "earlier-number")
    )
    for one in earlier:
        rules.digits(one)
    given = props.get("requirement")
    texts = {"ja": "", "en": ""}
    for one in node.get("parts", ()):
        if one.get("name") == "statement":
            tongue = "en" if one.get("class") == "en" else "ja"
            texts[tongue] = "\n".join(filter(None, (texts[tongue], _prose(one))))
    return ControlFacts(
        number=number,
        part=part,
        kind=kind,
        mark=mark,
        requirement=Requirement(given) if given else rules.requirement_of(part, kind, mark, classes),
        base=props.get("base", ""),
        title_ja=title,
        title_en=props.get("title-en", ""),
        text_ja=texts["ja"],
        text_en=texts["en"],
        earlier=earlier,
        id=str(node["id"]),
    )


def _prose(part: Mapping[str, Any]) -> str:
    """A part's text with that of the parts within it, each on its own line behind its label."""
    lines = [clean(str(part.get("prose", "")))]
    for one in part.get("parts", ()):
        lines.append(" ".join(filter(None, (_props(one).get("label", ""), _prose(one)))))
    return "\n".join(filter(None, lines))


def profile(heading: Heading, controls: Iterable[ControlFacts], href: str) -> dict[str, Any]:
    """The basic statement requirements of an edition as a profile: all that a statement cannot freely leave out.

    :param href: where the edition's catalogue stands.
    """
    needed = [one for one in rules.ordered(controls) if one.requirement != Requirement.SELECTABLE]
    alters = [{"control-id": one.id, "adds": [{"props": [_prop("requirement", one.requirement)]}]} for one in needed]
    return {
        "profile": {
            "uuid": _uuid("profile", heading.id, heading.content_hash, heading.title),
            "metadata": _metadata(heading, VERSION),
            "imports": [{"href": href, "include-controls": [{"with-ids": [one.id for one in needed]}]}],
            "merge": {"as-is": True},
            **({"modify": {"alters": alters}} if alters else {}),
        }
    }


def mapping_collection(
    heading: Heading,
    rows: Sequence[MappingFacts],
    *,
    source: tuple[str, str, Mapping[str, str]],
    target: tuple[str, str, Mapping[str, str]],
) -> dict[str, Any]:
    """A mapping set as a mapping collection.

    :param source, target: edition id, content hash, and number → control id.
    """
    maps = [
        {
            "uuid": _uuid(heading.id, row.source, row.target),
            "relationship": _RELATIONSHIPS[row.relation],
            "sources": [{"type": "control", "id-ref": source[2][row.source]}],
            "targets": [{"type": "control", "id-ref": target[2][row.target]}],
            "confidence-score": {"category": row.confidence.value},
            **({"remarks": row.note} if row.note else {}),
        }
        for row in rows
        if row.relation != Relation.NONE
    ]
    mapping: dict[str, Any] = {
        "uuid": _uuid("mapping", heading.id),
        "source-resource": _resource(*source[:2]),
        "target-resource": _resource(*target[:2]),
        "maps": maps,
    }
    if alone := [row for row in rows if row.relation == Relation.NONE]:
        ids = [source[2][row.source] for row in alone]
        mapping["props"] = [
            _prop("unmapped", name, **{"class": row.confidence.value}, **({"remarks": row.note} if row.note else {}))
            for name, row in zip(ids, alone, strict=True)
        ]
        mapping["source-gap-summary"] = {
            "uuid": _uuid("gap", heading.id),
            "unmapped-controls": [{"with-ids": ids}],
        }
    return {
        "mapping-collection": {
            "uuid": _uuid("mapping-collection", heading.id, heading.content_hash),
            "metadata": _metadata(heading, MAPPING_VERSION),
            "provenance": {
                "method": "human",
                "matching-rationale": "semantic",
                "status": "complete",
                "mapping-description": heading.source,
            },
            "mappings": [mapping],
        }
    }


def _resource(edition_id: str, content_hash: str) -> dict[str, Any]:
    props = [_prop("edition", edition_id), _prop("content-hash", content_hash)]
    return {"type": "catalog", "href": f"{edition_id}.json", "props": props}


def take_mappings(
    collection: Mapping[str, Any], sources: Mapping[str, str], targets: Mapping[str, str]
) -> tuple[list[MappingFacts], list[Problem]]:
    """The rows of a (valid) mapping collection, and what could not be taken.

    :param sources, targets: control id → number in the source and in the target edition.
    """
    rows: list[MappingFacts] = []
    problems: list[Problem] = []
    given = collection["mappings"]
    for index, mapping in enumerate([given] if isinstance(given, dict) else given):
        pointer = f"/mapping-collection/mappings/{index}"
        for place, one in enumerate(mapping["maps"]):
            relation = _RELATIONS.get(one["relationship"])
            if relation is None:
                where = f"{pointer}/maps/{place}/relationship"
                known = ", ".join(_RELATIONS)
                params = {"field": "relationship", "value": one["relationship"], "known": known}
                problems.append(Problem("criteria.unknown_value", where=where, params=params))
                continue
            category = one.get("confidence-score", {}).get("category", "")
            confidence = Confidence(category) if category in set(Confidence) else Confidence.LOW
            note = str(one.get("remarks", ""))
            for source in one["sources"]:
                number = sources.get(source["id-ref"], source["id-ref"])
                if relation == Relation.NONE:
                    rows.append(MappingFacts(number, "", relation, confidence, note))
                    continue
                for target in one["targets"]:
                    to = targets.get(target["id-ref"], target["id-ref"])
                    rows.append(MappingFacts(number, to, relation, confidence, note))
        for one in mapping.get("props", ()):
            if (one.get("ns"), one["name"]) == (NAMESPACE, "unmapped"):
                name = one["value"]
                confidence = Confidence(one["class"]) if one.get("class") in set(Confidence) else Confidence.LOW
                note = one.get("remarks", "")
                rows.append(MappingFacts(sources.get(name, name), "", Relation.NONE, confidence, note))
    return rows, problems


def problem(fault: Fault) -> Problem:
    """A fault of a document as a problem, with the same code and values."""
    return Problem(f"oscal.{fault.code}", where=fault.pointer, params=fault.params)
