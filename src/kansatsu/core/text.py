"""What people type: cleaned, measured, and refused where it could deceive or break something.

Originals are kept; folding (NFKC, case) is only for comparing and searching.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kansatsu.core.problems import Problem

_MIXED = {"LATIN", "CYRILLIC", "GREEK"}
# A character with what changes its folded form: combining signs, and the sound marks of half-width kana.
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")
_ALLOWED_FORMAT = {"\u200c", "\u200d"}


@dataclass(frozen=True, slots=True)
class Field:
    """The shape of one field of text.

    :param longest: greatest length in characters.
    :param required: may it not be empty?
    :param lines: may it hold line breaks and tabs?
    :param name: is it a name? Its folded form must fit too, and it must not look like another in mixed scripts.
    """

    longest: int
    required: bool = False
    lines: bool = False
    name: bool = False


def clean(value: str) -> str:
    """Line ends as ``\\n``, no space around."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def folded(value: str) -> str:
    """For comparing and searching: NFKC, case-folded, runs of space as one."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def hits(value: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text cut into runs that are a hit of a search and runs that are not, found as `folded` compares.

    >>> hits("暗号鍵の管理ｶﾞｲﾄﾞ", ["ガイド", "暗号"])
    [('暗号', True), ('鍵の管理', False), ('ｶﾞｲﾄﾞ', True)]
    """
    clusters = _CLUSTER.findall(value)
    plain, owner = "", []
    for index, cluster in enumerate(clusters):
        piece = unicodedata.normalize("NFKC", cluster).casefold()
        plain += piece
        owner += [index] * len(piece)
    marked = [False] * len(clusters)
    for word in words:
        at = plain.find(word) if word else -1
        while at >= 0:
            for index in range(owner[at], owner[at + len(word) - 1] + 1):
                marked[index] = True
            at = plain.find(word, at + len(word))
    found: list[tuple[str, bool]] = []
    for cluster, is_hit in zip(clusters, marked, strict=True):
        if found and found[-1][1] == is_hit:
            found[-1] = (found[-1][0] + cluster, is_hit)
        else:
            found.append((cluster, is_hit))
    return found


def field_problems(values: Mapping[str, str], fields: Mapping[str, Field]) -> list[Problem]:
    """What is wrong with the shape of the given values; each problem's `where` is the field's name.

    :param values: field name → text as typed; a name that no field has is a problem, a missing one counts as empty.
    """
    problems = [Problem("core.unknown_field", where=name) for name in values if name not in fields]
    for name, field in fields.items():
        value = clean(values.get(name, ""))
        if field.required and not value:
            problems.append(Problem("core.empty", where=name))
        length = max(len(value), len(folded(value)) if field.name else 0)
        if length > field.longest:
            problems.append(Problem("core.too_long", where=name, params={"longest": field.longest, "length": length}))
        if bad := _bad_character(value, lines=field.lines):
            problems.append(Problem("core.bad_character", where=name, params={"point": f"U+{ord(bad):04X}"}))
        if field.name and _mixes_scripts(value):
            problems.append(Problem("core.look_alike", where=name))
    return problems


def _bad_character(value: str, *, lines: bool) -> str | None:
    for character in value:
        if lines and character in "\n\t":
            continue
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Co", "Zl", "Zp"} or (category == "Cf" and character not in _ALLOWED_FORMAT):
            return character
    return None


def _mixes_scripts(value: str) -> bool:
    for part in value.split():
        scripts = {unicodedata.name(c, "?").partition(" ")[0] for c in unicodedata.normalize("NFKC", part)}
        if len(scripts & _MIXED) > 1:
            return True
    return False
