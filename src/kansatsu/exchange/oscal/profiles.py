"""Resolves a profile: the catalogue of the controls that it selects, put in order and altered as it says.

The three phases of NIST's profile resolution: import, merge, modify. Where its text leaves a choice, NIST's own
resolver is followed: a parameter or control that is altered but not selected is passed over; controls without a
directive to keep their grouping come out flat; what nothing refers to any more (loose parameters, back matter)
is left out unless it is marked to be kept.
"""

import hashlib
import json
import posixpath
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from kansatsu.exchange.oscal.documents import Document, UnreadableDocumentError
from kansatsu.exchange.oscal.faults import Code, Fault, pointer, shown
from kansatsu.exchange.oscal.validation import model_faults, structural_faults

LONGEST_CHAIN = 16  # profiles that import one another
NS = "http://csrc.nist.gov/ns/oscal"
TOOL = "Kansatsu"

_LINK = re.compile(r"\(#([0-9A-Fa-f-]{36})\)")
_INSERT = re.compile(r"\{\{\s*insert:\s*param\s*,\s*([^\s}]+)\s*\}\}")
_READABLE = re.compile(r"(json|yaml|yml)$", re.IGNORECASE)
Node = dict[str, Any]
Load = Callable[[str], Document]


class UnresolvableProfileError(ValueError):
    """The profile gives no catalogue. :param faults: why; at least one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.code for fault in self.faults))


@dataclass(frozen=True, slots=True)
class _Chain:
    """The profiles from the first to the present one, by location, and what was read on the way."""

    load: Load
    locations: tuple[str, ...] = ()
    read: dict[str, Document] = field(default_factory=dict)
    resolved: dict[str, Node] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.locations[-1]

    def refuse(self, code: Code, where: str, **params: object) -> UnresolvableProfileError:
        """A fault of the present profile; beyond the first one its location is named too."""
        prefix = f"{self.location}#" if len(self.locations) > 1 else ""
        return UnresolvableProfileError([Fault(code, f"{prefix}{where}", params)])


def resolve(profile: Document, *, location: str, load: Load) -> dict[str, Any]:
    """The resolved catalogue, as a whole document (``{"catalog": …}``); equal inputs give equal outputs.

    :param location: where the profile came from: a path with ``/``. Relative references start from its folder.
    :param load: gives the document at a location, or raises `UnreadableDocumentError`; it decides what may be read.
    :raises UnresolvableProfileError: the profile or a source is not right, is missing, selects a control that is
        not there, or the profiles import one another in a circle.
    """
    chain = _Chain(load, (posixpath.normpath(location),))
    chain.read[chain.location] = profile
    _require_sound(chain, chain.location, profile, ("profile",))
    catalog = _resolved(profile.root, chain)
    digest = hashlib.sha256(b"\0".join(hashlib.sha256(one.original).digest() for one in chain.read.values()))
    metadata = dict(profile.root["metadata"])
    source = {"href": quote(posixpath.basename(chain.location)), "rel": "source-profile"}
    metadata["props"] = [*metadata.get("props", ()), {"name": "resolution-tool", "value": TOOL}]
    metadata["links"] = [*metadata.get("links", ()), source]
    head = {"uuid": str(uuid.uuid5(uuid.UUID(profile.root["uuid"]), digest.hexdigest())), "metadata": metadata}
    return {"catalog": {**head, **catalog}}


def _require_sound(chain: _Chain, location: str, document: Document, models: tuple[str, ...]) -> None:
    """What is resolved has the form of its model, so that the steps below need not look twice."""
    faults = [one for one in model_faults(document) if one.code != Code.UNKNOWN_VERSION]
    faults = faults or structural_faults(document)
    if not faults and document.model not in models:
        faults = [Fault(Code.NOT_A_SOURCE, "", {"model": document.model, "legal": ", ".join(models)})]
    if faults:
        prefix = f"{location}#" if location != chain.locations[0] else ""
        raise UnresolvableProfileError([replace(one, pointer=f"{prefix}{one.pointer}") for one in faults])


# Import


def _resolved(profile: Node, chain: _Chain) -> Node:
    """The contents of the resolved catalogue but for its head."""
    selections, resources = [], []
    for index, one in enumerate(profile["imports"]):
        source = _source(profile, index, chain)
        selections.append(_selected(source, one, index, chain))
        resources += source.get("back-matter", {}).get("resources", ())
    merge = profile.get("merge", {})
    catalog = _merged(selections, merge)
    _modify(catalog, profile.get("modify", {}), chain)
    resources += profile.get("back-matter", {}).get("resources", ())
    return _finished(catalog, resources)


def _source(profile: Node, index: int, chain: _Chain) -> Node:
    """The catalogue that an import names; a profile is resolved first."""
    where = pointer("profile", "imports", index, "href")
    document, location = _loaded(profile, profile["imports"][index]["href"], where, chain)
    if location in chain.locations:
        circle = " → ".join((*chain.locations[chain.locations.index(location) :], location))
        raise chain.refuse(Code.CIRCULAR, where, circle=circle)
    _require_sound(chain, location, document, ("catalog", "profile"))
    if document.model == "catalog":
        return document.root
    if len(chain.locations) >= LONGEST_CHAIN:
        raise chain.refuse(Code.CHAIN_TOO_LONG, where, limit=LONGEST_CHAIN)
    if location not in chain.resolved:
        chain.resolved[location] = _resolved(document.root, replace(chain, locations=(*chain.locations, location)))
    return chain.resolved[location]


def _loaded(profile: Node, href: str, where: str, chain: _Chain) -> tuple[Document, str]:
    """The document that a reference leads to, and its location. Of a resource's links the first readable is taken."""
    missing = None
    for candidate in _hrefs(profile, href, where, chain):
        parts = urlsplit(candidate)
        if parts.scheme or parts.netloc or "%00" in parts.path:  # no path of a file holds a NUL
            missing = missing or chain.refuse(Code.REMOTE, where, href=shown(candidate))
            continue
        location = posixpath.normpath(posixpath.join(posixpath.dirname(chain.location), unquote(parts.path)))
        try:
            if location not in chain.read:
                chain.read[location] = chain.load(location)
            return chain.read[location], location
        except UnreadableDocumentError as error:
            if error.fault.code != Code.NOT_FOUND:
                raise UnresolvableProfileError([replace(error.fault, pointer=f"{location}#")]) from error
            missing = missing or chain.refuse(Code.NOT_FOUND, where, href=shown(location))
    assert missing is not None  # there is at least one candidate
    raise missing


