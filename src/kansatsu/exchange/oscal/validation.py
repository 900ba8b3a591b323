"""What is wrong with an OSCAL document, cell by cell: the form of its own model, then how its cells fit together."""

from collections.abc import Iterator, Sequence
from typing import Any

from jsonschema_rs import ValidationError

from kansatsu.exchange.oscal import schemas
from kansatsu.exchange.oscal.documents import Document, Place
from kansatsu.exchange.oscal.faults import Code, Fault, pointer, shown

LONGEST = 200  # faults that are told; of more only the number

_BY_DATATYPE = {
    "TokenDatatype": Code.NOT_A_TOKEN,
    "UUIDDatatype": Code.NOT_A_UUID,
    "DateTimeWithTimezoneDatatype": Code.NOT_A_DATE_TIME,
    "DateDatatype": Code.NOT_A_DATE,
    "StringDatatype": Code.NOT_A_LINE,
    "MarkupLineDatatype": Code.NOT_A_LINE,
    "URIDatatype": Code.NOT_A_URI,
    "URIReferenceDatatype": Code.NOT_A_URI_REFERENCE,
    "EmailAddressDatatype": Code.NOT_AN_EMAIL_ADDRESS,
    "Base64Datatype": Code.NOT_BASE64,
}


def faults(document: Document, *, expected_model: str | None = None) -> list[Fault]:
    """Everything that is wrong; empty when the document is right.

    How cells fit together is looked at only when each has its form.

    :param expected_model: the model that it has to be (``catalog``); any when None.
    """
    found = model_faults(document, expected_model=expected_model)
    if found and found[-1].code != Code.UNKNOWN_VERSION:
        return found
    found += structural_faults(document) or _misfits(document)
    if len(found) > LONGEST:
        return [*found[:LONGEST], Fault(Code.MORE, params={"count": len(found) - LONGEST})]
    return found


def model_faults(document: Document, *, expected_model: str | None = None) -> list[Fault]:
    """Is it of one known model, the expected one, of a known version? With any fault but the last, nothing more
    can be said of it."""
    edition, is_known = schemas.edition_for(document.version)
    everywhere = {model for one in schemas.EDITIONS for model in schemas.models(one)}
    present = [name for name in document.value if name in everywhere]
    known = ", ".join(schemas.models(edition))
    if len(present) > 1:
        return [Fault(Code.SEVERAL_MODELS, params={"models": ", ".join(present), "known": known})]
    if not present:
        names = [name for name in document.value if name != "$schema"]
        return [Fault(Code.UNKNOWN_MODEL, params={"name": shown(", ".join(names)), "known": known})]
    model = present[0]
    if expected_model and model != expected_model:
        return [Fault(Code.OTHER_MODEL, pointer(model), {"model": model, "expected": expected_model})]
    if strangers := [name for name in document.value if name not in {model, "$schema"}]:
        legal = f"$schema, {model}"
        return [Fault(Code.UNEXPECTED, pointer(name), {"name": shown(name), "legal": legal}) for name in strangers]
    if model not in schemas.models(edition):
        where = pointer(model, "metadata", "oscal-version")
        return [Fault(Code.MODEL_OF_LATER_VERSION, where, {"model": model, "version": shown(document.version)})]
    if document.version and not is_known:
        where = pointer(model, "metadata", "oscal-version")
        return [Fault(Code.UNKNOWN_VERSION, where, {"version": shown(document.version), "edition": edition})]
    return []


def structural_faults(document: Document) -> list[Fault]:
    """The cells that have not the form of the document's own model. The model must be known."""
    edition, _ = schemas.edition_for(document.version)
    validator = schemas.validator(edition, document.model)
    if validator.is_valid(document.value):
        return []
    form = schemas.form(edition, document.model)
    found: dict[tuple[str, str], Fault] = {}
    for error in validator.iter_errors(document.value):
        for fault in _leaves(error, form):
            # A datatype and a list of values may both refuse one cell: the list says more.
            same = (fault.pointer, str(fault.params["name"]) if "name" in fault.params else "")
            if same not in found or fault.code == Code.NOT_IN_LIST:
                found[same] = fault
    return list(found.values())


def _leaves(error: ValidationError, form: dict[str, Any]) -> Iterator[Fault]:
    kind, value = error.kind.name, error.kind.value
    if kind in {"anyOf", "oneOf"}:
        yield from _of_branches(error, value, form)
        return
    steps = error.instance_path
    where = pointer(*steps)
    if kind == "required":
        yield Fault(Code.MISSING, where, {"name": value})
    elif kind == "additionalProperties":
        legal = ", ".join(_at(form, error.schema_path[:-1])["properties"])
        for name in value:
            yield Fault(Code.UNEXPECTED, pointer(*steps, name), {"name": shown(name), "legal": legal})
    elif kind == "type":
        given = {"value": shown(error.instance), "expected": " / ".join(value)}
        yield Fault(Code.WRONG_TYPE, where, given)
    elif kind == "enum":
        yield Fault(Code.NOT_IN_LIST, where, {"value": shown(error.instance), "legal": ", ".join(map(str, value))})
    elif kind == "minItems":
        yield Fault(Code.TOO_FEW, where, {"least": value})
    elif kind == "minimum":
        yield Fault(Code.TOO_SMALL, where, {"value": shown(error.instance), "least": value})
    else:
        datatype = next((name for name in reversed(error.schema_path) if name in _BY_DATATYPE), "")
        code = _BY_DATATYPE.get(str(datatype), Code.NOT_ALLOWED)
        yield Fault(code, where, {"value": shown(error.instance)})


