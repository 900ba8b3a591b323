"""Editions small enough to read, every act of the stage as one call, and ways into each status."""

from datetime import date

from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import actions, editions, rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader, Kind, MappingHeader, Part, Requirement
from kansatsu.assurance.criteria.workflow import Act, CommentAct, CommentStatus, MappingAct, MappingStatus, Status

UNTIL = date(2025, 3, 31)
EVERYTHING_EXCLUDABLE = [{"part": "*", "kind": "*", "marks": "*", "class": "excludable"}]


def line(number, title_ja="", text_ja="", **more):
    """A line of the controls part, classed by the requirements of 2022."""
    kind = Kind.DETAILED if len(rules.digits(number)) == 4 else Kind.OBJECTIVE
    facts = ControlFacts(
        number=number,
        part=Part.CONTROLS,
        kind=kind,
        mark=rules.mark_of(number),
        requirement=Requirement.SELECTABLE,
        title_ja=title_ja,
        text_ja=text_ja,
        **more,
    )
    return rules.classed([facts], editions.readings()["2022"].classes)[0]


LINES = (
    line("5.1.1", "暗号の方針", title_en="Policy on cryptography"),
    line("5.1.1.1", "鍵の管理", "暗号鍵は、ｱｸｾｽ制御された装置に保管する。"),
    line("5.1.1.2.PB", "Ｃｌｏｕｄの鍵", "利用者が鍵を持てる。", text_en="Customers can hold the keys."),
    line("12.1.1", "委託先の確認"),
)
RENUMBERED = (
    line("6.1.1", "暗号の方針", title_en="Policy on cryptography", earlier=("5.1.1",)),
    line("6.1.1.1", "鍵の管理", "暗号鍵は、ｱｸｾｽ制御された装置に保管する。", earlier=("5.1.1.1",)),
    line("12.1.1", "委託先の確認"),
)
CLAUSES = {"5": ("方針", "Policies")}
PAIR = MappingFacts("5.1.1", "5.1.1", Relation.EQUAL, Confidence.HIGH)


def header(edition_id="test-2026", **changes):
    """What is said of an edition."""
    said = {
        "id": edition_id,
        "title_ja": "試験の版",
        "title_en": "An edition for tests",
        "published_on": date(2025, 6, 1),
        "source": "試験",
        "reading": "2022",
    }
    return EditionHeader(**said | changes)


def bring_in(actor, edition_id="test-2026", controls=LINES, clauses=CLAUSES, original=None, **changes):
    """A draft, imported."""
    return actions.import_edition(
        header=header(edition_id, **changes),
        controls=controls,
        clauses=clauses,
        original=original,
        actor=actor,
        now=BEGINNING,
    )


def give(edition, actor, controls=LINES, clauses=CLAUSES, original=None):
    """The draft gets that content."""
    return actions.replace(
        edition=edition, controls=controls, clauses=clauses, original=original, actor=actor, now=BEGINNING
    )


def publish(edition, actor, on=date(2025, 6, 1)):
    """The draft is published."""
    return actions.publish(edition=edition, on=on, actor=actor, now=BEGINNING)


def consult(edition, actor, until=UNTIL):
    """The draft is put out for comment."""
    return actions.consult(edition=edition, until=until, actor=actor, now=BEGINNING)


def say(edition, actor, number="5.1.1", text="鍵の長さも決めてください。", now=BEGINNING):
    """A comment on one line."""
    return actions.comment(control=edition.controls.get(number=number), text=text, actor=actor, now=now)


def mapping_header(set_id="test-set", source="test-2026", target="test-2027", **changes):
    """What is said of a mapping set."""
    said = {
        "id": set_id,
        "title_ja": "試験の対応表",
        "title_en": "",
        "source": source,
        "target": target,
        "authority": "試験をした人",
    }
    return MappingHeader(**said | changes)


def load(actor, rows=(PAIR,), original=None, **changes):
    """A mapping set, loaded."""
    return actions.load_mapping(
        header=mapping_header(**changes), rows=rows, original=original, actor=actor, now=BEGINNING
    )


EDITING = {
    Act.INSTALL: lambda _e, a: actions.install(edition_id="ismap-r7-draft", actor=a, now=BEGINNING),
    Act.IMPORT: lambda _e, a: bring_in(a, "test-imported"),
    Act.REPLACE: lambda e, a: give(e, a, RENUMBERED),
    Act.CLASSIFY: lambda e, a: actions.classify(edition=e, classes=EVERYTHING_EXCLUDABLE, actor=a, now=BEGINNING),
    Act.CONSULT: consult,
    Act.END_CONSULTATION: lambda e, a: actions.end_consultation(edition=e, actor=a, now=BEGINNING),
    Act.PUBLISH: publish,
    Act.DISCARD: lambda e, a: actions.discard(edition=e, actor=a, now=BEGINNING),
}
COMMENTING = {
    CommentAct.COMMENT: lambda c, a: say(c.edition, a),
    CommentAct.ANSWER: lambda c, a: actions.answer(comment=c, answer="決めます。", actor=a, now=BEGINNING),
    CommentAct.RETRACT: lambda c, a: actions.retract(comment=c, actor=a, now=BEGINNING),
}
MAPPING = {
    MappingAct.LOAD: lambda m, a: load(a, set_id="test-loaded", source=m.source_id, target=m.target_id),
    MappingAct.WITHDRAW: lambda m, a: actions.withdraw_mapping(mapping_set=m, actor=a, now=BEGINNING),
}


def edition_in(status, office):
    """An edition that stands in that status."""
    edition = bring_in(office)
    ways = {
        Status.DRAFT: lambda: edition,
        Status.CONSULTATION: lambda: consult(edition, office),
        Status.PUBLISHED: lambda: publish(edition, office),
        Status.DISCARDED: lambda: EDITING[Act.DISCARD](edition, office),
    }
    return ways[status]()


def comment_in(status, office, author):
    """A comment that stands in that status, on an edition that is out for comment."""
    comment = say(edition_in(Status.CONSULTATION, office), author)
    ways = {
        CommentStatus.OPEN: lambda: comment,
        CommentStatus.ANSWERED: lambda: COMMENTING[CommentAct.ANSWER](comment, office),
        CommentStatus.RETRACTED: lambda: COMMENTING[CommentAct.RETRACT](comment, author),
    }
    return ways[status]()


def mapping_in(status, office):
    """A mapping set between two drafts that stands in that status."""
    for edition_id in ("test-2026", "test-2027"):
        bring_in(office, edition_id)
    loaded = load(office)
    return loaded if status == MappingStatus.IN_USE else MAPPING[MappingAct.WITHDRAW](loaded, office)


def install(edition_id):
    """A shipped edition, installed."""
    return actions.install(edition_id=edition_id, actor=SYSTEM, now=BEGINNING)


def codes(refused):
    """Code and place of each problem of a refusal."""
    return [(problem.code, problem.where) for problem in refused.value.problems]
