"""The problems: every code with its clause, message and remedy in both languages."""

from itertools import groupby

from docs_reference.markdown import code, document, table
from kansatsu.core.problems import texts

_LEAD = (
    "Everything that the software can find wrong, by code. Page, JSON and command line all take their sentences from "
    "here. Words in braces are filled in when the problem is shown."
)


def page() -> str:
    """``docs/reference/problems.md``."""
    parts = []
    for folder, found in groupby(sorted(texts().items()), key=lambda item: item[0].partition(".")[0]):
        rows = [
            (
                code(name),
                text.get("clause", ""),
                f"{text['ja']}<br>{text['en']}",
                f"{text['remedy_ja']}<br>{text['remedy_en']}",
            )
            for name, text in found
        ]
        parts.append(f"## {folder}\n\n" + table(("Code", "Clause", "Message", "What to do"), rows))
    return document("Problems", _LEAD, parts)
