"""What changed between two editions, line by line, and what it asks of a statement made under the older one.

Lines are matched by the controls' ids first. What is left over is matched by a mapping: one line that went to several
was split, several that went to one were merged. The result is a whole account: applied to the older edition it gives
the newer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import LCSseq

from kansatsu.assurance.criteria.rules import ControlFacts, digits, ordered

Pairs = Iterable[tuple[str, str]]
_COMPARED = tuple(one.name for one in fields(ControlFacts) if one.name != "number")
_NEEDS_REVIEW = frozenset({"part", "kind", "mark", "requirement", "title_ja", "title_en", "text_ja", "text_en"})
_TOKEN = re.compile(
    r"[^\W\d_ぁ-ゖァ-ヺー一-鿿々〆㐀-䶿]+|\d+|[ぁ-ゖ]+|[ァ-ヺー]+|[一-鿿々〆㐀-䶿]+|\s+|.",
    re.DOTALL,
)


class Change(StrEnum):
    """What happened to a line. One whose base standard alone moved on counts as unchanged."""

    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    WITHDRAWN = "withdrawn"


class Carry(StrEnum):
    """What a statement made under the older edition has to do with a line."""

    CARRIED = "carried"
    REVIEW = "review"
    ANSWER = "answer"
    DROPPED = "dropped"


class Mark(StrEnum):
    """What happened to a run of words."""

    SAME = "same"
    GONE = "gone"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the account.

    :param before: numbers in the older edition, none for a new line.
    :param after: numbers in the newer edition, none for a withdrawn line.
    :param changed: field → its value before and after, for a line that stands in both.
    :param lines: the newer lines in full, where they do not follow from `changed`.
    """

    change: Change
    before: tuple[str, ...]
    after: tuple[str, ...]
    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    lines: tuple[ControlFacts, ...] = ()

    @property
    def carry(self) -> Carry:
        """What a statement has to do with it."""
        if self.change == Change.NEW:
            return Carry.ANSWER
        if self.change == Change.WITHDRAWN:
            return Carry.DROPPED
        if self.change in (Change.SPLIT, Change.MERGED) or _NEEDS_REVIEW & set(self.changed):
            return Carry.REVIEW
        return Carry.CARRIED


def difference(older: Sequence[ControlFacts], newer: Sequence[ControlFacts], pairs: Pairs = ()) -> list[Difference]:
    """The account of all lines, in the order of the newer numbers, each withdrawn line where its number would stand.

    :param pairs: a mapping, as pairs of control ids: older, newer. Pairs with an id that is not there are left aside,
        and so are lines that match by their id.
    """
    old, new = {one.id: one for one in older}, {one.id: one for one in newer}
    gone = old.keys() - new.keys()
    to: dict[str, list[str]] = {}
    origin: dict[str, list[str]] = {}
    for source, target in sorted(set(pairs)):
        if source in gone and target in new:
            to.setdefault(source, []).append(target)
            origin.setdefault(target, []).append(source)
    found = [_same(old[name], new[name]) for name in old.keys() & new.keys() - origin.keys()]
    for source in gone:
        targets = to.get(source, [])
        if not targets:
            found.append(Difference(Change.WITHDRAWN, (old[source].number,), ()))
        elif len(targets) > 1:
            lines = ordered(new[target] for target in targets)
            found.append(Difference(Change.SPLIT, (old[source].number,), _numbers(lines), lines=lines))
    for target in new.keys() - (old.keys() - origin.keys()):
        sources = [old[source] for source in origin.get(target, [])] + ([old[target]] if target in old else [])
        if not sources:
            found.append(Difference(Change.NEW, (), (new[target].number,), lines=(new[target],)))
        elif len(sources) > 1:
            numbers = _numbers(ordered(sources))
            found.append(Difference(Change.MERGED, numbers, (new[target].number,), lines=(new[target],)))
        elif len(to[sources[0].id]) == 1:
            found.append(_same(sources[0], new[target]))
    return sorted(found, key=_place)


def _same(old: ControlFacts, new: ControlFacts) -> Difference:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in _COMPARED)
    changed = {name: (before, after) for name, before, after in pairs if before != after}
    if old.number != new.number:
        change = Change.RENUMBERED
    else:
        change = Change.REWORDED if _NEEDS_REVIEW & set(changed) else Change.UNCHANGED
    return Difference(change, (old.number,), (new.number,), changed)


def _numbers(lines: Iterable[ControlFacts]) -> tuple[str, ...]:
    return tuple(line.number for line in lines)


def _place(one: Difference) -> tuple[Any, ...]:
    return (digits((one.after or one.before)[0]), one.change, one.before, one.after)


def applied(older: Iterable[ControlFacts], account: Iterable[Difference]) -> tuple[ControlFacts, ...]:
    """The newer edition, from the older one and the account of what changed.

    :raises ValueError: the account was made for another edition.
    """
    old = {one.number: one for one in older}
    new: dict[str, ControlFacts] = {}
    touched: set[str] = set()
    for one in account:
        if missing := set(one.before) - set(old):
            raise ValueError(f"not made for this edition: it has no {', '.join(sorted(missing))}")
        touched.update(one.before)
        new.update((line.number, line) for line in one.lines)
        if one.change in (Change.UNCHANGED, Change.REWORDED, Change.RENUMBERED):
            line = old[one.before[0]]
            if any(getattr(line, name) != before for name, (before, _after) in one.changed.items()):
                raise ValueError(f"not made for this edition: {line.number} reads otherwise")
            values = {name: getattr(line, name) for name in _COMPARED}
            values |= {name: after for name, (_before, after) in one.changed.items()}
            new[one.after[0]] = ControlFacts(number=one.after[0], **values)
    if left := set(old) - touched:
        raise ValueError(f"not made for this edition: it says nothing of {', '.join(sorted(left))}")
    return ordered(new.values())


def words(before: str, after: str) -> list[tuple[Mark, str]]:
    """The two texts as one, cut where they differ.

    A word is a run of one script (kanji, hiragana, katakana, letters, digits) or a single sign, so that Japanese is
    marked to the word without a dictionary.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[Mark, str]] = []
    gone = added = ""
    for step in LCSseq.opcodes(old, new):
        if step.tag == "equal":
            found += _turned(gone, added)
            found.append((Mark.SAME, "".join(old[step.src_start : step.src_end])))
            gone = added = ""
        else:
            gone += "".join(old[step.src_start : step.src_end])
            added += "".join(new[step.dest_start : step.dest_end])
    return found + _turned(gone, added)


def _turned(gone: str, added: str) -> list[tuple[Mark, str]]:
    return [(mark, text) for mark, text in ((Mark.GONE, gone), (Mark.ADDED, added)) if text]
