"""Editions and mapping sets as files: what somebody brings in, of whatever form, and what they take out."""

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from kansatsu.assurance.criteria import columns, oscal, sheets
from kansatsu.assurance.criteria.columns import Layout
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import ControlFacts, Heading, Taken, written
from kansatsu.core.problems import Problem
from kansatsu.exchange.apart import read_document_apart, read_table_apart
from kansatsu.exchange.oscal import documents, schemas, validation
from kansatsu.exchange.sheets import Limits, Sheet, UnreadableTableError, cell_name, write_csv
from kansatsu.exchange.workbooks import write_workbook

Classes = Sequence[Mapping[str, str]]
_MODELS = {model for edition in schemas.EDITIONS for model in schemas.models(edition)}
# Behind blank lines and YAML's comments: JSON's brace, YAML's marks, or the name of a model.
_DOCUMENT = re.compile(rf"(?:\s|#[^\n]*\n)*(?:\{{|---|%YAML|[\"']?(?:{'|'.join(sorted(_MODELS))})[\"']?\s*:)".encode())
_MAPPING_COLUMNS = ("source", "target", "relation", "confidence", "note")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a file. :param suffix: of its name. :param content_type: as the web names it."""

    suffix: str
    content_type: str


FORMS = {
    "oscal-json": Form("json", "application/json"),
    "oscal-yaml": Form("yaml", "application/yaml"),
    "oscal-profile-json": Form("profile.json", "application/json"),
    "oscal-profile-yaml": Form("profile.yaml", "application/yaml"),
    "csv": Form("csv", "text/csv; charset=utf-8"),
    "xlsx": Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MAPPING_FORMS = {name: FORMS[name] for name in ("oscal-json", "oscal-yaml", "csv")}


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a file may hold. :param table: for CSV and workbooks. :param document: for OSCAL."""

    table: Limits = field(default_factory=Limits)
    document: documents.Limits = field(default_factory=documents.Limits)


def read_limits() -> ReadLimits:
    """How much a file that somebody brings in may hold, by the settings."""
    limits = settings.IMPORT_LIMITS
    return ReadLimits(
        table=Limits(
            content_bytes=limits["bytes"],
            unpacked_bytes=limits["unpacked_bytes"],
            rows=limits["rows"],
            seconds=limits["seconds"],
            memory_bytes=limits["memory_bytes"],
        ),
        document=documents.Limits(size=limits["bytes"], depth=limits["depth"]),
    )


def take(content: bytes, classes: Classes, *, map_: Layout = columns.ANY, limits: ReadLimits) -> Taken:
    """The edition in a file: OSCAL (JSON, YAML), CSV or a workbook, told apart by content.

    :param classes: basic statement requirements for the lines that do not say theirs.
    """
    if _is_document(content):
        value, problems = _document(content, "catalog", limits)
        return Taken((), {}, problems) if problems else oscal.take(value, classes)
    found, problems = _sheets(content, limits)
    return Taken((), {}, problems) if problems else sheets.take(found, classes, map_)


def take_mappings(
    content: bytes, source: Mapping[str, str], target: Mapping[str, str], *, limits: ReadLimits
) -> tuple[list[MappingFacts], list[Problem]]:
    """The rows of a mapping set in a file: an OSCAL mapping collection, CSV or a workbook.

    :param source, target: number → control id of the two editions.
    """
    if _is_document(content):
        value, problems = _document(content, "mapping-collection", limits)
        if problems:
            return [], problems
        return oscal.take_mappings(value, _turned(source), _turned(target))
    found, problems = _sheets(content, limits)
    if problems:
        return [], problems
    rows: list[MappingFacts] = []
    for sheet in found:
        rows += _mapping_rows(sheet, problems)
    return rows, problems


def _turned(table: Mapping[str, str]) -> dict[str, str]:
    return {value: key for key, value in table.items()}


def _is_document(content: bytes) -> bool:
    return _DOCUMENT.match(content.removeprefix(codecs.BOM_UTF8)) is not None


