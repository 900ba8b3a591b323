"""Editions made up by Hypothesis: legal ones, with whatever texts the rules allow."""

from hypothesis import strategies as st

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement
from kansatsu.core.text import Field, field_problems

_STARTS = [
    "",
    "=1+1",
    "+81",
    "-5",
    "@x",
    "'",
    "''=",
    "＝",
    "<r>",
    '"',
    "_x0041_x0042_",
    "5.1.1",
    "(a) ",
    "番号",
]
_PIECES = st.one_of(
    st.sampled_from(
        ["情報", "　", "ｱ", "１２", "😀", "'", '"', ",", ";", "5.1.1", "(b)", "A", " ", "é", "_x000A_", "#"]
    ),
    st.characters(codec="utf-8", exclude_characters="\r"),
)


def _texts(field, more=()):
    pieces = st.one_of(_PIECES, *map(st.just, more))
    drawn = st.builds(
        lambda start, rest: (start + "".join(rest)).strip(), st.sampled_from(_STARTS), st.lists(pieces, max_size=5)
    )
    return drawn.filter(lambda text: "欠番" not in text and not field_problems({"it": text}, {"it": field}))


TITLES = _texts(Field(200))
TEXTS = _texts(Field(8000, lines=True), more=["\n", "\n\n", "\n(a) "])
_MARKS = st.sampled_from(rules.MARKS)


def _number(parts, mark):
    return ".".join(map(str, parts)) + (f".{mark}" if mark else "")


@st.composite
def controls(draw, *, depth=None):
    """Objectives of one layout, some with details, in the order of their numbers."""
    depth = depth or draw(st.sampled_from([2, 3]))
    found = []
    taken_ids = set()
    stems = st.tuples(st.integers(3, 18), *[st.integers(1, 12)] * (depth - 1))
    for stem in draw(st.lists(stems, min_size=1, max_size=3, unique=True)):
        part = draw(st.sampled_from(Part)) if depth == 3 else Part.CONTROLS
        numbers = [(stem, Kind.OBJECTIVE)]
        last = draw(st.lists(st.integers(1, 20), max_size=2, unique=True))
        numbers += [((*stem, one), Kind.DETAILED) for one in last]
        for parts, kind in numbers:
            mark = draw(_MARKS)
            earlier = tuple(
                draw(st.lists(st.sampled_from(["9.1.1", "12.6.1.18.PB", "6.3.P.1"]), max_size=2, unique=True))
            )
            one = ControlFacts(
                number=_number(parts, mark),
                part=part,
                kind=kind,
                mark=mark,
                requirement=draw(st.sampled_from(Requirement)),
                base=draw(_texts(Field(100))),
                title_ja=draw(TITLES),
                title_en=draw(TITLES),
                text_ja=draw(TEXTS),
                text_en=draw(TEXTS),
                earlier=earlier,
                id=draw(st.sampled_from(["", f"id-{len(found)}"])),
            )
            if one.id not in taken_ids:
                taken_ids.add(one.id)
                found.append(one)
    return tuple(one for one in rules.ordered(found) if _has_parent(one, found))


def _has_parent(one, every):
    objectives = {rules.digits(other.number) for other in every if other.kind == Kind.OBJECTIVE}
    return one.kind == Kind.OBJECTIVE or rules.digits(one.number)[:-1] in objectives


_CLAUSES = st.dictionaries(
    st.sampled_from(["3", "5", "5.1", "6.12", "18"]), st.tuples(TITLES.filter(bool), TITLES), max_size=3
)
EDITIONS = st.tuples(controls().filter(bool), _CLAUSES)
