"""The words for statuses, acts and other fixed values, in Japanese and English.

Each folder keeps them in ``data/words.toml``: ``[status.draft]`` with ``ja`` and ``en``. Pages, histories, letters and
the generated references read them here, so that one thing has one word everywhere.
"""

from functools import cache

from kansatsu.core.datafiles import read_all


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every word keyed ``folder.group.value`` (``reviews.status.draft``)."""
    found: dict[str, dict[str, str]] = {}
    for folder, groups in read_all("words.toml").items():
        for group, values in groups.items():
            for value, word in values.items():
                found[f"{folder}.{group}.{value}"] = word
    return found


def word(key: str, language: str) -> str:
    """The word in ``ja`` or ``en``.

    :raises KeyError: there is no such word; never a silent fallback to the bare value.
    """
    return all_words()[key]["ja" if language.startswith("ja") else "en"]
