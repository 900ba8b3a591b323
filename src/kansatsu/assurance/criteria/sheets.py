"""Tables of the criteria ⇄ controls: found by their headers and values, wherever in the workbook they stand.

What a header leaves open (区分, 種別) the values below it decide; what no header says, known values and the number
itself. `data/tables.toml` holds the words; a map (TOML) names the columns of a layout that nobody has seen.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
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
_NOISE = re.compile(r"[\s_()（）\[\]［］【】「」:：*※]+")
_NUMBER_AND_TITLE = re.compile(r"([0-9０-９]+(?:[.．][0-9０-９PBＰＢ]+)*)[.．]?\s+(\S.*)", re.DOTALL)
_CHAPTER = re.compile(r"\d{1,2}", re.ASCII)
_SUB_ITEM = re.compile(r"[(（]?[a-zａ-ｚ0-9０-９ァ-ヶivx]{1,3}[)）.．]|[・－\-•●○■◆①-⑳]")
_OTHER_MARK = re.compile(r"[\d.]+\.([A-Z]+)", re.ASCII)
_HEADER_WITHIN = 40
_SEPARATORS = re.compile(r"[\s,、，;；/／]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """A map of a table that cannot be recognised.

    :param columns: field → the letter of its column, or its header as it stands.
    :param first_row: where the lines begin, counted from 1; 0 when to be found out.
    :param objective_parts: how many parts the number of an objective of the controls part has, 2 or 3.
    :param sheets: the only sheets to read; none when all.
    :param kinds: further words for kinds: word → `Kind` or ``clause``.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    first_row: int = 0
    objective_parts: int = 3
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
        made = Layout(columns, int(table.pop("first_row", 0)), int(table.pop("objective_parts", 3)),
                      tuple(map(str, table.pop("sheets", ()))), kinds)  # fmt: skip
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError) as error:
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": str(error)})) from error
    unknown = [*table, *(set(columns) - {*COLUMNS, "change"})]
    if unknown or made.objective_parts not in (2, 3):
        wrong = ", ".join(unknown) or "objective_parts"
        raise Incomplete(Problem("criteria.bad_map", where="map", params={"reason": wrong}))
    return made


def take(sheets: Iterable[Sheet], classes: Sequence[Mapping[str, str]], map_: Layout = ANY) -> Taken:
    """Read all lines of all sheets.

    :param classes: basic statement requirements for the lines that do not say theirs.
    """
    reader = _Reader(classes, map_)
    for sheet in sheets:
        reader.read(sheet)
    return reader.taken()


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


def _plain(text: str) -> str:
    """For comparing headers and coded values: no brackets and what is in them, no space, one width and case."""
    outside = _BRACKETED.sub("", text) or text
    return _NOISE.sub("", unicodedata.normalize("NFKC", outside)).lower()


