"""Everything the pages say in English is said in Japanese too, in the catalogue that is shipped."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

import kansatsu

HOUSE = Path(kansatsu.__file__).parent
CATALOGUE = Path("web", "locale", "ja", "LC_MESSAGES", "django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")


def entries(path):
    return polib.pofile(path, encoding="utf-8")


def key(entry):
    """What makes a message one and the same: its context, its text and its plural."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def forms(entry):
    """All Japanese forms of a message; there is one only, with or without a plural in English."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


@pytest.fixture(scope="module")
def catalogue():
    return entries(HOUSE / CATALOGUE)


def test_every_message_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue if not all(text.strip() for text in forms(entry))] == []


def test_nothing_is_guessed_and_nothing_is_left_over(catalogue):
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert not catalogue.metadata_is_fuzzy


def test_the_catalogue_says_what_it_is(catalogue):
    said = {name: catalogue.metadata[name] for name in ("Language", "Content-Type", "Plural-Forms")}
    assert said == {
        "Language": "ja",
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }


def test_a_translation_keeps_the_placeholders(catalogue):
    wrong = [
        (entry.msgid, text)
        for entry in catalogue
        for text in forms(entry)
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ]
    assert wrong == []


def test_the_compiled_catalogue_holds_the_same(catalogue):
    compiled = polib.mofile(HOUSE / CATALOGUE.with_suffix(".mo"), encoding="utf-8")
    assert {key(entry): forms(entry) for entry in compiled} == {key(entry): forms(entry) for entry in catalogue}
    # GNU msgfmt leaves this date out, so that the same messages always compile to the same bytes.
    assert compiled.metadata == {name: said for name, said in catalogue.metadata.items() if name != "POT-Creation-Date"}


def test_the_catalogue_has_every_message_of_the_source_and_no_other(catalogue, tmp_path):
    if shutil.which("xgettext") is None:
        if os.environ.get("CI"):
            pytest.fail("xgettext is missing: install GNU gettext")
        pytest.skip("xgettext is missing: install GNU gettext to see whether the catalogue is fresh")
    copy = tmp_path / "kansatsu"
    shutil.copytree(HOUSE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.mo"))
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "ja", "--no-location", "--no-wrap"],
        cwd=copy,
        # The copy comes before the installed house, or the extraction would write into the house itself.
        env=os.environ | {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kansatsu.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found, kept = {key(entry) for entry in entries(copy / CATALOGUE)}, {key(entry) for entry in catalogue}
    assert found - kept == set(), "run `make messages` and translate these"
    assert kept - found == set(), "run `make messages`: nothing says these any more"
