"""Tables of the criteria ⇄ controls: found by their headers and values, wherever in the workbook they stand.

What a header leaves open (区分, 種別) the values below it decide; what no header says, known values and the number
itself. `data/tables.toml` holds the words; a map (TOML) names the columns of a layout that nobody has seen.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement, Taken, is_number, written
from kansatsu.core.datafiles import read
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.exchange.sheets import Sheet, cell_name

COLUMNS = (
    "number", "part", "kind", "mark", "title_ja", "title_en", "text_ja", "text_en", "base", "requirement", "earlier",
    "id",
)  # fmt: skip
_CODED = ("number", "kind", "part", "change", "mark", "requirement")
_BRACKETED = re.compile(r"[(（\[［【「].*?[)）\]］】」]")
_NOISE = re.compile(r"[\s_.()（）\[\]［］【】「」:：*※]+")
_NUMBER_AND_TITLE = re.compile(r"([0-9０-９]+(?:[.．][0-9０-９PBＰＢ]+)*)[.．]?\s+(\S.*)", re.DOTALL)
_SUB_ITEM = re.compile(r"[(（]?[a-zａ-ｚ0-9０-９ァ-ヶ]{1,3}(?:[)）]|[.．](?![0-9０-９]))|[・－\-•●○■◆①-⑳]")
_FOOTNOTE = re.compile(r"[(（\[［【「]?(?:※|＊|\*|注|備考|出典|note)", re.IGNORECASE)
_BREAK = re.compile(r"\s*[\n\t]\s*")
_OTHER_MARK = re.compile(r"[\d.]+\.([A-Z]+)", re.ASCII)
_HEADER_WITHIN = 40
_LONGEST_TITLE = 200
_LONGEST_WORD = 30
_NUMBER_ONLY, _TEXT_ONLY = frozenset({"number"}), frozenset({"text_ja"})
_TITLES_AND_TEXTS = ("title_ja", "title_en", "text_ja", "text_en")
_SEPARATORS = re.compile(r"[\s,、，;；/／]+")


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
        kinds = {_plain(word): Kind(kind).value if kind != "clause" else kind
                 for kind, words in dict(table.pop("kinds", {})).items() for word in words}  # fmt: skip
        made = Layout(columns, int(table.pop("first_row", 0)), int(table.pop("objective_parts", 0)),
                      tuple(map(str, table.pop("sheets", ()))), kinds)  # fmt: skip
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": str(error)})) from error
    unknown = [*table, *(set(columns) - {*COLUMNS, "change"})]
    if unknown or made.objective_parts not in (0, 2, 3):
        wrong = ", ".join(unknown) or "objective_parts"
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": wrong}))
    return made


def take(sheets: Iterable[Sheet], classes: Sequence[Mapping[str, str]], map_: Layout = ANY) -> Taken:
    """Read all lines of all sheets.

    :param classes: basic statement requirements for the lines that do not say theirs.
    """
    return _Reader(classes, map_).read(sheets)


def rows(controls: Iterable[ControlFacts], clauses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """An edition as a table: a header, then clause titles and controls in the order of their numbers."""
    yield COLUMNS
    lines = [((*rules.digits(one.number), 0), tuple(_cell(getattr(one, name)) for name in COLUMNS)) for one in controls]
    for number, (title_ja, title_en) in clauses.items():
        cells = {"number": number, "kind": "clause", "title_ja": title_ja, "title_en": title_en}
        lines.append(((*map(int, number.split(".")), -1), tuple(cells.get(name, "") for name in COLUMNS)))
    for _order, cells_of in sorted(lines, key=lambda line: line[0]):
        yield cells_of


def _cell(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


@cache
def _words() -> tuple[dict[str, frozenset[str]], dict[str, dict[str, str]], tuple[str, ...]]:
    """Header → the fields it may mean; field → word → value; parts of the names of sheets to leave aside."""
    table: dict[str, Any] = read(Path(__file__).parent / "data" / "tables.toml")
    headers: dict[str, set[str]] = {}
    for name, words in table["headers"].items():
        for word in words:
            headers.setdefault(_plain(word), set()).add(name)
    values: dict[str, dict[str, str]] = {
        name: {_plain(word): value for value, words in groups.items() for word in [*words, value]}
        for name, groups in table["values"].items()
    }
    return {word: frozenset(names) for word, names in headers.items()}, values, tuple(table["skip"]["sheets"])


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    """For comparing headers and coded values: no brackets and what is in them, no space, one width and case."""
    outside = _BRACKETED.sub("", text) or text
    return _NOISE.sub("", unicodedata.normalize("NFKC", outside)).lower()


class _Reader:
    """Collects the lines of one file."""

    def __init__(self, classes: Sequence[Mapping[str, str]], map_: Layout) -> None:
        self.classes, self.map = classes, map_
        self.objective_parts = map_.objective_parts
        self.controls: list[ControlFacts] = []
        self.places: list[str] = []
        self.numbers: set[tuple[int, ...]] = set()
        self.clauses: dict[str, tuple[str, str]] = {}
        self.problems: list[Problem] = []
        self.skipped: list[str] = []
        # May a line without a number belong to the last control? Are there lines of this sheet yet?
        self.is_open = self.is_begun = False

    def read(self, sheets: Iterable[Sheet]) -> Taken:
        """The lines of all sheets, held to what an edition must hold to."""
        tables = []
        for sheet in sheets:
            columns, first = self._columns(sheet) if self._is_wanted(sheet) else ({}, 0)
            if "number" in columns:
                tables.append((sheet, columns, first))
            elif sheet.rows:
                self.skipped.append(sheet.name)
        self.objective_parts = self.objective_parts or _objective_parts(tables)
        for sheet, columns, first in tables:
            self._sheet(sheet, columns, first)
        self._lost_columns(columns for _sheet, columns, _first in tables)
        if self.controls or not self.problems:
            first_at = dict(zip((one.number for one in reversed(self.controls)), reversed(self.places), strict=True))
            last_at = dict(zip((one.number for one in self.controls), self.places, strict=True))
            for one in rules.edition_problems(self.controls):
                places = last_at if one.code == "criteria.duplicate_number" else first_at
                self.problems.append(replace(one, where=places.get(one.control or "", one.where)))
        return Taken(rules.ordered(self.controls), self.clauses, self.problems, tuple(self.skipped))

    def _is_wanted(self, sheet: Sheet) -> bool:
        if self.map.sheets:
            return sheet.name in self.map.sheets
        return not any(word in _plain(sheet.name) for word in _words()[2])

    def _lost_columns(self, found: Iterable[Mapping[str, Sequence[int]]]) -> None:
        """A column of the map that no sheet has would else be missing without a word."""
        names = {name for columns in found for name in columns}
        lost = [place for name, place in self.map.columns.items() if name not in names]
        if names and lost:
            self.problems.append(Problem("criteria.bad_map", where="map", params={"reason": ", ".join(lost)}))

    def _columns(self, sheet: Sheet) -> tuple[dict[str, list[int]], int]:
        """Field → its columns, and the index of the first row below the headers."""
        if not sheet.rows:
            return {}, 0
        if self.map.columns:
            return self._mapped(sheet)
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

    def _mapped(self, sheet: Sheet) -> tuple[dict[str, list[int]], int]:
        columns: dict[str, list[int]] = {}
        letters = {cell_name(1, column + 1)[:-1]: column for column in range(len(sheet.rows[0]))}
        first = max(0, self.map.first_row - sheet.first_row)
        for name, place in self.map.columns.items():
            if place.upper() in letters:
                columns[name] = [letters[place.upper()]]
                continue
            for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
                if _plain(place) in map(_plain, row):
                    columns[name] = [[_plain(cell) for cell in row].index(_plain(place))]
                    first = max(first, index + 1)
                    break
        return columns, first

    def _sheet(self, sheet: Sheet, columns: dict[str, list[int]], first: int) -> None:
        part = _part_named(sheet, first)
        numbers = columns["number"]
        self.is_open = self.is_begun = False
        last = max(
            (index for index in range(len(sheet.rows)) if _is_numbered(_value(sheet, index, numbers))), default=0
        )
        for index in range(first, len(sheet.rows)):
            part = self._row(sheet, index, columns, part, is_tail=index > last)

    def _row(
        self, sheet: Sheet, index: int, columns: dict[str, list[int]], part: Part | None, *, is_tail: bool
    ) -> Part | None:
        """Take one row; gives the part that the rows below it belong to."""
        row = sheet.rows[index]
        own = {column: cell for column, cell in enumerate(row) if cell and (index, column) not in sheet.merged}
        if not own:
            return part
        raw = _value(sheet, index, columns["number"])
        is_numbered = _is_numbered(raw)
        only = next(iter(own.values())) if len(set(own.values())) == 1 else ""
        if only and (heading := _words()[1]["part"].get(_plain(raw or only))):
            return Part(heading)
        is_footnote = is_tail and _FOOTNOTE.match(only)
        is_remark = only and not self.is_begun and not only[:1].isdecimal()
        if not is_numbered and (is_footnote or is_remark or _header_names(row)):
            return part
        is_lent = bool(raw) and not any(column in own for column in columns["number"])
        texts = {name: _joined(own.get(column, "") for column in columns.get(name, ())) for name in _TITLES_AND_TEXTS}
        said = texts["text_ja"] or texts["title_ja"]
        is_sub_item = bool(_SUB_ITEM.fullmatch(raw)) and not raw.rstrip(".．").isdecimal()
        if self.is_open and (is_lent or is_sub_item or (not raw and _SUB_ITEM.match(said))):
            self._append(f"{raw} {said}".strip() if is_sub_item and not is_lent else said, texts["text_en"])
        elif is_lent:
            return part
        elif raw:
            values = {name: _value(sheet, index, places) for name, places in columns.items()}
            self._numbered(sheet, index, columns, values, part)
        elif _NUMBER_AND_TITLE.fullmatch(only):
            self._numbered(sheet, index, columns, {"number": only}, part)
        else:
            place = _place(sheet, index, columns["number"][-1])
            self.problems.append(_said("criteria.no_number", place, {"text": (said or next(iter(own.values())))[:40]}))
        return part

    def _append(self, text_ja: str, text_en: str) -> None:
        last = self.controls[-1]
        text_ja, text_en = _joined((last.text_ja, text_ja)), _joined((last.text_en, text_en))
        self.controls[-1] = replace(last, text_ja=text_ja, text_en=text_en)

    def _numbered(
        self, sheet: Sheet, index: int, columns: dict[str, list[int]], values: dict[str, str], part: Part | None
    ) -> None:
        """Take a row that has a number; an objective may stand beside its first detail, in columns of its own."""
        self.is_begun, self.is_open = True, False
        row = sheet.rows[index]
        places = [column for column in columns["number"] if row[column]] or columns["number"][-1:]
        for left, right in pairwise(places):
            between = {name: _between(sheet, index, columns.get(name, ()), left, right) for name in _TITLES_AND_TEXTS}
            beside = _with_title({**between, "number": row[left]})
            number = written(beside["number"])
            if (
                any(beside[name] for name in _TITLES_AND_TEXTS)
                and is_number(number)
                and rules.digits(number) not in self.numbers
            ):
                self._line(beside, _place(sheet, index, left), part)
        if len(places) > 1:
            values |= {
                name: _between(sheet, index, columns.get(name, ()), places[-1], len(row))
                or _between(sheet, index, columns.get(name, ()), -1, places[0])
                for name in _TITLES_AND_TEXTS
            }
        self._line(_with_title(values), _place(sheet, index, places[-1]), part)

    def _line(self, values: Mapping[str, str], place: str, part: Part | None) -> None:
        raw = values["number"]
        number = written(raw)
        if any(_is_dropped(values.get(name, "")) for name in ("change", "title_ja", "text_ja")):
            return
        kind = self._coded("kind", values, place)
        clause = rules.clause_number(number)
        if clause and (kind == "clause" or (not kind and self._is_clause(clause))):
            self._clause(clause, values, place)
            return
        mark = self._coded("mark", values, place)
        if mark and is_number(number) and not rules.mark_of(number):
            number = f"{number}.{mark}"
        if not is_number(number) or kind == "clause":
            other = _OTHER_MARK.fullmatch(number)
            code = "criteria.unknown_mark" if other else "criteria.bad_number"
            params = {"mark": other[1]} if other else {"value": raw[:40]}
            self.problems.append(_said(code, place, params))
            return
        parts = rules.digits(number)
        part = Part(self._coded("part", values, place) or part or rules.part_of(parts))
        if kind and not _may_be(kind, parts):
            self.problems.append(_said("criteria.kind_contradicts", place, {"number": number, "kind": kind}))
        earlier = tuple(written(one) for one in _SEPARATORS.split(values.get("earlier", "")) if one)
        if wrong := [one for one in earlier if not is_number(one)]:
            self.problems.append(_said("criteria.bad_number", place, {"value": wrong[0][:40]}))
            return
        control = ControlFacts(
            number=number,
            part=part,
            kind=Kind(kind or self._kind_of(parts, part)),
            mark=mark or rules.mark_of(number),
            requirement=Requirement.SELECTABLE,
            base=_one_line(values.get("base", "")),
            title_ja=_one_line(values.get("title_ja", "")),
            title_en=_one_line(values.get("title_en", "")),
            text_ja=values.get("text_ja", ""),
            text_en=values.get("text_en", ""),
            earlier=earlier,
            id=values.get("id", ""),
        )
        given = self._coded("requirement", values, place)
        class_ = given or rules.requirement_of(part, control.kind, control.mark, self.classes)
        self.controls.append(replace(control, requirement=Requirement(class_)))
        self.places.append(place)
        self.numbers.add(parts)
        self.is_open = True

    def _clause(self, number: str, values: Mapping[str, str], place: str) -> None:
        title_ja = _one_line(values.get("title_ja") or values.get("text_ja", ""))
        titles = (title_ja, _one_line(values.get("title_en", "")))
        if any(titles) and self.clauses.setdefault(number, titles) != titles:
            self.problems.append(Problem("criteria.duplicate_number", place, number, {"first": number}))

    def _coded(self, name: str, values: Mapping[str, str], place: str) -> str:
        """The value that a word stands for; nothing when there is no word, or a problem when nobody knows it."""
        word = _plain(values.get(name, ""))
        known = _words()[1][name] | (dict(self.map.kinds) if name == "kind" else {})
        if word and word not in known:
            legal = ", ".join(dict.fromkeys(value for value in known.values() if value))
            params = {"field": name, "value": values[name][:40], "known": legal}
            self.problems.append(_said("criteria.unknown_value", place, params))
        return known.get(word, "")

    def _is_clause(self, number: str) -> bool:
        parts = tuple(map(int, number.split(".")))
        return len(parts) == 1 or (
            len(parts) == 2 and (self.objective_parts == 3 or rules.part_of(parts) != Part.CONTROLS)
        )

    def _kind_of(self, parts: tuple[int, ...], part: Part) -> Kind:
        depth = self.objective_parts if part == Part.CONTROLS else 3
        return Kind.OBJECTIVE if len(parts) <= depth else Kind.DETAILED


def _place(sheet: Sheet, index: int, column: int) -> str:
    cell = cell_name(sheet.first_row + index, column + 1)
    return f"{sheet.name}!{cell}" if sheet.name else cell


def _said(code: str, place: str, params: Mapping[str, object]) -> Problem:
    return Problem(code, where=place, params=params)


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text)


def _parted(cell: str) -> tuple[str, str]:
    """Number and title of a cell that may hold both; a mark behind a space is no title."""
    match = _NUMBER_AND_TITLE.fullmatch(cell)
    if not match:
        return cell, ""
    mark = written(match[2])
    return (f"{match[1]}.{mark}", "") if mark in rules.MARKS else (match[1], match[2])


def _is_numbered(cell: str) -> bool:
    return bool(rules.clause_number(written(_parted(cell)[0])))


def _is_dropped(cell: str) -> bool:
    is_word = len(cell) <= _LONGEST_WORD and "\n" not in cell
    return is_word and _words()[1]["change"].get(_plain(cell)) == "dropped"


def _with_title(values: Mapping[str, str]) -> dict[str, str]:
    """The row's values, with what stands behind the number in its cell: a line of title, and text below it."""
    number, more = _parted(values["number"])
    title, _, text = more.partition("\n")
    found = {"title_ja": title.strip(), "text_ja": text.strip()} if len(title) <= _LONGEST_TITLE else {"text_ja": more}
    return {
        **values,
        **{name: values.get(name) or found.get(name, "") for name in ("title_ja", "text_ja")},
        "number": number,
    }