def _hrefs(profile: Node, href: str, where: str, chain: _Chain) -> list[str]:
    """What a reference may mean: itself, or the links of the resource in the back matter that it names."""
    if not href.startswith("#"):
        return [href]
    for resource in profile.get("back-matter", {}).get("resources", ()):
        if resource["uuid"].lower() == href[1:].lower():
            links = resource.get("rlinks", ())
            found = [one["href"] for one in links if _READABLE.search(one.get("media-type", one["href"]))]
            if not found:
                raise chain.refuse(Code.NO_READABLE_LINK, where, value=href)
            return found
    raise chain.refuse(Code.DANGLING, where, value=shown(href), kind="back-matter")


def _selected(source: Node, one: Node, index: int, chain: _Chain) -> Node:
    """The source with only the controls that the import asks for."""
    known = {control["id"]: _ids(control.get("controls", ())) for control in _controls(source)}
    for number, call in enumerate(one.get("include-controls", ())):
        for place, name in enumerate(call.get("with-ids", ())):
            if name not in known:
                where = pointer("profile", "imports", index, "include-controls", number, "with-ids", place)
                raise chain.refuse(Code.UNKNOWN_CONTROL, where, value=name)
    return _trimmed(source, _called(one, known))


def _called(one: Node, known: dict[str, list[str]]) -> set[str]:
    """The ids that an import or an insertion includes and does not exclude. :param known: id → ids below it."""
    included = _named(one["include-controls"], known) if "include-controls" in one else set(known)
    return included - _named(one.get("exclude-controls", ()), known)


