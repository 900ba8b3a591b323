"""OSCAL documents as bytes, JSON or YAML: read into plain values and written back, with nothing rewritten.

Time stamps, versions and addresses stay the text they were. What plain JSON cannot hold is refused: names twice in
one object, numbers without end, YAML's aliases, tags and names that are no text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NoReturn

import jsonschema_rs
from ryaml import InvalidYamlError, dumps, loads  # type: ignore[attr-defined]  # its stub re-exports nothing

from kansatsu.exchange.oscal.faults import Code, Fault, pointer, shown

Form = Literal["json", "yaml"]
Place = tuple[str | int, ...]

_LONGEST_NUMBER = 15  # digits before the point that a 64-bit float keeps, which is all that JSON programs promise
_TOO_LONG = 10**_LONGEST_NUMBER
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ANCHOR = re.compile(r"&([0-9A-Za-z_-]+)")
_ALIAS = re.compile(r"\*([0-9A-Za-z_-]+)")
_BEFORE_A_MARK = frozenset("\n\r\t ,[{:\x85\u2028\u2029\ufeff")
_PLACE = re.compile(r" at (?:line (?P<line>\d+) column (?P<column>\d+)|position (?P<position>\d+))")
_NUMBER = re.compile(r"invalid type: integer `(-?\d+)`")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class UnreadableDocumentError(ValueError):
    """The bytes are no plain document. :param fault: why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault.code}: {dict(fault.params)}")


class UnwritableDocumentError(ValueError):
    """The value has no place in the form asked for. :param fault: why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault.code}: {dict(fault.params)}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. :param size: in bytes. :param depth: of objects and lists in one another."""

    size: int = 50_000_000
    depth: int = 64


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    :param model: the name its one model goes by at the top (``catalog``); empty when it has none or several.
    :param version: its own ``oscal-version``; empty when it has none.
    :param value: all of it as plain values.
    :param original: the bytes as they came.
    """

    model: str
    version: str
    value: dict[str, Any]
    original: bytes
    form: Form

    @property
    def root(self) -> dict[str, Any]:
        """What stands under the model's name; empty when there is no such object."""
        found = self.value.get(self.model)
        return found if isinstance(found, dict) else {}