class _Reader:
    """Collects the lines of one file."""

    def __init__(self, classes: Sequence[Mapping[str, str]], map_: Layout) -> None:
        self.classes, self.map = classes, map_
        self.controls: list[ControlFacts] = []
        self.places: list[str] = []
        self.clauses: dict[str, tuple[str, str]] = {}
        self.problems: list[Problem] = []
        self.skipped: list[str] = []

    def taken(self) -> Taken:
        """The lines of all sheets, held to what an edition must hold to."""
        problems = self.problems
        found = rules.edition_problems(self.controls)
        if not (problems and not self.controls):
            where = dict(zip((one.number for one in reversed(self.controls)), reversed(self.places), strict=True))
            last = dict(zip((one.number for one in self.controls), self.places, strict=True))
            for one in found:
                place = last if one.code == "criteria.duplicate_number" else where
                problems.append(replace(one, where=place.get(one.control or "", one.where)))
        return Taken(rules.ordered(self.controls), self.clauses, problems, tuple(self.skipped))

    def read(self, sheet: Sheet) -> None:
        """Take in the lines of one sheet, or leave it aside when it has none."""
        wanted = sheet.name in self.map.sheets if self.map.sheets else not self._is_aside(sheet)
        columns, first = self._columns(sheet) if wanted else ({}, 0)
        if "number" not in columns:
            if sheet.rows:
                self.skipped.append(sheet.name)
            return
        part = self._part_named(sheet, first)
        for index in range(first, len(sheet.rows)):
            part = self._row(sheet, index, columns, part)

    def _is_aside(self, sheet: Sheet) -> bool:
        name = _plain(sheet.name)
        return any(word in name for word in _words()[2])

    def _columns(self, sheet: Sheet) -> tuple[dict[str, list[int]], int]:
        """Field → its columns, and the index of the first row below the headers."""
        if self.map.columns:
            return self._mapped(sheet)
        meant, first = _headers(sheet)
        body = sheet.rows[first:]
        columns: dict[str, list[int]] = {}
        for column, names in meant.items():
            if name := _decide(names, [row[column] for row in body]):
                columns.setdefault(name, []).append(column)
        used = {column for places in columns.values() for column in places}
        free = [column for column in range(len(sheet.rows[0]) if sheet.rows else 0) if column not in used]
        for name in ("number", "kind", "part"):
            for column in free:
                if name not in columns and _share(name, [row[column] for row in body]) >= 0.6:
                    columns[name] = [column]
        free = [column for column in free if [column] not in columns.values() and column not in meant]
        lengths = {column: _mean_length(row[column] for row in body) for column in free}
        if "text_ja" not in columns and "title_ja" not in columns and lengths:
            longest = max(lengths, key=lambda column: lengths[column])
            if lengths[longest]:
                columns["text_ja"] = [longest]
        return columns, first

    def _mapped(self, sheet: Sheet) -> tuple[dict[str, list[int]], int]:
        columns: dict[str, list[int]] = {}
        width = len(sheet.rows[0]) if sheet.rows else 0
        letters = {cell_name(1, column + 1)[:-1]: column for column in range(width)}
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

    def _part_named(self, sheet: Sheet, first: int) -> Part | None:
        """The part that the sheet's name or a line above its header names."""
        above = " ".join(cell for row in sheet.rows[:first] for cell in row)
        named = _plain(sheet.name) + " " + _plain(above)
        words = _words()[1]["part"]
        found = [Part(value) for word, value in words.items() if len(word) > 3 and word in named]
        return found[0] if len(set(found)) == 1 else None

    def _row(self, sheet: Sheet, index: int, columns: dict[str, list[int]], part: Part | None) -> Part | None:
        """Take one row; gives the part that the rows below it belong to."""
        row = sheet.rows[index]
        own = [cell for column, cell in enumerate(row) if cell and (index, column) not in sheet.merged]
        if not own:
            return part
        values = {name: _value(sheet, index, places) for name, places in columns.items()}
        place = self._place(sheet, index, columns["number"][-1])
        raw = values.get("number", "")
        heading = _words()[1]["part"].get(_plain(raw or own[0]))
        if heading and len(set(own)) == 1:
            return Part(heading)
        if match := _NUMBER_AND_TITLE.fullmatch(raw):
            raw = match[1]
            values.setdefault("title_ja", "")
            values["title_ja"] = values["title_ja"] or match[2]
        number = written(raw)
        is_header = "number" in _words()[0].get(_plain(raw), ())
        is_dropped = _words()[1]["change"].get(_plain(values.get("change", ""))) == "dropped"
        if not number:
            self._without_number(own, values, place)
        elif is_header or is_dropped:
            return part
        elif _is_filled(sheet, index, columns["number"]) and self.controls and self.controls[-1].number == number:
            self._append(values.get("text_ja", ""))
        else:
            self._line(number, raw, values, place, part)
        return part

    def _without_number(self, own: Sequence[str], values: Mapping[str, str], place: str) -> None:
        text = values.get("text_ja") or values.get("title_ja") or own[0]
        match = _NUMBER_AND_TITLE.fullmatch(own[0])
        if match and len(set(own)) == 1:
            self.clauses[written(match[1]).removesuffix(".P")] = (match[2].strip(), "")
        elif self.controls and _SUB_ITEM.match(text):
            self._append(text)
        elif self.controls or len(set(own)) > 1:
            self.problems.append(Problem("criteria.no_number", where=place, params={"text": text[:40]}))

    def _append(self, text: str) -> None:
        if text:
            last = self.controls[-1]
            self.controls[-1] = replace(last, text_ja=f"{last.text_ja}\n{text}".strip())

    def _line(self, number: str, raw: str, values: Mapping[str, str], place: str, part: Part | None) -> None:
        kind = self._coded("kind", values, place)
        if kind == "clause" or _CHAPTER.fullmatch(number) or (not kind and self._is_clause(number)):
            titles = (values.get("title_ja") or values.get("text_ja", ""), values.get("title_en", ""))
            self.clauses[number.removesuffix(".P")] = titles
            return
        mark = self._coded("mark", values, place)
        if mark and is_number(number) and not rules.mark_of(number):
            number = f"{number}.{mark}"
        if not is_number(number):
            other = _OTHER_MARK.fullmatch(number)
            code = "criteria.unknown_mark" if other else "criteria.bad_number"
            params = {"mark": other[1]} if other else {"value": raw[:40]}
            self.problems.append(_said(code, place, params))
            return
        parts = rules.digits(number)
        part = Part(self._coded("part", values, place) or part or _part_of(parts))
        by_number = self._kind_of(parts, part)
        if kind and not _may_be(kind, parts):
            self.problems.append(_said("criteria.kind_contradicts", place, {"number": number, "kind": kind}))
        earlier = tuple(written(one) for one in _SEPARATORS.split(values.get("earlier", "")) if one)
        if wrong := [one for one in earlier if not is_number(one)]:
            self.problems.append(_said("criteria.bad_number", place, {"value": wrong[0][:40]}))
            return
        control = ControlFacts(
            number=number,
            part=part,
            kind=Kind(kind or by_number),
            mark=rules.mark_of(number),
            requirement=Requirement.SELECTABLE,
            base=" ".join(values.get("base", "").split()),
            title_ja=" ".join(values.get("title_ja", "").split()),
            title_en=" ".join(values.get("title_en", "").split()),
            text_ja=values.get("text_ja", ""),
            text_en=values.get("text_en", ""),
            earlier=earlier,
            id=values.get("id", ""),
        )
        given = self._coded("requirement", values, place)
        table = self.classes
        class_ = Requirement(given) if given else rules.requirement_of(part, control.kind, control.mark, table)
        self.controls.append(replace(control, requirement=class_))
        self.places.append(place)

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
        if not is_number(number) or len(rules.digits(number)) != 2:
            return False
        return self.map.objective_parts == 3 or _part_of(rules.digits(number)) != Part.CONTROLS

    def _kind_of(self, parts: tuple[int, ...], part: Part) -> Kind:
        depth = self.map.objective_parts if part == Part.CONTROLS else 3
        return Kind.OBJECTIVE if len(parts) <= depth else Kind.DETAILED

    @staticmethod
    def _place(sheet: Sheet, index: int, column: int) -> str:
        cell = cell_name(sheet.first_row + index, column + 1)
        return f"{sheet.name}!{cell}" if sheet.name else cell


