"""System checks: every data file of the house is read and validated when the program starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from kansatsu.core import problems, words
from kansatsu.core.datafiles import folders
from kansatsu.core.dated import Rulebook

_TEXT = {"ja", "en", "remedy_ja", "remedy_en"}


@register()
def data_files(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Dated rules parse and do not overlap; every problem and word has both languages."""
    found: list[CheckMessage] = []
    for folder in folders():
        path = folder / "data" / "rules.toml"
        if path.is_file():
            try:
                Rulebook(path)
            except ValueError as error:
                found.append(Error(str(error), hint="Mend the entry in that file.", id="kansatsu.E001"))
    for code, text in problems.texts().items():
        if missing := _TEXT - set(text):
            found.append(Error(f"problem {code} lacks {sorted(missing)}", id="kansatsu.E002"))
    for key, word in words.all_words().items():
        if {"ja", "en"} - set(word):
            found.append(Error(f"word {key} lacks a language", id="kansatsu.E003"))
    return found
