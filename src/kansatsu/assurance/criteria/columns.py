"""Which column of a table holds what: by its header where one is known, else by the values below it.

`data/tables.toml` holds the words of headers and values; a map (TOML) names the columns of a layout that nobody has
seen.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import Kind, Part, is_number, written
from kansatsu.core.datafiles import read
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.exchange.sheets import Sheet, cell_name

FIELDS = (
    "number", "part", "kind", "mark", "title_ja", "title_en", "text_ja", "text_en", "base", "requirement", "earlier",
    "id",
)  # fmt: skip
_CODED = ("number", "kind", "part", "change", "mark", "requirement")
_BRACKETED = re.compile(r"[(（\[［【「].*?[)）\]］】」]")
_NOISE = re.compile(r"[\s_.()（）\[\]［］【】「」:：*※]+")
NUMBER_AND_TITLE = re.compile(r"([0-9０-９]+(?:[.．][0-9０-９PBＰＢ]+)*)[.．]?\s+(\S.*)", re.DOTALL)
_HEADER_WITHIN = 40
_NUMBER_ONLY, _TEXT_ONLY = frozenset({"number"}), frozenset({"text_ja"})


@dataclass(frozen=True, slots=True)
class Layout:
    """A map of a table that cannot be recognised.

    :param columns: field → the letter of its column, or its header as it stands.
    :param first_row: where the lines begin, counted from 1; 0 when to be found out.
    :param objective_parts: how many parts the number of an objective of the controls part has, 2 or 3; 0 when to be
        found out.
    :param sheets: the only sheets to read; none when all.
    :param kinds: further words for kinds: word → `Kind` or ``clause``.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    first_row: int = 0
    objective_parts: int = 0
    sheets: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)


ANY = Layout()


def layout(content: str) -> Layout:
    """The map that a TOML text describes.

    :raises Incomplete: it is no TOML, or names something that a map does not have.
    """
    try:
        table = tomllib.loads(content)
        columns = {str(name): str(place) for name, place in dict(table.pop("columns", {})).items()}
        kinds = {bare(word): Kind(kind).value if kind != "clause" else kind
                 for kind, words in dict(table.pop("kinds", {})).items() for word in words}  # fmt: skip
        made = Layout(columns, int(table.pop("first_row", 0)), int(table.pop("objective_parts", 0)),
                      tuple(map(str, table.pop("sheets", ()))), kinds)  # fmt: skip
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": str(error)})) from error
    unknown = [*table, *(set(columns) - {*FIELDS, "change"})]
    if unknown or made.objective_parts not in (0, 2, 3):
        wrong = ", ".join(unknown) or "objective_parts"
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": wrong}))
    return made


@cache
def vocabulary() -> tuple[dict[str, frozenset[str]], dict[str, dict[str, str]], tuple[str, ...]]:
    """Header → the fields it may mean; field → word → value; parts of the names of sheets to leave aside."""
    table: dict[str, Any] = read(Path(__file__).parent / "data" / "tables.toml")
    headers: dict[str, set[str]] = {}
    for name, words in table["headers"].items():
        for word in words:
            headers.setdefault(bare(word), set()).add(name)
    values: dict[str, dict[str, str]] = {
        name: {bare(word): value for value, words in groups.items() for word in [*words, value]}
        for name, groups in table["values"].items()
    }
    return {word: frozenset(names) for word, names in headers.items()}, values, tuple(table["skip"]["sheets"])


@lru_cache(maxsize=1_000)
def bare(text: str) -> str:
    """For comparing headers and coded values: no brackets and what is in them, no space, one width and case."""
    outside = _BRACKETED.sub("", text) or text
    return _NOISE.sub("", unicodedata.normalize("NFKC", outside)).lower()


def is_aside(sheet: Sheet) -> bool:
    """Does the sheet's name say that it holds numbers of controls without defining them?"""
    return any(word in bare(sheet.name) for word in vocabulary()[2])


def find(sheet: Sheet, map_: Layout) -> tuple[dict[str, list[int]], int]:
    """Field → its columns, and the index of the first row below the headers."""
    if not sheet.rows:
        return {}, 0
    if map_.columns:
        return _mapped(sheet, map_)
    meant, first = _headers(sheet)
    body = dict(enumerate(zip(*sheet.rows[first:], strict=True))) if sheet.rows[first:] else {}
    columns: dict[str, list[int]] = {}
    for column in body:
        if name := _decide(meant.get(column, frozenset()), body[column]):
            columns.setdefault(name, []).append(column)
    # A column that counts the lines (No. 1, 2, 3 …) has the header of a number, too.
    if numbers := [one for one in columns.get("number", ()) if _share("number", body[one])]:
        columns["number"] = numbers
    free = [column for column in body if not any(column in places for places in columns.values())]
    for name in ("number", "kind", "part"):
        fits = [column for column in free if _share(name, body[column]) >= 0.6 and _is_dense(body[column])]
        if name not in columns and fits:
            columns[name] = fits[:1]
            free.remove(fits[0])
    _find_texts(columns, body, meant)
    return columns, first


def _mapped(sheet: Sheet, map_: Layout) -> tuple[dict[str, list[int]], int]:
    columns: dict[str, list[int]] = {}
    letters = {cell_name(1, column + 1)[:-1]: column for column in range(len(sheet.rows[0]))}
    first = max(0, map_.first_row - sheet.first_row)
    for name, place in map_.columns.items():
        if place.upper() in letters:
            columns[name] = [letters[place.upper()]]
            continue
        for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
            if bare(place) in map(bare, row):
                columns[name] = [[bare(cell) for cell in row].index(bare(place))]
                first = max(first, index + 1)
                break
    return columns, first