def _between(sheet: Sheet, index: int, places: Sequence[int], left: int, right: int) -> str:
    return _value(sheet, index, [one for one in places if left < one < right])


def _may_be(kind: str, parts: tuple[int, ...]) -> bool:
    return len(parts) in ((2, 3) if kind == Kind.OBJECTIVE else (3, 4))


def _part_named(sheet: Sheet, first: int) -> Part | None:
    """The part that the sheet's name or a line above its header names in full (…基準, … criteria)."""
    above = " ".join(cell for row in sheet.rows[:first] for cell in row)
    named = f"{_plain(sheet.name)} {_plain(above)}"
    words = _words()[1]["part"]
    found = {Part(part) for word, part in words.items() if word.endswith(("基準", "criteria")) and word in named}
    return found.pop() if len(found) == 1 else None


def _objective_parts(tables: Iterable[tuple[Sheet, Mapping[str, Sequence[int]], int]]) -> int:
    """2 when the controls part is numbered as in 2022: chapters 5 to 8, with 5.1 and without 5.1.1.1; else 3."""
    cells = {
        row[column] for sheet, columns, first in tables for row in sheet.rows[first:] for column in columns["number"]
    }
    numbers = [rules.digits(number) for cell in cells if is_number(number := written(_parted(cell)[0]))]
    parts = [one for one in numbers if rules.part_of(one) == Part.CONTROLS]
    is_short = {len(one) for one in parts} in ({2}, {2, 3})
    return 2 if is_short and max(one[0] for one in parts) <= 8 else 3


