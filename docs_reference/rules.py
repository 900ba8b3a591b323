"""The rules with dates: what holds from when, by which clause and source, and whether its text was seen."""

from collections.abc import Iterator
from typing import Any

from docs_reference.markdown import code, document, table
from kansatsu.assurance.criteria.editions import DATA, shipped, shipped_ids, shipped_mappings
from kansatsu.core.datafiles import HOUSE, folders, read
from kansatsu.core.dated import DatedRule, Rulebook

_LEAD = (
    "Numbers that law and programme set are data, each with the days it holds, its clause and its source. *Unverified* "
    "means that the text of the rule was not seen, or that the rules say nothing and the value is a choice of this "
    "project; check it before you rely on it."
)


def page() -> str:
    """``docs/reference/rules.md``."""
    return document("Dated rules", _LEAD, [*_rulebooks(), _editions(), _mappings(), *_requirements()])


def _rulebooks() -> Iterator[str]:
    for folder in folders():
        path = folder / "data" / "rules.toml"
        if path.is_file():
            name = folder.relative_to(HOUSE).as_posix()
            yield "\n\n".join([f"## {name}", *(_rule(rule) for rule in Rulebook(path))])


def _rule(rule: DatedRule) -> str:
    until = rule.valid_to.isoformat() if rule.valid_to else "further notice"
    lines = [
        f"- In force: from {rule.valid_from.isoformat()} until {until}",
        f"- Clause: {rule.clause or 'none'}",
        f"- Source: {rule.source}",
        f"- Unverified: {'**yes**' if rule.unverified else 'no'}",
        *(f"- {code(name)}: {_value(value)}" for name, value in rule.values.items()),
    ]
    return f"### {rule.key}\n\n" + "\n".join(lines)


def _value(value: Any) -> str:
    return ", ".join(code(str(one)) for one in value) if isinstance(value, list) else code(str(value))


def _editions() -> str:
    rows = [
        (
            code(one.id),
            f"{one.title_ja}<br>{one.title_en}",
            one.published_on.isoformat(),
            str(len(one.controls)),
            "yes" if one.is_incomplete else "no",
            "yes" if one.is_synthetic else "no",
            "**yes**" if one.is_unverified else "no",
            one.source,
        )
        for one in map(shipped, shipped_ids())
    ]
    head = ("Edition", "Title", "Published", "Lines", "Incomplete", "Made up in part", "Unverified", "Source")
    return "## Editions of the criteria\n\n" + table(head, rows)


def _mappings() -> str:
    rows = [
        (
            code(one.id),
            f"{code(one.source)} → {code(one.target)}",
            str(len(one.rows)),
            "**yes**" if one.is_unverified else "no",
            one.authority,
        )
        for one in shipped_mappings()
    ]
    return "## Mapping sets\n\n" + table(("Mapping set", "From, to", "Rows", "Unverified", "Who says so"), rows)


def _requirements() -> Iterator[str]:
    for name, entry in read(DATA / "requirements.toml").items():
        rows = [tuple(code(row[field]) for field in ("part", "kind", "marks", "class")) for row in entry["class"]]
        seen = "yes" if entry["unverified"] else "no"
        lead = (
            f"Clause: {entry['clause']}. Source: {entry['source']}. Unverified: {seen}. "
            "The first row that fits a control counts; `*` fits everything."
        )
        yield f"## Basic statement requirements {name}\n\n{lead}\n\n" + table(("Part", "Kind", "Marks", "Class"), rows)
