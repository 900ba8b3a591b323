"""`kansatsu criteria`: the editions, their controls and differences; bringing editions in and taking them out.

What ships needs no database; what was brought in is in it.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete, Refusal

if TYPE_CHECKING:
    from kansatsu.assurance.criteria.differences import Difference
    from kansatsu.assurance.criteria.rules import ControlFacts, Heading, Taken

_FORMATS = ("oscal-json", "oscal-yaml", "oscal-profile-json", "oscal-profile-yaml", "csv", "xlsx")
_SHOWN = ("number", "part", "kind", "mark", "requirement", "base", "title_ja", "title_en", "text_ja")


@dataclass(frozen=True, slots=True)
class _Held:
    """An edition from wherever it is."""

    id: str
    title_ja: str
    title_en: str
    status: str
    source: str
    published_on: date
    incomplete: bool
    synthetic: bool
    unverified: bool
    content_hash: str
    controls: "tuple[ControlFacts, ...]"
    clauses: dict[str, tuple[str, str]]

    @property
    def title(self) -> str:
        return self.title_ja if door.language() == "ja" or not self.title_en else self.title_en

    def heading(self) -> "Heading":
        from kansatsu.assurance.criteria.rules import Heading

        return Heading(self.id, self.title_ja, self.published_on, self.source, self.content_hash)


@click.group()
def criteria() -> None:
    """Editions of the control criteria."""


@criteria.command("list")
@door.as_json
def list_(as_json: bool) -> None:
    """List the editions: what ships, and what was brought in."""
    from kansatsu.assurance.criteria.editions import shipped_ids

    found = [_shipped(name) for name in shipped_ids()]
    if _has_database():
        from kansatsu.accounts.actors import SYSTEM
        from kansatsu.assurance.criteria.queries import shelf

        found += [_here(edition) for edition in shelf(SYSTEM) if edition.pk not in shipped_ids()]
    if as_json:
        rows = [
            {
                "edition": one.id,
                "title": one.title,
                "status": one.status,
                "controls": len(one.controls),
                "hash": one.content_hash,
                "incomplete": one.incomplete,
                "synthetic": one.synthetic,
                "unverified": one.unverified,
                "source": one.source,
            }
            for one in found
        ]
        door.print_json({"editions": rows})
        return
    for one in found:
        click.echo(f"{one.id:28} {len(one.controls):5}  {one.title}")


@criteria.command()
@click.argument("edition")
@click.argument("number", required=False)
@door.as_json
@door.refusals
def show(edition: str, number: str | None, as_json: bool) -> None:
    """Show an edition's controls, or one of them."""
    from kansatsu.assurance.criteria.rules import written

    held = _edition(edition)
    found = [one for one in held.controls if number is None or one.number == written(number)]
    if not found:
        raise Incomplete(
            Problem("criteria.no_such_control", where="number", params={"edition": edition, "number": number})
        )
    if as_json:
        rows = [_plain(one) if number else {name: str(getattr(one, name)) for name in _SHOWN} for one in found]
        door.print_json({"edition": edition, "hash": held.content_hash, "controls": rows})
        return
    for one in found:
        title = one.title_ja if door.language() == "ja" or not one.title_en else one.title_en
        click.echo(f"{one.number:14} {title}")


