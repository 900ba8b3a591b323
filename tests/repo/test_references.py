"""What the documents say is still so: references are fresh, links lead somewhere, the glossary has every word."""

import os
import re
import unicodedata
from pathlib import Path

import docs_reference
import pytest
from docs_reference import settings

from kansatsu.core.words import all_words

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT / "docs" / "reference"
GLOSSARY = ROOT / "docs" / "glossary.md"
NOT_OURS = {"var", "node_modules", "__pycache__", "build", "dist"}
IN_GLOSSARY = {"status", "role", "kind", "standing", "state", "part", "requirement", "duty", "station"}
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
VARIABLE = re.compile(r"\bKANSATSU_[A-Z][A-Z_]*\b")


def documents():
    """Every Markdown file of the project, by its path below the root."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in NOT_OURS]
        found += [Path(folder, name).relative_to(ROOT) for name in names if name.endswith(".md")]
    return sorted(found)


def prose(path):
    """A document without its blocks of code."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path):
    """What a link into the document can name: its headings as the usual renderers turn them into anchors."""
    found, seen = set(), {}
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(path), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        kept = "".join(c for c in text if c in " -_" or unicodedata.category(c)[0] in "LNM")
        name = kept.strip().replace(" ", "-")
        seen[name] = seen.get(name, -1) + 1
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
    return found


def dead_links(path, root=ROOT):
    """The relative links of a document that lead nowhere, or out of the project."""
    for link in LINK.findall(prose(path)):
        if OUTSIDE.match(link):
            continue
        target, _, anchor = link.partition("#")
        place = (path.parent / target).resolve() if target else path
        is_there = place.exists() and root in (place, *place.parents)
        if not is_there or (anchor and (place.suffix != ".md" or anchor not in anchors(place))):
            yield link


def rows(path):
    """The cells of every row of the document's tables."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def says(cell, word):
    """Does the cell give this word, alone or before a further explanation?"""
    return cell == word or cell.startswith((f"{word}:", f"{word};", f"{word},"))


@pytest.mark.parametrize("name", docs_reference.pages())
def test_a_reference_is_what_would_be_generated_now(name):
    committed = REFERENCES / name
    assert committed.exists(), "run `make docs`"
    assert committed.read_text(encoding="utf-8") == docs_reference.pages()[name], "run `make docs`"


def test_there_is_no_reference_that_nothing_generates():
    assert {path.name for path in REFERENCES.iterdir()} == set(docs_reference.pages())


def test_every_variable_that_the_code_names_is_a_described_setting():
    named = set()
    for path in (ROOT / "src").rglob("*"):
        if path.suffix in {".py", ".toml", ".html"}:
            named |= set(VARIABLE.findall(path.read_text(encoding="utf-8")))
    assert named - set(settings.MEANINGS) == set()


def test_a_variable_without_a_description_stops_the_generation(monkeypatch):
    monkeypatch.delitem(settings.MEANINGS, "KANSATSU_SECRET_KEY")
    with pytest.raises(LookupError, match="KANSATSU_SECRET_KEY"):
        settings.page()


def test_the_documents_that_one_looks_for_first_are_there():
    wanted = {"README.md", "README.ja.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/architecture.md"}
    assert wanted <= {path.as_posix() for path in documents()}


@pytest.mark.parametrize("path", documents(), ids=str)
def test_every_relative_link_leads_somewhere(path):
    assert list(dead_links(ROOT / path)) == []


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A page\n\n## The way (short) of `code`, 日本語\n\n## Twice\n\n## Twice\n\n"
        "[good](page.md#the-way-short-of-code-日本語) [good](#twice-1) [good](https://example.jp/) ![good](page.md)\n"
        "[no file](none.md) [no heading](page.md#none) ![no picture](none.png) [outside](../)\n\n"
        "```md\n[not a link](in-code.md)\n```\n",
        encoding="utf-8",
    )
    assert list(dead_links(page, tmp_path)) == ["none.md", "page.md#none", "none.png", "../"]


@pytest.mark.parametrize("key", [key for key in all_words() if key.split(".")[1] in IN_GLOSSARY])
def test_the_glossary_has_every_word_for_a_status_a_role_or_a_kind(key):
    word = all_words()[key]
    assert any(says(row[0], word["ja"]) and says(row[1], word["en"]) for row in rows(GLOSSARY))


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}