def _said(code: str, place: str, params: Mapping[str, object]) -> Problem:
    return Problem(code, where=place, params=params)


def _part_of(parts: tuple[int, ...]) -> Part:
    return {3: Part.GOVERNANCE, 4: Part.MANAGEMENT}.get(parts[0], Part.CONTROLS)


def _may_be(kind: str, parts: tuple[int, ...]) -> bool:
    return len(parts) in ((2, 3) if kind == Kind.OBJECTIVE else (3, 4))


def _headers(sheet: Sheet) -> tuple[dict[int, frozenset[str]], int]:
    """Column → the fields that its header may mean (the lowest header row that says anything), and the row below."""
    known = _words()[0]
    meant: dict[int, frozenset[str]] = {}
    first = 0
    for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        found = {column: known[_plain(cell)] for column, cell in enumerate(row) if _plain(cell) in known}
        names = frozenset().union(*found.values())
        is_header = (len(found) > 1 or "number" in names) and not any(is_number(written(cell)) for cell in row)
        if is_header and (not first or index == first):
            meant |= found
            first = index + 1
    return meant, first


def _decide(names: frozenset[str], cells: Sequence[str]) -> str:
    """Which of the fields a header may mean, by the values below it; nothing when they fit none."""
    shares = {name: _share(name, cells) for name in _CODED if name in names}
    best = max(shares, key=lambda name: shares[name], default="")
    if best and shares[best] > 0.5:
        return best
    plain = sorted(names - set(_CODED))
    if plain:
        return "number" if _share("number", cells) > 0.8 and not {"earlier", "base", "id"} & names else plain[0]
    return next(iter(names)) if len(names) == 1 and any(cells) else ""


def _share(name: str, cells: Sequence[str]) -> float:
    """How many of the filled cells hold a value of that field."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return 0.0
    if name == "number":
        return sum(1 for cell in filled if is_number(written(_first_word(cell)))) / len(filled)
    known = _words()[1][name]
    return sum(1 for cell in filled if _plain(cell) in known) / len(filled)


def _first_word(cell: str) -> str:
    return cell.split(maxsplit=1)[0]


def _mean_length(cells: Iterable[str]) -> float:
    lengths = [len(cell) for cell in cells]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _value(sheet: Sheet, index: int, places: Sequence[int]) -> str:
    """The rightmost cell of these columns that is filled, one's own before one that a merged range lends."""
    row = sheet.rows[index]
    own = [column for column in places if row[column] and (index, column) not in sheet.merged]
    lent = [column for column in places if row[column]]
    return row[(own or lent)[-1]] if lent else ""


def _is_filled(sheet: Sheet, index: int, places: Sequence[int]) -> bool:
    return not any(sheet.rows[index][column] and (index, column) not in sheet.merged for column in places)