def read(content: bytes, *, limits: Limits = Limits()) -> Document:
    """Read a document; what begins with ``{`` is JSON, anything else YAML.

    :raises UnreadableDocumentError: it is neither, too large, too deep, or holds what plain JSON cannot.
    """
    if len(content) > limits.size:
        _refuse(Code.TOO_LARGE, limit=limits.size // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(Fault(Code.NOT_UTF8, params={"position": error.start})) from error
    form: Form = "json" if text.lstrip()[:1] == "{" else "yaml"
    try:
        value = _from_json(text) if form == "json" else _from_yaml(text)
    except RecursionError as error:
        raise UnreadableDocumentError(Fault(Code.TOO_DEEP, params={"limit": limits.depth})) from error
    if value is None:
        _refuse(Code.EMPTY)
    if not isinstance(value, dict):
        _refuse(Code.NOT_AN_OBJECT)
    if form == "yaml":
        _require_plain(value, ())
    _require_depth(value, limits.depth)
    return document(value, content, form)


def plain_document(content: bytes, *, size: int, depth: int) -> dict[str, Any]:
    """What `read` gives or raises, in values that JSON has.

    :returns: ``{"value": …}`` or ``{"refused": [code, pointer, params]}``.
    """
    try:
        return {"value": read(content, limits=Limits(size, depth)).value}
    except UnreadableDocumentError as error:
        return {"refused": [error.fault.code, error.fault.pointer, dict(error.fault.params)]}


def is_json(content: bytes) -> bool:
    """Does it begin as a JSON document does? Anything else is read as YAML."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def document(value: dict[str, Any], original: bytes, form: Form) -> Document:
    """A document from plain values, with its model and version looked up in them."""
    names = [name for name in value if name != "$schema"]
    root = value[names[0]] if len(names) == 1 else None
    metadata = root.get("metadata") if isinstance(root, dict) else None
    version = metadata.get("oscal-version") if isinstance(metadata, dict) else None
    return Document(
        names[0] if len(names) == 1 else "", version if isinstance(version, str) else "", value, original, form
    )


def write(value: dict[str, Any], form: Form) -> bytes:
    """The value as JSON (two spaces) or YAML (1.2, block style), in UTF-8 with a line end at the end.

    :raises UnwritableDocumentError: YAML would take a name beginning with ``!`` for a tag.
    """
    if form == "json":
        return f"{json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)}\n".encode()
    for path, node in _objects(value, ()):
        for name in node:
            if name.startswith("!"):
                raise UnwritableDocumentError(Fault(Code.TAG, pointer(*path, name), {"value": shown(name)}))
    text: str = dumps(value)
    return text.encode()


def _refuse(code: Code, at: str = "", **params: object) -> NoReturn:
    raise UnreadableDocumentError(Fault(code, at, params))


def _from_json(text: str) -> Any:
    twice: list[tuple[dict[str, Any], str]] = []

    def plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice.append((found, next(name for name in names if names.count(name) > 1)))
        return found

    try:
        value = json.loads(
            text, object_pairs_hook=plain, parse_constant=_not_finite, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        _refuse(Code.NOT_JSON, reason=error.msg, line=error.lineno, column=error.colno)
    if twice:
        # The outermost object closes last, and nothing around it has lost anything: it can be found again.
        last, name = twice[-1]
        place = next(path for path, node in _objects(value, ()) if node is last)
        _refuse(Code.DUPLICATE_NAME, pointer(*place), name=shown(name))
    if _SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            _refuse(Code.BROKEN_CHARACTER)
    return value


def _not_finite(text: str) -> NoReturn:
    _refuse(Code.NOT_FINITE, value=shown(text))


def _finite(text: str) -> float:
    number = float(text)
    if not abs(number) < _TOO_LONG:
        _refuse(Code.TOO_LONG_NUMBER, value=shown(text), limit=_LONGEST_NUMBER)
    return number


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _LONGEST_NUMBER:
        _refuse(Code.TOO_LONG_NUMBER, value=shown(text), limit=_LONGEST_NUMBER)
    return int(text)


def _from_yaml(text: str) -> Any:
    _require_no_alias(text)
    try:
        return loads(text)
    except InvalidYamlError as error:
        if str(error).startswith("recursion limit exceeded"):
            raise RecursionError from error
        raise UnreadableDocumentError(_yaml_fault(str(error), text)) from error
    except ValueError as error:  # a list or an object as a name
        raise UnreadableDocumentError(Fault(Code.NAME_NOT_TEXT, params={"value": "[…], {…}"})) from error


def _require_no_alias(text: str) -> None:
    """An alias stands for a copy, so a small file could grow without bound before anything of it is seen.

    This overestimates: a string that holds both ``&name`` and ``*name`` at the start of words is taken for one.
    """
    anchors = {name for _, name in _marks(text, _ANCHOR)}
    for place, name in _marks(text, _ALIAS) if anchors else ():
        if name in anchors:
            _refuse(Code.ALIAS, value=f"*{name}", line=text.count("\n", 0, place) + 1)


def _marks(text: str, sign: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for found in sign.finditer(text):
        if found.start() == 0 or text[found.start() - 1] in _BEFORE_A_MARK:
            yield found.start(), found[1]


def _yaml_fault(message: str, text: str) -> Fault:
    """What the parser's message says. It gives no place when that is the very beginning."""
    way, _, twice = message.partition(": duplicate entry with key ")
    if twice or message.startswith("duplicate entry with key "):
        name = message.partition('with key "')[2].rpartition('"')[0]
        steps = [int(number) if number else word for number, word in _STEP.findall(way if twice else "")]
        return Fault(Code.DUPLICATE_NAME, pointer(*steps), {"name": shown(name)})
    if "more than one document" in message:
        return Fault(Code.SEVERAL_DOCUMENTS)
    if number := _NUMBER.search(message):
        return Fault(Code.TOO_LONG_NUMBER, params={"value": shown(number[1]), "limit": _LONGEST_NUMBER})
    place = _PLACE.search(message)
    line, column = (int(place["line"] or 1), int(place["column"] or 1)) if place else (1, 1)
    if place and place["position"]:
        before = text[: int(place["position"])]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    reason = _PLACE.sub("", message, count=1)
    return Fault(Code.NOT_YAML, params={"reason": shown(reason), "line": line, "column": column})


def _require_depth(value: Any, limit: int) -> None:
    if not _nesting(limit).is_valid(value):
        _refuse(Code.TOO_DEEP, limit=limit)


@cache
def _nesting(limit: int) -> jsonschema_rs.Validator:
    """Accepts values of at most so many objects and lists in one another: far faster than a walk."""
    levels: dict[str, Any] = {"0": {"not": {"type": ["object", "array"]}}}
    for level in range(1, limit + 1):
        inner = {"$ref": f"#/definitions/{level - 1}"}
        levels[str(level)] = {"additionalProperties": inner, "items": inner}
    return jsonschema_rs.Draft7Validator({"definitions": levels, "$ref": f"#/definitions/{limit}"})


def _require_plain(node: Any, path: Place) -> None:
    """Refuse what YAML knows and JSON does not: names that are no text, tags, numbers without end."""
    if isinstance(node, dict):
        for name, child in node.items():
            if not isinstance(name, str):
                _refuse(Code.NAME_NOT_TEXT, pointer(*path), value=shown(name))
            if name.startswith("!"):
                _refuse(Code.TAG, pointer(*path), value=shown(name))
            if not isinstance(child, str):
                _require_plain(child, (*path, name))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            if not isinstance(child, str):
                _require_plain(child, (*path, index))
    elif node is not None and not abs(node) < _TOO_LONG:
        code = Code.TOO_LONG_NUMBER if abs(node) < float("inf") else Code.NOT_FINITE
        _refuse(code, pointer(*path), value=shown(node), limit=_LONGEST_NUMBER)


def _objects(node: Any, path: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for name, child in node.items():
            yield from _objects(child, (*path, name))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _objects(child, (*path, index))
