"""How an edition is put together, as shapes for a picture: from which base standard the lines of each part come."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kansatsu.assurance.criteria.rules import ControlFacts, Part

WIDTH, BAR = 720, 18
_CLAUSE = re.compile(r"\s+(?:CLD\.)?\d+(?:\.\d+)*$")  # a base may name the clause within the standard
_HEIGHT, _GAP, _LEAST = 300.0, 14.0, 16.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A base standard on the left or a part on the right. Lengths in units of the picture."""

    name: str
    count: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Band:
    """Lines of one part that come from one base. :param path: its outline, as SVG draws it."""

    part: str
    path: str


@dataclass(frozen=True, slots=True)
class Composition:
    """The picture. `rows` says the same as a table: base, then how many lines in each part."""

    bases: tuple[Bar, ...]
    parts: tuple[Bar, ...]
    bands: tuple[Band, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    height: float


def composition(controls: Iterable[ControlFacts]) -> Composition:
    """Bases on the left, parts on the right, a band between those that share lines, as wide as they are many."""
    counts = Counter((_CLAUSE.sub("", one.base) or "–", one.part.value) for one in controls)
    bases = list(dict.fromkeys(base for base, _part in counts))
    parts = [part.value for part in Part if any(key[1] == part for key in counts)]
    by_base = {base: sum(counts[base, part] for part in parts) for base in bases}
    by_part = {part: sum(counts[base, part] for base in bases) for part in parts}
    left, right = _bars(by_base), _bars(by_part)
    height = max(bar.y + bar.height for bar in (*left, *right)) if left else 0.0
    return Composition(
        bases=left,
        parts=right,
        bands=tuple(_bands(counts, left, right)),
        rows=tuple((base, tuple(counts[base, part] for part in parts), by_base[base]) for base in bases),
        height=height,
    )


def _bars(counts: dict[str, int]) -> tuple[Bar, ...]:
    total = sum(counts.values())
    room = _HEIGHT - _GAP * (len(counts) - 1)
    bars, y = [], 0.0
    for name, count in counts.items():
        height = max(_LEAST, room * count / total)
        bars.append(Bar(name, count, round(y, 1), round(height, 1)))
        y += height + _GAP
    return tuple(bars)


def _bands(counts: Counter[tuple[str, str]], left: tuple[Bar, ...], right: tuple[Bar, ...]) -> Iterable[Band]:
    used = {(side, bar.name): bar.y for side, bars in ((0, left), (1, right)) for bar in bars}
    for base in left:
        for part in right:
            count = counts[base.name, part.name]
            if not count:
                continue
            a, b = used[0, base.name], used[1, part.name]
            a2, b2 = a + base.height * count / base.count, b + part.height * count / part.count
            used[0, base.name], used[1, part.name] = a2, b2
            x1, x2, half = BAR, WIDTH - BAR, WIDTH / 2
            outline = (
                f"M{x1} {a:.1f}C{half:g} {a:.1f} {half:g} {b:.1f} {x2} {b:.1f}"
                f"V{b2:.1f}C{half:g} {b2:.1f} {half:g} {a2:.1f} {x1} {a2:.1f}Z"
            )
            yield Band(part.name, outline)