def _named(calls: Sequence[Node], known: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    for call in calls:
        patterns = [_glob(one["pattern"]) for one in call.get("matching", ()) if one.get("pattern")]
        names = {name for name in call.get("with-ids", ()) if name in known}
        names |= {name for name in known if any(pattern.fullmatch(name) for pattern in patterns)}
        if call.get("with-child-controls") == "yes":
            names |= {below for name in names for below in known[name]}
        found |= names
    return found


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."))


def _controls(node: Node) -> Iterator[Node]:
    """All controls below, the outer before the inner, a group's own before its groups'."""
    for control in node.get("controls", ()):
        yield control
        yield from _controls(control)
    for group in node.get("groups", ()):
        yield from _controls(group)


def _ids(controls: Sequence[Node]) -> list[str]:
    return [one["id"] for one in _controls({"controls": controls})]


def _trimmed(node: Node, chosen: set[str]) -> Node:
    """A copy of a catalogue, group or control with only the chosen controls below it.

    A chosen control whose parent is not chosen takes the parent's place. Groups that hold nothing any more go.
    """
    copy = {name: value for name, value in node.items() if name not in {"controls", "groups"}}
    controls: list[Node] = []
    for control in node.get("controls", ()):
        inner = _trimmed(control, chosen)
        controls += [inner] if control["id"] in chosen else inner.get("controls", [])
    groups = [group for group in (_trimmed(one, chosen) for one in node.get("groups", ())) if _is_inhabited(group)]
    return copy | ({"controls": controls} if controls else {}) | ({"groups": groups} if groups else {})


def _is_inhabited(group: Node) -> bool:
    return "controls" in group or "groups" in group


# Merge


def _merged(selections: list[Node], merge: Node) -> Node:
    """One catalogue of all selections, structured as the profile says: as it was, by groups of its own, or flat."""
    method = merge.get("combine", {}).get("method", "keep")
    seen: dict[str, Node] = {}
    selections = [_combined(one, seen, method) for one in selections]
    loose = _united_items(one for selection in selections for one in selection.get("params", ()))
    if merge.get("as-is"):
        united = {
            "params": loose,
            "controls": [one for selection in selections for one in selection.get("controls", ())],
            "groups": _united_groups([one for selection in selections for one in selection.get("groups", ())]),
        }
    else:
        grouped = (one for selection in selections for group in _groups(selection) for one in group.get("params", ()))
        loose += _united_items(grouped)
        if "custom" in merge:
            united = {"params": loose, **_inserted(merge["custom"], selections)}
        else:
            flat = [_bare(one) for selection in selections for one in _controls(selection)]
            united = {"params": loose, "controls": flat}
    return {name: value for name, value in united.items() if value}


def _combined(node: Node, seen: dict[str, Node], method: str) -> Node:
    """A copy of the node in which a control that came before under its id is kept twice, left out, or merged into it.

    :param seen: the controls so far by id; added to.
    """
    copy = {name: value for name, value in node.items() if name not in {"controls", "groups"}}
    controls: list[Node] = []
    for control in node.get("controls", ()):
        first = seen.get(control["id"])
        if first is None or method == "keep":
            placed = seen.setdefault(control["id"], {}) if first is None else {}
            placed.update(_combined(control, seen, method))
            controls.append(placed)
            continue
        again = _combined(control, seen, method)
        if "controls" in again:
            first["controls"] = [*first.get("controls", ()), *again.pop("controls")]
        if method == "merge":
            _merge_into(first, again)
    groups = [_combined(group, seen, method) for group in node.get("groups", ())]
    groups = [group for group in groups if _is_inhabited(group)]
    return copy | ({"controls": controls} if controls else {}) | ({"groups": groups} if groups else {})


def _merge_into(first: Node, again: Node) -> None:
    """Add what the first does not have; where both say something else under one name, the first stands."""
    for name, value in again.items():
        if name not in first:
            first[name] = value
        elif isinstance(value, list) and name != "controls":
            first[name] = _united_items([*first[name], *value])


def _united_items(items: Any) -> list[Node]:
    """The items without repetition, by their id where they have one."""
    found: dict[str, Node] = {}
    for one in items:
        key = one.get("id") if isinstance(one, dict) else None
        found.setdefault(key or json.dumps(one, sort_keys=True), one)
    return list(found.values())


def _united_groups(groups: list[Node]) -> list[Node]:
    """Groups of one id become one, in the place of the first."""
    found: dict[str, Node] = {}
    for number, group in enumerate(groups):
        first = found.setdefault(group.get("id", f"\0{number}"), {})
        if first:
            for kind in ("controls", "groups"):
                if kind in group:
                    first[kind] = [*first.get(kind, ()), *group[kind]]
            _merge_into(first, {name: one for name, one in group.items() if name not in {"controls", "groups"}})
        else:
            first.update(group)
    for group in found.values():
        if "groups" in group:
            group["groups"] = _united_groups(group["groups"])
    return list(found.values())


def _groups(node: Node) -> Iterator[Node]:
    for group in node.get("groups", ()):
        yield group
        yield from _groups(group)


def _bare(control: Node) -> Node:
    return {name: value for name, value in control.items() if name != "controls"}


def _inserted(place: Node, selections: list[Node]) -> Node:
    """Controls and groups as the profile's own structure asks for them."""
    known = {one["id"]: _ids(one.get("controls", ())) for selection in selections for one in _controls(selection)}
    controls: list[Node] = []
    for insertion in place.get("insert-controls", ()):
        chosen = _called(insertion, known)
        trimmed = [_trimmed(selection, chosen) for selection in selections]
        found = [control for one in trimmed for control in _outermost(one)]
        if insertion.get("order", "keep") != "keep":
            found.sort(key=lambda one: str(one["id"]), reverse=insertion["order"] == "descending")
        controls += found
    groups = [
        {name: value for name, value in group.items() if name not in {"groups", "insert-controls"}}
        | _inserted(group, selections)
        for group in place.get("groups", ())
    ]
    return ({"controls": controls} if controls else {}) | ({"groups": groups} if groups else {})


def _outermost(node: Node) -> Iterator[Node]:
    yield from node.get("controls", ())
    for group in node.get("groups", ()):
        yield from _outermost(group)


# Modify


def _modify(catalog: Node, modify: Node, chain: _Chain) -> None:
    """Set parameters and alter controls, in place; the controls' lists are not the source's any more afterwards."""
    settings: dict[str, list[Node]] = {}
    for one in modify.get("set-parameters", ()):
        settings.setdefault(one["param-id"], []).append(one)
    controls: dict[str, list[Node]] = {}
    for control in _controls(catalog):
        controls.setdefault(control["id"], []).append(control)
    for holder in (catalog, *_groups(catalog), *(one for same in controls.values() for one in same)):
        if settings and "params" in holder:
            holder["params"] = [_set(param, settings.get(param["id"], ())) for param in holder["params"]]
    for index, alter in enumerate(modify.get("alters", ())):
        for control in controls.get(alter["control-id"], ()):
            _alter(control, alter, index, chain)


def _set(param: Node, settings: Sequence[Node]) -> Node:
    """The parameter under its settings: texts, values and the choice are replaced, lists of remarks grow."""
    for setting in settings:
        if "values" in setting or "select" in setting:
            param = {name: value for name, value in param.items() if name not in {"values", "select"}}
        param = dict(param)
        for name, value in setting.items():
            if name in {"props", "links", "constraints", "guidelines"}:
                param[name] = [*_without(param.get(name, ()), value), *value]
            elif name != "param-id":
                param[name] = value
    return param


def _without(items: Sequence[Node], newer: Sequence[Node]) -> list[Node]:
    """A property that has a UUID gives way to a newer one of the same."""
    replaced = {one["uuid"] for one in newer if "uuid" in one}
    return [one for one in items if one.get("uuid") not in replaced]


def _alter(control: Node, alter: Node, index: int, chain: _Chain) -> None:
    own = {name: _copied(value) for name, value in control.items() if name != "controls"}
    for removal in alter.get("removes", ()):
        _remove(own, removal)
    for number, add in enumerate(alter.get("adds", ())):
        target = add.get("by-id", control["id"])
        if target == control["id"]:
            _put_inside(own, add)
        elif not _put_at(own, target, add):
            where = pointer("profile", "modify", "alters", index, "adds", number, "by-id")
            raise chain.refuse(Code.UNKNOWN_PLACE, where, value=target, control=control["id"])
    for name in set(control) - set(own) - {"controls"}:
        del control[name]
    control.update(own)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _remove(node: Node, removal: Node) -> None:
    """Take away, at any depth, what meets every condition of the removal."""
    for kind, items in (("param", "params"), ("prop", "props"), ("link", "links"), ("part", "parts")):
        if items not in node:
            continue
        kept = [one for one in node[items] if not _is_meant(one, kind, removal)]
        for one in kept:
            _remove(one, removal)
        if kept:
            node[items] = kept
        else:
            del node[items]


def _is_meant(item: Node, kind: str, removal: Node) -> bool:
    conditions = [
        item.get(name) == removal[f"by-{name}"] for name in ("id", "name", "class") if f"by-{name}" in removal
    ]
    if "by-item-name" in removal:
        conditions.append(kind == removal["by-item-name"])
    if "by-ns" in removal:
        conditions.append(item.get("ns", NS) == removal["by-ns"])
    return bool(conditions) and all(conditions)


def _put_inside(node: Node, add: Node) -> None:
    """Into a control, part or parameter, before or after what it holds of each kind; a title is replaced."""
    if "title" in add:
        node["title"] = add["title"]
    is_first = add.get("position") in {"starting", "before"}
    for kind in ("params", "props", "links", "parts"):
        if kind in add:
            old, new = node.get(kind, []), _copied(add[kind])
            node[kind] = [*new, *old] if is_first else [*old, *new]


def _put_at(node: Node, target: str, add: Node) -> bool:
    """Beside or into the parameter or part of that id. Is there one?"""
    for kind in ("params", "parts"):
        for index, one in enumerate(node.get(kind, ())):
            if one.get("id") == target:
                if add.get("position") in {"before", "after"}:
                    at = index + (add["position"] == "after")
                    node[kind][at:at] = _copied(add.get(kind, []))
                else:
                    _put_inside(one, add)
                return True
            if kind == "parts" and _put_at(one, target, add):
                return True
    return False


# Finish


def _finished(catalog: Node, resources: list[Node]) -> Node:
    """The catalogue without what nothing refers to, and with its back matter."""
    texts = list(_texts(catalog))
    inserted = {name for text in texts for name in _INSERT.findall(text)}
    for holder in (catalog, *_groups(catalog)):
        if "params" in holder:
            holder["params"] = [one for one in holder["params"] if one["id"] in inserted or _is_kept(one)]
            if not holder["params"]:
                del holder["params"]
    linked = {text[1:].lower() for text in texts if text.startswith("#")}
    linked |= {name.lower() for text in texts for name in _LINK.findall(text)}
    latest = {one["uuid"].lower(): one for one in resources}
    kept = [one for name, one in latest.items() if name in linked or _is_kept(one)]
    order = ("params", "groups", "controls")
    found = {name: catalog[name] for name in order if name in catalog}
    return found | ({"back-matter": {"resources": kept}} if kept else {})


def _texts(node: Any) -> Iterator[str]:
    """Every text below, in no order that matters."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _is_kept(item: Node) -> bool:
    return any(one["name"] == "keep" and one["value"] == "always" for one in item.get("props", ()))
