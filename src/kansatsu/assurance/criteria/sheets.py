"""Tables of the criteria ⇄ controls, wherever in the workbook the lines stand.

Columns are found by `columns`; a row's kind, part and place follow from its values, or from the number itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.columns import (
    ANY,
    FIELDS,
    NUMBER_AND_TITLE,
    Layout,
    bare,
    cell_value,
    find,
    header_names,
    holds_number,
    is_aside,
    part_named,
    parted,
    parts_of_objectives,
    vocabulary,
)
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement, Taken, is_number, written
from kansatsu.core.problems import Problem
from kansatsu.exchange.sheets import Sheet, cell_name

_SUB_ITEM = re.compile(r"[(（]?[a-zａ-ｚ0-9０-９ァ-ヶ]{1,3}(?:[)）]|[.．](?![0-9０-９]))|[・－\-•●○■◆①-⑳]")
_FOOTNOTE = re.compile(r"[(（\[［【「]?(?:※|＊|\*|注|備考|出典|note)", re.IGNORECASE)
_BREAK = re.compile(r"\s*[\n\t]\s*")
_OTHER_MARK = re.compile(r"[\d.]+\.([A-Z]+)", re.ASCII)
_LONGEST_TITLE = 200
_LONGEST_WORD = 30
_TITLES_AND_TEXTS = ("title_ja", "title_en", "text_ja", "text_en")
_SEPARATORS = re.compile(r"[\s,、，;；/／]+")


def take(sheets: Iterable[Sheet], classes: Sequence[Mapping[str, str]], map_: Layout = ANY) -> Taken:
    """Read all lines of all sheets.

    :param classes: basic statement requirements for the lines that do not say theirs.
    """
    return _Reader(classes, map_).read(sheets)


def rows(controls: Iterable[ControlFacts], clauses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """An edition as a table: a header, then clause titles and controls in the order of their numbers."""
    yield FIELDS
    lines = [((*rules.digits(one.number), 0), tuple(_cell(getattr(one, name)) for name in FIELDS)) for one in controls]
    for number, (title_ja, title_en) in clauses.items():
        cells = {"number": number, "kind": "clause", "title_ja": title_ja, "title_en": title_en}
        lines.append(((*map(int, number.split(".")), -1), tuple(cells.get(name, "") for name in FIELDS)))
    for _order, cells_of in sorted(lines, key=lambda line: line[0]):
        yield cells_of


def _cell(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


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
            columns, first = find(sheet, self.map) if self._is_wanted(sheet) else ({}, 0)
            if "number" in columns:
                tables.append((sheet, columns, first))
            elif sheet.rows:
                self.skipped.append(sheet.name)
        self.objective_parts = self.objective_parts or parts_of_objectives(tables)
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
        return sheet.name in self.map.sheets if self.map.sheets else not is_aside(sheet)

    def _lost_columns(self, found: Iterable[Mapping[str, Sequence[int]]]) -> None:
        """A column of the map that no sheet has would else be missing without a word."""
        names = {name for columns in found for name in columns}
        lost = [place for name, place in self.map.columns.items() if name not in names]
        if names and lost:
            self.problems.append(Problem("criteria.bad_map", where="map", params={"reason": ", ".join(lost)}))

    def _sheet(self, sheet: Sheet, columns: dict[str, list[int]], first: int) -> None:
        part = part_named(sheet, first)
        numbers = columns["number"]
        self.is_open = self.is_begun = False
        last = max(
            (index for index in range(len(sheet.rows)) if holds_number(cell_value(sheet, index, numbers))), default=0
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
        raw = cell_value(sheet, index, columns["number"])
        is_numbered = holds_number(raw)
        only = next(iter(own.values())) if len(set(own.values())) == 1 else ""
        if only and (heading := vocabulary()[1]["part"].get(bare(raw or only))):
            return Part(heading)
        is_footnote = is_tail and _FOOTNOTE.match(only)
        is_remark = only and not self.is_begun and not only[:1].isdecimal()
        if not is_numbered and (is_footnote or is_remark or header_names(row)):
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
            values = {name: cell_value(sheet, index, places) for name, places in columns.items()}
            self._numbered(sheet, index, columns, values, part)
        elif NUMBER_AND_TITLE.fullmatch(only):
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
        word = bare(values.get(name, ""))
        known = vocabulary()[1][name] | (dict(self.map.kinds) if name == "kind" else {})
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


def _is_dropped(cell: str) -> bool:
    is_word = len(cell) <= _LONGEST_WORD and "\n" not in cell
    return is_word and vocabulary()[1]["change"].get(bare(cell)) == "dropped"


def _with_title(values: Mapping[str, str]) -> dict[str, str]:
    """The row's values, with what stands behind the number in its cell: a line of title, and text below it."""
    number, more = parted(values["number"])
    title, _, text = more.partition("\n")
    found = {"title_ja": title.strip(), "text_ja": text.strip()} if len(title) <= _LONGEST_TITLE else {"text_ja": more}
    return {
        **values,
        **{name: values.get(name) or found.get(name, "") for name in ("title_ja", "text_ja")},
        "number": number,
    }


def _between(sheet: Sheet, index: int, places: Sequence[int], left: int, right: int) -> str:
    return cell_value(sheet, index, [one for one in places if left < one < right])


def _may_be(kind: str, parts: tuple[int, ...]) -> bool:
    return len(parts) in ((2, 3) if kind == Kind.OBJECTIVE else (3, 4))