def _of_branches(
    error: ValidationError, branches: Sequence[Sequence[ValidationError]], form: dict[str, Any]
) -> Iterator[Fault]:
    """The faults under the branch that the cell comes nearest to: fewest at the cell itself, then fewest at all."""
    depth, where = len(error.instance_path), pointer(*error.instance_path)

    def at_itself(branch: Sequence[ValidationError]) -> list[ValidationError]:
        return [one for one in branch if len(one.instance_path) == depth]

    nearest = min(branches, key=lambda branch: (len(at_itself(branch)), len(branch)))
    strange = [_names(branch, "additionalProperties", depth) for branch in branches]
    apart = set().union(*strange) - set(strange[0]).intersection(*strange[1:])
    missing = [_names(branch, "required", depth) for branch in branches]
    if apart & _names(nearest, "additionalProperties", depth):
        yield Fault(Code.NOT_TOGETHER, where, {"names": ", ".join(sorted(apart))})
    elif all(missing) and not set(missing[0]).intersection(*missing[1:]):
        yield Fault(Code.MISSING_CHOICE, where, {"names": ", ".join(name for names in missing for name in names)})
    else:
        for one in nearest:
            yield from _leaves(one, form)


def _names(branch: Sequence[ValidationError], kind: str, depth: int) -> set[str]:
    found: set[str] = set()
    for one in branch:
        if one.kind.name == kind and len(one.instance_path) == depth:
            found |= {one.kind.value} if isinstance(one.kind.value, str) else set(one.kind.value)
    return found


def _at(schema: Any, steps: Place | list[str | int]) -> Any:
    for step in steps:
        schema = schema[step]
    return schema


def _misfits(document: Document) -> list[Fault]:
    model, root = document.model, document.root
    found = [*_duplicate_resources(root, (model,)), *_strange_parties(root, (model,))]
    if model == "catalog":
        found += _duplicate_ids(root)
    if model == "profile":
        found += _profile_misfits(root)
    return found


def _duplicate_ids(catalog: dict[str, Any]) -> Iterator[Fault]:
    """Groups, controls and parts share one space of ids, parameters have their own."""
    items: list[str] = []
    params: list[str] = []
    _gather(catalog, items, params)
    if len(set(items)) == len(items) and len(set(params)) == len(params):
        return
    first: dict[tuple[bool, str], Place] = {}
    for kind, node, place in _walk(catalog, ("catalog",)):
        key = (kind == "params", node.get("id", ""))
        if key[1] and first.setdefault(key, place) != place:
            given = {"value": shown(key[1]), "first": pointer(*first[key])}
            yield Fault(Code.DUPLICATE_ID, pointer(*place, "id"), given)


def _gather(node: dict[str, Any], items: list[str], params: list[str]) -> None:
    """All ids below, without their places, which cost much more."""
    params += [param["id"] for param in node.get("params", ())]
    for kind in ("parts", "controls", "groups"):
        for child in node.get(kind, ()):
            if "id" in child:
                items.append(child["id"])
            _gather(child, items, params)


def _walk(node: dict[str, Any], place: Place) -> Iterator[tuple[str, dict[str, Any], Place]]:
    for kind in ("params", "parts", "controls", "groups"):
        for index, child in enumerate(node.get(kind, ())):
            inner = (*place, kind, index)
            yield kind, child, inner
            yield from _walk(child, inner)


def _duplicate_resources(root: dict[str, Any], place: Place) -> Iterator[Fault]:
    seen: dict[str, Place] = {}
    for index, resource in enumerate(root.get("back-matter", {}).get("resources", ())):
        here = (*place, "back-matter", "resources", index, "uuid")
        first = seen.setdefault(resource["uuid"].lower(), here)
        if first != here:
            given = {"value": resource["uuid"], "first": pointer(*first)}
            yield Fault(Code.DUPLICATE_ID, pointer(*here), given)


def _strange_parties(root: dict[str, Any], place: Place) -> Iterator[Fault]:
    """Who is responsible for a document is one of the roles and parties that its metadata names."""
    metadata = root["metadata"]
    parties = {party["uuid"].lower() for party in metadata.get("parties", ())}
    roles = {role["id"] for role in metadata.get("roles", ())}
    for index, one in enumerate(metadata.get("responsible-parties", ())):
        here = (*place, "metadata", "responsible-parties", index)
        if one["role-id"] not in roles:
            yield Fault(Code.DANGLING, pointer(*here, "role-id"), {"value": one["role-id"], "kind": "roles"})
        for number, uuid in enumerate(one["party-uuids"]):
            if uuid.lower() not in parties:
                yield Fault(Code.DANGLING, pointer(*here, "party-uuids", number), {"value": uuid, "kind": "parties"})


def _profile_misfits(profile: dict[str, Any]) -> Iterator[Fault]:
    resources = {one["uuid"].lower() for one in profile.get("back-matter", {}).get("resources", ())}
    for index, one in enumerate(profile["imports"]):
        place: Place = ("profile", "imports", index)
        if one["href"].startswith("#") and one["href"][1:].lower() not in resources:
            yield Fault(Code.DANGLING, pointer(*place, "href"), {"value": one["href"], "kind": "back-matter"})
        if "include-all" in one and "include-controls" in one:
            yield Fault(Code.NOT_TOGETHER, pointer(*place), {"names": "include-all, include-controls"})
        for kind in ("include-controls", "exclude-controls"):
            for number, select in enumerate(one.get(kind, ())):
                if not select.get("with-ids") and not select.get("matching"):
                    yield Fault(Code.SELECTS_NOTHING, pointer(*place, kind, number))
    structures = [name for name in ("as-is", "custom", "flat") if name in profile.get("merge", {})]
    if len(structures) > 1:
        yield Fault(Code.NOT_TOGETHER, pointer("profile", "merge"), {"names": ", ".join(structures)})