def _headers(sheet: Sheet) -> tuple[dict[int, frozenset[str]], int]:
    """Column → the fields that its header may mean (the lowest header row that says anything), and the row below.

    The header is the first run of rows that hold words of headers; one with a number column goes before.
    """
    found = {index: names for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]) if (names := header_names(row))}
    if not found:
        return {}, 0
    first = next((index for index, names in found.items() if _NUMBER_ONLY in names.values()), min(found))
    while first - 1 in found:
        first -= 1
    meant: dict[int, frozenset[str]] = {}
    while first in found:
        meant |= found[first]
        first += 1
    return meant, first


def header_names(row: Sequence[str]) -> dict[int, frozenset[str]]:
    """Column → the fields that its word may mean, when the row is one of headers."""
    known = vocabulary()[0]
    words = {column: word for column, cell in enumerate(row) if (word := bare(cell)) in known}
    names = {column: known[word] for column, word in words.items()}
    is_header = len(set(words.values())) > 1 or _NUMBER_ONLY in names.values()
    return names if is_header and not any(map(holds_number, row)) else {}


def _decide(names: frozenset[str], cells: Sequence[str]) -> str:
    """Which of the fields a header may mean, by the values below it; nothing when they fit none."""
    shares = {name: _share(name, cells) for name in _CODED if name in names}
    best = max(shares, key=lambda name: shares[name], default="")
    if best and shares[best] > 0.5:
        return best
    if plain := sorted(names - set(_CODED)):
        return plain[0]
    return best if len(names) == 1 and any(cells) else ""


def _share(name: str, cells: Sequence[str]) -> float:
    """How many of the filled cells hold a value of that field."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return 0.0
    if name == "number":
        return sum(1 for cell in filled if is_number(written(parted(cell)[0]))) / len(filled)
    known = vocabulary()[1][name]
    return sum(1 for cell in filled if bare(cell) in known) / len(filled)


def _is_dense(cells: Sequence[str]) -> bool:
    return sum(1 for cell in cells if cell) * 2 >= len(cells)


def _find_texts(
    columns: dict[str, list[int]], body: Mapping[int, Sequence[str]], meant: Mapping[int, frozenset[str]]
) -> None:
    """Tell title and text apart where headers do not.

    Without any title or text the column with the longest cells is the text, and without headers the one before it the
    title. Of two text columns side by side (管理策, 内容) the first holds titles.
    """
    texts = columns.get("text_ja", [])
    if "title_ja" in columns:
        return
    if not texts:
        taken = {*meant, *(column for places in columns.values() for column in places)}
        lengths = {column: sum(map(len, cells)) for column, cells in body.items() if column not in taken and any(cells)}
        longest = max(lengths, key=lambda column: lengths[column], default=-1)
        left = [column for column in lengths if column < longest and not meant and _is_dense(body[column])]
        columns |= {"text_ja": [longest]} if lengths else {}
        columns |= {"title_ja": left[-1:]} if left else {}
    elif len(texts) == 2 and meant[texts[1]] == _TEXT_ONLY:
        is_apart = any(texts[0] < column < texts[1] for column in columns.get("number", ()))
        both = sum(1 for first, second in zip(body[texts[0]], body[texts[1]], strict=True) if first and second)
        if not is_apart and both * 2 >= sum(1 for cell in body[texts[1]] if cell):
            columns |= {"title_ja": texts[:1], "text_ja": texts[1:]}


def part_named(sheet: Sheet, first: int) -> Part | None:
    """The part that the sheet's name or a line above its header names in full (…基準, … criteria)."""
    above = " ".join(cell for row in sheet.rows[:first] for cell in row)
    named = f"{bare(sheet.name)} {bare(above)}"
    words = vocabulary()[1]["part"]
    found = {Part(part) for word, part in words.items() if word.endswith(("基準", "criteria")) and word in named}
    return found.pop() if len(found) == 1 else None


def parts_of_objectives(tables: Iterable[tuple[Sheet, Mapping[str, Sequence[int]], int]]) -> int:
    """2 when the controls part is numbered as in 2022: chapters 5 to 8, with 5.1 and without 5.1.1.1; else 3."""
    cells = {
        row[column] for sheet, columns, first in tables for row in sheet.rows[first:] for column in columns["number"]
    }
    numbers = [rules.digits(number) for cell in cells if is_number(number := written(parted(cell)[0]))]
    parts = [one for one in numbers if rules.part_of(one) == Part.CONTROLS]
    is_short = {len(one) for one in parts} in ({2}, {2, 3})
    return 2 if is_short and max(one[0] for one in parts) <= 8 else 3


def parted(cell: str) -> tuple[str, str]:
    """Number and title of a cell that may hold both; a mark behind a space is no title."""
    match = NUMBER_AND_TITLE.fullmatch(cell)
    if not match:
        return cell, ""
    mark = written(match[2])
    return (f"{match[1]}.{mark}", "") if mark in rules.MARKS else (match[1], match[2])


def holds_number(cell: str) -> bool:
    return bool(rules.clause_number(written(parted(cell)[0])))


def cell_value(sheet: Sheet, index: int, places: Sequence[int]) -> str:
    """The rightmost cell of these columns that is filled, one's own before one that a merged range lends."""
    row = sheet.rows[index]
    own = [column for column in places if row[column] and (index, column) not in sheet.merged]
    lent = [column for column in places if row[column]]
    return row[(own or lent)[-1]] if lent else ""
