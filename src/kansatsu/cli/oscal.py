"""`kansatsu oscal`: validate, convert and resolve OSCAL documents, without any database or network."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete

if TYPE_CHECKING:
    from kansatsu.exchange.oscal.documents import Document, Form
    from kansatsu.exchange.oscal.faults import Fault

_FORMS = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
_FILE = click.Path(path_type=Path)


@click.group()
def oscal() -> None:
    """OSCAL documents as JSON or YAML."""


@oscal.command()
@click.argument("file", type=_FILE)
@click.option("--model", help="The model it has to be, such as catalog or profile.")
@door.as_json
@click.pass_context
def validate(context: click.Context, file: Path, model: str | None, as_json: bool) -> None:
    """Check a document against the form of its own model and version."""
    from kansatsu.exchange.oscal.validation import faults

    document, problems = None, []
    try:
        document = _read(file)
        problems = problems_of(faults(document, expected_model=model))
    except Incomplete as refusal:
        problems = list(refusal.problems)
    told = {
        "file": str(file),
        "model": document.model if document else "",
        "version": document.version if document else "",
        "valid": not problems,
    }
    if as_json:
        door.print_json({**told, "problems": [render(one, door.language()) for one in problems]})
    elif problems:
        door.show_problems(problems, as_json=False)
    else:
        click.echo(f"{file}: valid {told['model']}, OSCAL {told['version']}")
    if problems:
        context.exit(Incomplete.exit_code)


@oscal.command()
@click.argument("source", metavar="IN", type=_FILE)
@click.argument("target", metavar="OUT", type=_FILE)
@door.as_json
@door.refusals
def convert(source: Path, target: Path, as_json: bool) -> None:
    """Write a document in the form that OUT's name ends in: .json, .yaml or .yml. Nothing of it is rewritten."""
    form = _form(target)
    document = _read(source)
    _write(document.value, form, target)
    _tell(target, document, as_json=as_json)


@oscal.command()
@click.argument("profile", type=_FILE)
@click.argument("target", metavar="OUT", type=_FILE)
@door.as_json
@door.refusals
def resolve(profile: Path, target: Path, as_json: bool) -> None:
    """Write the catalogue of the controls that a profile selects, in the form that OUT's name ends in."""
    from kansatsu.exchange.oscal import documents, profiles, validation

    form = _form(target)
    try:
        value = profiles.resolve(_read(profile), location=profile.as_posix(), load=_source)
    except profiles.UnresolvableProfileError as error:
        raise Incomplete(problems_of(error.faults)) from error
    document = documents.document(value, b"", form)
    if found := validation.faults(document):
        raise Incomplete(problems_of(found))
    _write(value, form, target)
    _tell(target, document, as_json=as_json)


def problems_of(faults: "Iterable[Fault]") -> list[Problem]:
    """Faults of the exchange as problems of the house."""
    return [Problem(f"oscal.{fault.code}", where=fault.pointer, params=fault.params) for fault in faults]


def _read(path: Path) -> "Document":
    """:raises Incomplete: the file cannot be opened, or is no plain document."""
    from kansatsu.exchange.oscal.documents import UnreadableDocumentError

    try:
        return _opened(path)
    except OSError as error:
        raise Incomplete(Problem("cli.unreadable_file", where="FILE", params={"reason": error.strerror})) from error
    except UnreadableDocumentError as error:
        raise Incomplete(problems_of([error.fault])) from error


def _source(location: str) -> "Document":
    """What a profile imports: a file, by its path."""
    from kansatsu.exchange.oscal.documents import UnreadableDocumentError
    from kansatsu.exchange.oscal.faults import Code, Fault

    try:
        return _opened(Path(location))
    except OSError as error:
        raise UnreadableDocumentError(Fault(Code.NOT_FOUND, params={"href": location})) from error


def _opened(path: Path) -> "Document":
    from kansatsu.exchange.oscal.documents import Limits, read

    with path.open("rb") as file:
        return read(file.read(Limits().size + 1))


def _form(target: Path) -> "Form":
    """:raises Incomplete: the name does not end as one of a form does."""
    if target.suffix.lower() not in _FORMS:
        raise Incomplete(Problem("oscal.unknown_suffix", where="OUT", params={"name": target.name}))
    return cast("Form", _FORMS[target.suffix.lower()])


def _write(value: dict[str, Any], form: "Form", target: Path) -> None:
    """The whole file or none: it gets its name only when all of it is on the disk.

    :raises Incomplete: it cannot be written, or has no place in that form.
    """
    from kansatsu.exchange.oscal.documents import UnwritableDocumentError, write

    try:
        content = write(value, form)
    except UnwritableDocumentError as error:
        raise Incomplete(problems_of([error.fault])) from error
    door.write_whole(target, content, where="OUT")


def _tell(target: Path, document: "Document", *, as_json: bool) -> None:
    if as_json:
        told = {"file": str(target), "model": document.model, "version": document.version, "problems": []}
        door.print_json(told)
    else:
        click.echo(f"{target}: {document.model}, OSCAL {document.version}")
