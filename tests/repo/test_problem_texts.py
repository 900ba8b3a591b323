"""Every problem that the code names can be said, in both languages, and every text belongs to a problem."""

import re
import string

import pytest

from kansatsu.assurance.criteria.rules import Kind, Requirement
from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.statements import rules as statements
from kansatsu.assurance.statements.rules import LineFacts
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core import problems
from kansatsu.core.datafiles import HOUSE
from kansatsu.exchange.oscal.faults import Code

PLAIN = re.compile(
    r'(?:Problem|_said)\(\s*"([a-z_]+\.[a-z_]+)"|code = "([a-z_]+\.[a-z_]+)" if .* else "([a-z_]+\.[a-z_]+)"'
)
BUILT = re.compile(r"Problem\(\s*(f\"[^\"]*\"|[a-z_]+\.code)")


def sources():
    return {path.relative_to(HOUSE).as_posix(): path.read_text(encoding="utf-8") for path in HOUSE.glob("**/*.py")}


def named_in_full():
    return {code for text in sources().values() for found in PLAIN.findall(text) for code in found if code}


def said_of_a_header():
    """The codes that the statement's rules build from the names of the fields that are needed."""
    return {f"statements.{name}_missing" for name in statements.NEEDED}


def said_of_a_line():
    """The codes that the statement's rules give for any line that there can be."""
    states = (None, StandingState.VALID, StandingState.EXPIRED)
    lines = [
        LineFacts("5.1.1", kind, requirement, "", state, reason=text, text=text, inherited_standing=standing)
        for kind in Kind
        for requirement in Requirement
        for state in LineState
        for text in ("", "x")
        for standing in states
    ]
    return {problem.code for problem in statements.line_problems(lines)}


def said_of_a_fault():
    """The codes that the command line makes of the faults of OSCAL documents."""
    return {f"oscal.{code}" for code in Code}


def said_of_a_table():
    """The reasons for which a file is not taken in as a table."""
    raised = re.compile(r'UnreadableTableError\(\s*"([a-z_]+)"|code = "([a-z_]+)" if')
    found = {name for text in sources().values() for pair in raised.findall(text) for name in pair if name}
    return {f"exchange.{name}" for name in found} | {"exchange.too_large", "exchange.broken", "exchange.encoding"}


def said_anywhere():
    """All codes that are not written out in full where they are used."""
    return said_of_a_header() | said_of_a_line() | said_of_a_fault() | said_of_a_table()


def test_codes_are_built_nowhere_but_where_this_test_knows_it():
    built = {(path, code) for path, text in sources().items() for code in BUILT.findall(text)}
    assert built == {
        ("assurance/statements/rules.py", 'f"statements.{name}_missing"'),
        ("assurance/statements/rules.py", 'f"statements.{code}"'),
        ("assurance/statements/actions.py", "p.code"),
        ("assurance/register/rules.py", "one.code"),
        ("assurance/register/sheets.py", 'f"exchange.{error.code}"'),
        ("assurance/criteria/files.py", 'f"exchange.{error.code}"'),
        ("assurance/criteria/oscal.py", 'f"oscal.{fault.code}"'),
        ("cli/oscal.py", 'f"oscal.{fault.code}"'),
    }


def test_every_problem_has_a_text():
    assert (named_in_full() | said_anywhere()) - set(problems.texts()) == set()


def test_every_text_belongs_to_a_problem():
    assert set(problems.texts()) - named_in_full() - said_anywhere() == set()


@pytest.mark.parametrize("code", sorted(problems.texts()))
def test_a_text_says_what_is_wrong_and_what_to_do_in_both_languages(code):
    text = problems.texts()[code]
    assert all(text[part].strip() for part in ("ja", "en", "remedy_ja", "remedy_en"))
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", text["ja"]) and re.search(r"[ぁ-んァ-ヶ一-龠]", text["remedy_ja"])
    assert not re.search(r"[ぁ-んァ-ヶ一-龠]", text["en"] + text["remedy_en"])


@pytest.mark.parametrize("code", sorted(problems.texts()))
def test_both_languages_of_a_text_mention_the_same_values(code):
    text = problems.texts()[code]
    assert mentioned(text["ja"]) == mentioned(text["en"])
    assert mentioned(text["remedy_ja"]) == mentioned(text["remedy_en"])


def mentioned(sentence):
    """The names of the values, without the language they are said in."""
    names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    return {name.removesuffix("_ja").removesuffix("_en") for name in names}
