"""The settings: every variable of the environment that ``settings.py`` reads, with its default and its meaning."""

import ast
from dataclasses import dataclass
from functools import cache
from typing import Any

from docs_reference.markdown import code, document, table
from kansatsu.core.datafiles import HOUSE

_LEAD = (
    "All settings come from the environment. A bad value stops the start with a message that names it (exit code 2 on "
    "the command line). `kansatsu demo` and `kansatsu cycle` set the mode, the folder, the address and the database "
    "themselves."
)
_ALSO = (
    "## Read elsewhere\n\n"
    "- `PORT`: the port of `kansatsu serve` and `kansatsu demo`, where `--port` is not given.\n"
    "- `LC_ALL`, `LC_MESSAGES`, `LANG`: the language of the command line, the first of them that is set."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is written by hand about a variable. :param default: in words, where the code holds no plain value."""

    text: str
    default: str = ""


MEANINGS = {
    "KANSATSU_MODE": Meaning(
        "`kansatsu serve --production` sets it to `production` for the portal; set it in the environment as well, so "
        "that worker and timers log alike."
    ),
    "KANSATSU_DEBUG": Meaning("Django's debug pages. Refused by `kansatsu serve` in production."),
    "KANSATSU_SECRET_KEY": Meaning(
        "Signs sessions and password letters. Random, secret, the same for all processes. The default is refused by "
        "`kansatsu serve` in production.",
        "a key for development",
    ),
    "KANSATSU_VAR": Meaning(
        "The folder for everything the installation writes: an SQLite database, stored files, collected static files, "
        "letters where no mail server is set.",
        "`var/` in the checkout",
    ),
    "KANSATSU_SITE_URL": Meaning(
        "The portal's address as people type it, without a path. Letters link to it; with `https://` cookies are sent "
        "over HTTPS only, and in production browsers are told to stay with HTTPS."
    ),
    "KANSATSU_HOSTS": Meaning(
        "Host names the portal answers to, with commas between.",
        "the host of `KANSATSU_SITE_URL`, `127.0.0.1`, `localhost`",
    ),
    "KANSATSU_TRUSTED_PROXIES": Meaning(
        "How many proxies stand before the portal. With 1 or more, the client's address for throttling is that entry "
        "of `X-Forwarded-For`, counted from the end, and `X-Forwarded-Proto: https` marks a request as HTTPS. Give "
        "the true number."
    ),
    "KANSATSU_FILES": Meaning("The folder for stored files.", "`files/` in `KANSATSU_VAR`"),
    "KANSATSU_FILE_LIMIT_MIB": Meaning("The largest file that may be stored, in MiB."),
    "KANSATSU_IMPORT_MIB": Meaning("The largest file of criteria or mappings that is read, in MiB."),
    "KANSATSU_IMPORT_UNPACKED_MIB": Meaning("What a workbook may unpack to, in MiB."),
    "KANSATSU_IMPORT_ROWS": Meaning("How many rows all sheets of such a file may have together."),
    "KANSATSU_IMPORT_DEPTH": Meaning("How deep the objects of an OSCAL document may stand in one another."),
    "KANSATSU_IMPORT_SECONDS": Meaning("How long reading a table may take, in seconds."),
    "KANSATSU_IMPORT_MEMORY_MIB": Meaning("How much memory reading a table may take, in MiB."),
    "KANSATSU_LOG_FORMAT": Meaning("The form of the log on standard error.", "`json` in production, else `text`"),
    "KANSATSU_LOG_LEVEL": Meaning("What is logged.", "`INFO` in production, else `WARNING`"),
    "KANSATSU_MAIL_URL": Meaning(
        "The mail server: `smtp://`, `smtps://` or `smtp+starttls://user:password@host:port`. Special characters in "
        "user and password are percent-encoded. Empty: letters are written to files in `mail/` in `KANSATSU_VAR`."
    ),
    "KANSATSU_MAIL_FROM": Meaning("The sender of all letters."),
    "DATABASE_URL": Meaning(
        "`sqlite:////absolute/path` or `postgresql://user:password@host:port/name`; for a socket, "
        "`postgresql:///name?host=/folder`. Special characters are percent-encoded.",
        "`kansatsu.sqlite3` in `KANSATSU_VAR`",
    ),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as the code reads it."""

    name: str
    default: str
    limits: str


@cache
def _tree() -> ast.Module:
    return ast.parse((HOUSE / "settings.py").read_text(encoding="utf-8"))


def installed_apps() -> list[str]:
    """The apps in the order of the settings, which is the order of the stages."""
    for node in _tree().body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "INSTALLED_APPS":
            found: list[str] = ast.literal_eval(node.value)
            return found
    raise LookupError("INSTALLED_APPS")


def variables() -> list[Variable]:
    """Every variable that the settings read, in the order of the code."""
    found = []
    for call in [node for node in ast.walk(_tree()) if isinstance(node, ast.Call)]:
        function = ast.unparse(call.func)
        if function == "_read":
            options = {one.arg: one.value for one in call.keywords}
            name = str(ast.literal_eval(call.args[1]))
            found.append((call.lineno, f"KANSATSU_{name}", options))
        elif function == "Env().str":
            found.append((call.lineno, str(ast.literal_eval(call.args[0])), {}))
    return [
        Variable(name, _plain(options.get("default")), _limits(options.get("validate")))
        for _line, name, options in sorted(found, key=lambda one: one[0])
    ]


def page() -> str:
    """``docs/reference/settings.md``.

    :raises LookupError: a variable has no meaning here, or no default that can be shown; or a meaning no variable.
    """
    rows = []
    if left := set(MEANINGS) - {one.name for one in variables()}:
        raise LookupError(f"described, but not read by the settings: {sorted(left)}")
    for one in variables():
        if one.name not in MEANINGS:
            raise LookupError(f"{one.name} is read by the settings, but not described in docs_reference/settings.py")
        meaning = MEANINGS[one.name]
        default = meaning.default or one.default
        if not default:
            raise LookupError(
                f"{one.name}: the default is no plain value; put it into words in docs_reference/settings.py"
            )
        rows.append((code(one.name), default, one.limits, meaning.text))
    return document("Settings", _LEAD, [table(("Variable", "Default", "Allowed", "Meaning"), rows), _ALSO])


def _plain(node: ast.expr | None) -> str:
    if not isinstance(node, ast.Constant):
        return ""
    if node.value is True or node.value is False:
        return "on" if node.value else "off"
    return code(str(node.value)) or "empty"


def _limits(node: ast.expr | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    options: dict[str | None, Any] = {one.arg: ast.literal_eval(one.value) for one in node.keywords}
    match ast.unparse(node.func).rpartition(".")[2]:
        case "OneOf":
            return ", ".join(code(value) for value in ast.literal_eval(node.args[0]))
        case "Range":
            return f"{options['min']} to {options['max']}"
        case "Length":
            return f"{options['min']} characters or more"
        case "Regexp":
            return code(ast.literal_eval(node.args[0]))
    raise LookupError(f"do not know how to describe {ast.unparse(node)}")