def _document(content: bytes, model: str, limits: ReadLimits) -> tuple[Any, list[Problem]]:
    """What stands under the model's name, or why it cannot be used."""
    try:
        document = read_document_apart(
            content, limits.document, seconds=limits.table.seconds, memory_bytes=limits.table.memory_bytes
        )
    except documents.UnreadableDocumentError as error:
        return None, [oscal.problem(error.fault)]
    faults = validation.faults(document, expected_model=model)
    return document.root, [oscal.problem(fault) for fault in faults]


def _sheets(content: bytes, limits: ReadLimits) -> tuple[tuple[Sheet, ...], list[Problem]]:
    try:
        return read_table_apart(content, limits.table), []
    except UnreadableTableError as error:
        place = "!".join(str(error.params[name]) for name in ("sheet", "cell") if error.params.get(name))
        # A cell of CSV can be too long for the parser already, which knows no limit of ours.
        params = {"limit": limits.table.cell_characters, **error.params}
        return (), [Problem(f"exchange.{error.code}", where=place or "file", params=params)]


def _mapping_rows(sheet: Sheet, problems: list[Problem]) -> list[MappingFacts]:
    header = [cell.strip().lower() for cell in sheet.rows[0]] if sheet.rows else []
    if not {"source", "target", "relation"} <= set(header):
        problems.append(Problem("criteria.no_mappings", where=sheet.name or "file"))
        return []
    at = {name: header.index(name) for name in _MAPPING_COLUMNS if name in header}
    rows = []
    for index, cells in enumerate(sheet.rows[1:], 1):
        values = {name: cells[column] for name, column in at.items()}
        if not any(values.values()):
            continue
        known = {"relation": [*Relation], "confidence": [*Confidence, ""]}
        wrong = [name for name in known if values.get(name, "").lower() not in known[name]]
        for name in wrong:
            cell = cell_name(sheet.first_row + index, at[name] + 1)
            place = f"{sheet.name}!{cell}" if sheet.name else cell
            legal = ", ".join(value for value in known[name] if value)
            params = {"field": name, "value": values[name][:40], "known": legal}
            problems.append(Problem("criteria.unknown_value", where=place, params=params))
        if not wrong:
            rows.append(
                MappingFacts(
                    written(values["source"]),
                    written(values["target"]),
                    Relation(values["relation"].lower()),
                    Confidence(values.get("confidence", "").lower() or Confidence.LOW),
                    values.get("note", ""),
                )
            )
    return rows


def edition_file(
    form: str, heading: Heading, controls: Sequence[ControlFacts], clauses: Mapping[str, Sequence[str]]
) -> bytes:
    """An edition in one of `FORMS`; the same edition gives the same bytes."""
    writers: dict[str, Callable[[], bytes]] = {
        "oscal-json": lambda: documents.write(oscal.catalogue(heading, controls, clauses), "json"),
        "oscal-yaml": lambda: documents.write(oscal.catalogue(heading, controls, clauses), "yaml"),
        "oscal-profile-json": lambda: documents.write(oscal.profile(heading, controls, f"{heading.id}.json"), "json"),
        "oscal-profile-yaml": lambda: documents.write(oscal.profile(heading, controls, f"{heading.id}.yaml"), "yaml"),
        "csv": lambda: write_csv(list(sheets.rows(controls, clauses))),
        "xlsx": lambda: write_workbook([("criteria", list(sheets.rows(controls, clauses)))]),
    }
    return writers[form]()


def mapping_file(
    form: str,
    heading: Heading,
    rows: Sequence[MappingFacts],
    *,
    source: tuple[str, str, Mapping[str, str]],
    target: tuple[str, str, Mapping[str, str]],
) -> bytes:
    """A mapping set in one of `MAPPING_FORMS`.

    :param source, target: edition id, content hash, and number → control id.
    """
    if form == "csv":
        lines = [(row.source, row.target, row.relation.value, row.confidence.value, row.note) for row in rows]
        return write_csv([_MAPPING_COLUMNS, *lines])
    return documents.write(
        oscal.mapping_collection(heading, rows, source=source, target=target),
        "yaml" if form == "oscal-yaml" else "json",
    )