def _headers(sheet: Sheet) -> tuple[dict[int, frozenset[str]], int]:
    """Column → the fields that its header may mean (the lowest header row that says anything), and the row below.

    The header is the first run of rows that hold words of headers; one with a number column goes before.
    """
    found = {index: names for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]) if (names := _header_names(row))}
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


def _header_names(row: Sequence[str]) -> dict[int, frozenset[str]]:
    """Column → the fields that its word may mean, when the row is one of headers."""
    known = _words()[0]
    words = {column: word for column, cell in enumerate(row) if (word := _plain(cell)) in known}
    names = {column: known[word] for column, word in words.items()}
    is_header = len(set(words.values())) > 1 or _NUMBER_ONLY in names.values()
    return names if is_header and not any(map(_is_numbered, row)) else {}


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
        return sum(1 for cell in filled if is_number(written(_parted(cell)[0]))) / len(filled)
    known = _words()[1][name]
    return sum(1 for cell in filled if _plain(cell) in known) / len(filled)


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


def _value(sheet: Sheet, index: int, places: Sequence[int]) -> str:
    """The rightmost cell of these columns that is filled, one's own before one that a merged range lends."""
    row = sheet.rows[index]
    own = [column for column in places if row[column] and (index, column) not in sheet.merged]
    lent = [column for column in places if row[column]]
    return row[(own or lent)[-1]] if lent else ""
