"""`kansatsu criteria`: the editions that ship, and their controls. Needs no database."""

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.group()
def criteria() -> None:
    """Editions of the control criteria."""


@criteria.command("list")
@door.as_json
def list_(as_json: bool) -> None:
    """List the editions."""
    from kansatsu.assurance.criteria.editions import shipped, shipped_ids

    found = [shipped(edition_id) for edition_id in shipped_ids()]
    if as_json:
        rows = [
            {
                "edition": one.id,
                "title": one.title_ja if door.language() == "ja" else one.title_en,
                "controls": len(one.controls),
                "incomplete": one.is_incomplete,
                "synthetic": one.is_synthetic,
                "source": one.source,
            }
            for one in found
        ]
        door.print_json({"editions": rows})
        return
    for one in found:
        click.echo(f"{one.id:28} {len(one.controls):5}  {one.title_ja if door.language() == 'ja' else one.title_en}")


@criteria.command()
@click.argument("edition")
@click.argument("number", required=False)
@door.as_json
@door.refusals
def show(edition: str, number: str | None, as_json: bool) -> None:
    """Show an edition's controls, or one of them."""
    from kansatsu.assurance.criteria.editions import shipped, shipped_ids

    if edition not in shipped_ids():
        params = {"edition": edition, "known": ", ".join(shipped_ids())}
        raise Incomplete(Problem("criteria.no_such_edition", where="edition", params=params))
    found = [one for one in shipped(edition).controls if number in (None, one.number)]
    if not found:
        raise Incomplete(Problem("statements.no_such_control", where="number", control=number))
    if as_json:
        fields = ("number", "part", "kind", "mark", "requirement", "base", "title_ja", "title_en", "text_ja")
        rows = [{name: str(getattr(one, name)) for name in fields} for one in found]
        door.print_json({"edition": edition, "controls": rows})
        return
    for one in found:
        click.echo(f"{one.number:14} {one.title_ja if door.language() == 'ja' else one.title_en}")
