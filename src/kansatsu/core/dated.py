"""Rules as data with dates: numbers that law and programme set, each with its clause, its source and its time.

A folder keeps them in ``data/rules.toml``::

    [[rule]]
    key = "validity"
    valid_from = 2020-06-03
    clause = "基本規程 3.5"
    source = "…"
    unverified = false
    months = 16
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kansatsu.core.datafiles import HOUSE, read

_FRAME = {"key", "valid_from", "valid_to", "clause", "source", "unverified"}


@dataclass(frozen=True, slots=True)
class DatedRule:
    """One rule in one span of time; both ends count.

    :param unverified: nobody has confirmed that the rule is so; pages that rest on it say so.
    """

    key: str
    valid_from: date
    valid_to: date | None
    clause: str
    source: str
    unverified: bool
    values: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        """Was the rule in force on that day?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Rulebook:
    """The dated rules of one folder.

    :raises ValueError: an entry lacks its frame, ends before it starts, or overlaps another of the same key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rules = tuple(_parse(path, entry) for entry in read(path).get("rule", []))
        for first in self.rules:
            for second in self.rules:
                if first is not second and first.key == second.key and _overlap(first, second):
                    raise ValueError(
                        f"{path}: two rules {first.key!r} hold on {max(first.valid_from, second.valid_from)}"
                    )

    def __iter__(self) -> Iterator[DatedRule]:
        return iter(self.rules)

    def on(self, key: str, day: date) -> DatedRule:
        """The rule of that key in force on that day.

        :raises LookupError: none was in force.
        """
        for rule in self.rules:
            if rule.key == key and rule.holds_on(day):
                return rule
        raise LookupError(f"{self.path}: no rule {key!r} in force on {day.isoformat()}")


@cache
def rulebook(folder: str) -> Rulebook:
    """The rulebook of a folder of the house, by its path below ``kansatsu`` (``assurance/register``)."""
    return Rulebook(HOUSE / folder / "data" / "rules.toml")


def _parse(path: Path, entry: dict[str, Any]) -> DatedRule:
    place = f"{path}: rule {entry.get('key', '?')!r}"
    for name, kind in (("key", str), ("valid_from", date), ("clause", str), ("source", str), ("unverified", bool)):
        if not isinstance(entry.get(name), kind):
            raise ValueError(f"{place}: {name} is missing or not a {kind.__name__}")
    valid_to = entry.get("valid_to")
    if valid_to is not None and (not isinstance(valid_to, date) or valid_to < entry["valid_from"]):
        raise ValueError(f"{place}: valid_to is not a date on or after valid_from")
    values = {name: value for name, value in entry.items() if name not in _FRAME}
    return DatedRule(
        entry["key"], entry["valid_from"], valid_to, entry["clause"], entry["source"], entry["unverified"], values
    )


def _overlap(first: DatedRule, second: DatedRule) -> bool:
    return first.holds_on(second.valid_from) or second.holds_on(first.valid_from)
