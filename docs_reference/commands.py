"""The command line: every noun, verb, argument and option, from click's own objects, and the exit codes."""

from collections.abc import Iterator

import click

from docs_reference.markdown import code, document, table
from kansatsu.cli import main
from kansatsu.core.refusals import Conflict, Incomplete, NotAllowed, Refusal, WrongState

_LEAD = (
    "Results go to standard output, messages to standard error. With `--json` a command prints one JSON object; where "
    'it finds problems that is `{"problems": [{"code", "control", "where", "message", "clause", "remedy"}, …]}`, one '
    "entry a problem. Problems come in the language that `LC_ALL`, `LC_MESSAGES` or `LANG` names: Japanese for `ja…`, "
    "English otherwise."
)
_REFUSALS: tuple[type[Refusal], ...] = (Incomplete, NotAllowed, WrongState, Conflict)


def page() -> str:
    """``docs/reference/cli.md``."""
    root = click.Context(main, info_name="kansatsu")
    return document("Command line", _LEAD, [_exit_codes(), *_commands(main, root)])


def _exit_codes() -> str:
    rows = [("0", "Done."), ("1", "A bug."), ("2", "Wrong usage, or a bad setting.")]
    rows += [(str(kind.exit_code), (kind.__doc__ or "").strip()) for kind in _REFUSALS]
    return "## Exit codes\n\n" + table(("Code", "Meaning"), rows)


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        yield _command(command, own)
        if isinstance(command, click.Group):
            yield from _commands(command, own)


def _command(command: click.Command, context: click.Context) -> str:
    depth = "##" if context.parent is not None and context.parent.parent is None else "###"
    parts = [f"{depth} {context.command_path}", " ".join((command.help or "").split())]
    if not isinstance(command, click.Group):
        parts.append(f"```\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```")
    options = [_option(one, context) for one in command.get_params(context) if isinstance(one, click.Option)]
    if rows := [row for row in options if row[0] not in ("`-h, --help`", "`--help`")]:
        parts.append(table(("Option", "Meaning"), rows))
    return "\n\n".join(parts)


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    names, meaning = option.get_help_record(context) or (option.name or "", "")
    if isinstance(option.envvar, str):
        meaning += f" (or the variable {code(option.envvar)})"
    return code(names), meaning.strip()
