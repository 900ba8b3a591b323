"""The tables of steps: every kind of record with its statuses and acts, in both languages, and as a diagram."""

from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from types import ModuleType

from docs_reference.markdown import code, document, table
from docs_reference.settings import installed_apps
from kansatsu.core.datafiles import HOUSE
from kansatsu.core.steps import Step, Workflow
from kansatsu.core.words import word

_LEAD = (
    "Each kind of record goes through one table of steps. An act is open only in the statuses its row names; any other "
    "status is refused (`WrongState`). Acts that leave the status as it is are open to several people at once."
)


def page() -> str:
    """``docs/reference/steps.md``."""
    return document("Tables of steps", _LEAD, _parts())


def workflows() -> Iterator[tuple[ModuleType, list[Workflow]]]:
    """Every ``workflow.py`` of the house, in the order of the stages, with the tables of steps it holds."""
    apps = [app for app in installed_apps() if app.startswith("kansatsu.")]
    files = sorted(HOUSE.glob("**/workflow.py"))
    names = [".".join(("kansatsu", *path.relative_to(HOUSE).parent.parts)) for path in files]
    for name in sorted(names, key=lambda one: (apps.index(one) if one in apps else len(apps), one)):
        module = import_module(f"{name}.workflow")
        yield module, [value for value in vars(module).values() if isinstance(value, Workflow)]


def _parts() -> Iterator[str]:
    bare = []
    for module, tables in workflows():
        if not tables:
            bare.append(module)
        for workflow in tables:
            yield _workflow(module, workflow)
    rows = [row for module in bare for row in _bare_acts(module)]
    yield (
        "## Acts without a status\n\nThese records have no table of steps; their acts are events all the same.\n\n"
        + table(("Act", "日本語", "English"), rows)
    )


def _bare_acts(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    folder = module.__name__.split(".")[-2]
    for act in module.Act:
        key = f"{folder}.act.{act}"
        yield code(f"{folder}.{act}"), word(key, "ja"), word(key, "en")


def _workflow(module: ModuleType, workflow: Workflow) -> str:
    statuses = table(
        ("Status", "日本語", "English"),
        [(code(one), _word(workflow, "status", one, "ja"), _word(workflow, "status", one, "en"))
         for one in workflow.statuses],
    )  # fmt: skip
    acts = table(
        ("Act", "日本語", "English", "From", "To"),
        [_step(workflow, step) for step in workflow.steps.values()],
    )
    intro = (module.__doc__ or "").strip().splitlines()[0]
    return "\n\n".join([f"## {workflow.name}", intro, statuses, acts, _diagram(workflow)])


def _step(workflow: Workflow, step: Step) -> tuple[str, ...]:
    sources = ", ".join(code(one) for one in step.sources) if step.sources else "(begins the record)"
    target = code(step.target) if step.target is not None else "(unchanged)"
    words = [_word(workflow, "act", step.act, tongue) for tongue in ("ja", "en")]
    return (code(step.act), *words, sources, target)


def _diagram(workflow: Workflow) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [
        f'    state "{_word(workflow, "status", one, "ja")} / {_word(workflow, "status", one, "en")}" as {one}'
        for one in workflow.statuses
    ]
    for step in workflow.steps.values():
        for source in step.sources or ("[*]",):
            lines.append(f"    {source} --> {step.target or source}: {step.act}")
    lines += [f"    {one} --> [*]" for one in workflow.statuses if one in workflow.ends_in()]
    return "\n".join([*lines, "```"])


def _word(workflow: Workflow, group: str, value: StrEnum, tongue: str) -> str:
    return word(f"{workflow.folder}.{group}.{value}", tongue)
