"""What the criteria say beside the controls: example frequencies, and areas to treat with special care."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kansatsu.assurance.criteria.rules import digits
from kansatsu.core.datafiles import read


@dataclass(frozen=True, slots=True)
class Area:
    """A critical area. :param unverified: that the control belongs to it is our reading."""

    title_ja: str
    title_en: str
    clause: str
    source: str
    unverified: bool


@cache
def _table() -> dict[str, Any]:
    return read(Path(__file__).parent / "data" / "guidance.toml")


def frequencies() -> Sequence[dict[str, str]]:
    """Example frequencies by kind of what is audited: ``target_ja, target_en, frequency_ja, frequency_en``."""
    return tuple(_table()["frequencies"]["row"])


def frequency_clause() -> str:
    """Where the frequencies stand."""
    return str(_table()["frequencies"]["clause"])


def area_of(number: str, layout: str) -> Area | None:
    """The critical area that a control belongs to, if any.

    :param layout: ``2013`` or ``2022``, see `rules.layout`.
    """
    parts = digits(number)
    table = _table()["areas"]
    for row in table["row"]:
        for stem in row[layout]:
            wanted = tuple(map(int, stem.split(".")))
            if parts[: len(wanted)] == wanted:
                return Area(row["title_ja"], row["title_en"], table["clause"], table["source"], table["unverified"])
    return None