@criteria.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--edition", "edition_id", metavar="ID", required=True, help="Its id, such as ismap-2026-04.")
@click.option("--title", help="Its title in Japanese; the id when there is none.")
@click.option("--title-en", default="", help="Its title in English.")
@click.option("--source", default="", help="Where it comes from.")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]), help="The day it bears; today when not given.")
@click.option("--predecessor", default="", metavar="ID", help="The edition that it follows.")
@click.option("--requirements", "reading", default="2022", show_default=True, metavar="READING",
              help="Basic statement requirements for lines that do not say theirs.")  # fmt: skip
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Columns of an unusual table, as TOML.")
@click.option("--as", "email", metavar="EMAIL", help="Whose act it is; the system's when not given.")
@click.option("--dry-run", is_flag=True, help="Only check the file; writes nothing.")
@door.as_json
@door.refusals
def import_(
    file: Path,
    edition_id: str,
    title: str | None,
    title_en: str,
    source: str,
    published_on: datetime | None,
    predecessor: str,
    reading: str,
    map_file: Path | None,
    email: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring an edition in as a draft, from Excel, CSV or OSCAL; the whole or nothing."""
    door.start()
    from django.utils import timezone

    from kansatsu.assurance.criteria import actions, columns, editions, files, rules
    from kansatsu.core.calendar import tokyo_date

    if reading not in editions.readings():
        known = ", ".join(editions.readings())
        params = {"field": "requirements", "value": reading, "known": known}
        raise Incomplete(Problem("criteria.unknown_value", where="--requirements", params=params))
    content = _content(file, "FILE")
    map_ = columns.layout(_text(map_file)) if map_file else columns.ANY
    taken = files.take(content, editions.readings()[reading].classes, map_=map_, limits=files.read_limits())
    header = rules.EditionHeader(
        id=edition_id,
        title_ja=title or edition_id,
        title_en=title_en,
        published_on=published_on.date() if published_on else tokyo_date(timezone.now()),
        source=source or file.name,
        reading=reading,
        predecessor=predecessor,
    )
    problems = [*rules.header_problems(header), *taken.problems]
    if dry_run and _is_taken(edition_id):
        problems.append(Problem("criteria.id_taken", where="edition", params={"edition": edition_id}))
    refusal: Refusal | None = None
    if not problems and not dry_run:
        door.require_migrated()
        try:
            actor = _actor(email)
            actions.import_edition(
                header=header,
                controls=taken.controls,
                clauses=taken.clauses,
                original=actions.Upload(file.name, content),
                actor=actor,
                now=timezone.now(),
            )
        except Refusal as refused:
            refusal, problems = refused, list(refused.problems)
    _report(edition_id, taken, problems, dry_run=dry_run, as_json=as_json)
    if problems:
        sys.exit(refusal.exit_code if refusal else Incomplete.exit_code)


def _report(edition_id: str, taken: "Taken", problems: Sequence[Problem], *, dry_run: bool, as_json: bool) -> None:
    from kansatsu.assurance.criteria import rules

    counts = rules.counts(taken.controls)
    digest = None if problems else rules.content_hash(taken.controls)
    if as_json:
        door.print_json(
            {
                "edition": edition_id,
                "hash": digest,
                "counts": counts,
                "clauses": len(taken.clauses),
                "skipped_sheets": list(taken.skipped),
                "dry_run": dry_run,
                "problems": [render(problem, door.language()) for problem in problems],
            }
        )
        return
    door.show_problems(problems, as_json=False)
    if problems:
        click.echo(f"{edition_id}: {len(problems)} problems, nothing was written.", err=True)
        return
    click.echo(f"{edition_id}: {counts['total']} controls {'would be imported' if dry_run else 'imported'}, {digest}")


@criteria.command()
@click.argument("older")
@click.argument("newer")
@door.as_json
@door.refusals
def diff(older: str, newer: str, as_json: bool) -> None:
    """Show what changed between two editions, line by line."""
    from collections import Counter

    a, b = _edition(older), _edition(newer)
    found = _account(a, b)
    changes = Counter(one.change.value for one in found)
    if as_json:
        door.print_json(
            {
                "older": {"edition": a.id, "hash": a.content_hash},
                "newer": {"edition": b.id, "hash": b.content_hash},
                "counts": dict(changes),
                "differences": [_difference(one) for one in found],
            }
        )
        return
    for one in found:
        if one.change != "unchanged":
            click.echo(f"{one.change:11} {' '.join(one.before) or '-':32} → {' '.join(one.after) or '-'}")
    click.echo(", ".join(f"{name}: {count}" for name, count in changes.items()), err=True)


@criteria.command()
@click.argument("edition")
@click.option("--format", "form", type=click.Choice(_FORMATS), required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@door.refusals
def export(edition: str, form: str, output: Path) -> None:
    """Write an edition to a file."""
    from kansatsu.assurance.criteria.files import edition_file

    held = _edition(edition)
    content = edition_file(form, held.heading(), held.controls, held.clauses)
    door.write_whole(output, content, where=str(output))
    click.echo(f"{output}: {len(held.controls)} controls, {held.content_hash}", err=True)


def _account(a: _Held, b: _Held) -> "list[Difference]":
    from kansatsu.assurance.criteria.differences import difference
    from kansatsu.assurance.criteria.editions import shipped, shipped_mappings
    from kansatsu.assurance.criteria.mappings import id_pairs

    if _has_database():
        from kansatsu.assurance.criteria.models import Edition
        from kansatsu.assurance.criteria.queries import account

        here = Edition.objects.in_bulk([a.id, b.id])
        if here.keys() >= {a.id, b.id}:
            return account(here[a.id], here[b.id])
    ids = {one.number: one.id for one in b.controls}
    pairs: set[tuple[str, str]] = set()
    for one in shipped_mappings():
        if one.target == b.id:
            pairs |= id_pairs(one.rows, {line.number: line.id for line in shipped(one.source).controls}, ids)
    return difference(a.controls, b.controls, pairs)


def _difference(one: "Difference") -> dict[str, Any]:
    from kansatsu.assurance.criteria.differences import words

    changed: dict[str, Any] = {}
    for name, (before, after) in one.changed.items():
        changed[name] = {"before": before, "after": after}
        if name.startswith(("text", "title")):
            changed[name]["words"] = words(before, after)
    return {
        "change": one.change,
        "before": one.before,
        "after": one.after,
        "statement": one.carry,
        "changed": changed,
        "lines": [_plain(line) for line in one.lines],
    }


def _plain(one: "ControlFacts") -> dict[str, Any]:
    return asdict(one)


def _shipped(edition_id: str) -> _Held:
    from kansatsu.assurance.criteria import rules
    from kansatsu.assurance.criteria.editions import clause_titles, shipped

    one = shipped(edition_id)
    return _Held(
        id=one.id,
        title_ja=one.title_ja,
        title_en=one.title_en,
        status="published",
        source=one.source,
        published_on=one.published_on,
        incomplete=one.is_incomplete,
        synthetic=one.is_synthetic,
        unverified=one.is_unverified,
        content_hash=rules.content_hash(one.controls),
        controls=one.controls,
        clauses=clause_titles(one.layout),
    )


def _here(edition: Any) -> _Held:
    from kansatsu.assurance.criteria.queries import clauses_of, facts

    return _Held(
        id=edition.pk,
        title_ja=edition.title_ja,
        title_en=edition.title_en,
        status=edition.status,
        source=edition.source,
        published_on=edition.published_on,
        incomplete=edition.is_incomplete,
        synthetic=edition.is_synthetic,
        unverified=edition.is_unverified,
        content_hash=edition.content_hash,
        controls=facts(edition),
        clauses=clauses_of(edition),
    )


def _edition(edition_id: str) -> _Held:
    """:raises Incomplete: it neither ships nor is it in the database."""
    from kansatsu.assurance.criteria.editions import no_such_edition, shipped_ids

    if edition_id in shipped_ids():
        return _shipped(edition_id)
    known = set(shipped_ids())
    if _has_database():
        from kansatsu.accounts.actors import SYSTEM
        from kansatsu.assurance.criteria.policy import editions_visible_to

        here = editions_visible_to(SYSTEM)
        if edition := here.filter(pk=edition_id).first():
            return _here(edition)
        known.update(here.values_list("pk", flat=True))
    raise Incomplete(no_such_edition(edition_id, known))


def _is_taken(edition_id: str) -> bool:
    """Does an edition of this id ship, or stand in the database, if there is one?"""
    from kansatsu.assurance.criteria.editions import shipped_ids

    if edition_id in shipped_ids():
        return True
    if not _has_database():
        return False
    from kansatsu.assurance.criteria.models import Edition

    return Edition.objects.filter(pk=edition_id).exists()


def _has_database() -> bool:
    """Is there a database at the present state? These commands do without."""
    try:
        door.start()
        door.require_migrated()
    except (click.UsageError, Refusal):
        return False
    return True


def _actor(email: str | None) -> Any:
    from kansatsu.accounts.actors import SYSTEM

    return door.actor(email) if email else SYSTEM


def _content(file: Path, where: str) -> bytes:
    """:raises Incomplete: the file cannot be read, or is larger than any that is taken."""
    from django.conf import settings

    limit = settings.IMPORT_LIMITS["bytes"]
    try:
        with file.open("rb") as source:
            content = source.read(limit + 1)
    except OSError as error:
        raise Incomplete(Problem("cli.unreadable_file", where=where, params={"reason": error.strerror})) from error
    if len(content) > limit:
        raise Incomplete(Problem("exchange.too_large", where=where, params={"limit": limit}))
    return content


def _text(file: Path) -> str:
    try:
        return _content(file, "--map").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Incomplete(Problem("exchange.encoding", where="--map")) from error
