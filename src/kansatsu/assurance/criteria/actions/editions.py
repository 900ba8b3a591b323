"""The acts on editions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import editions, queries, rules
from kansatsu.assurance.criteria.actions.originals import Original, kept
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.criteria.policy import POLICY
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader
from kansatsu.assurance.criteria.workflow import EDITION, Act, Status
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.core.text import clean

_A_BATCH = 500


@act
def install(*, edition_id: str, actor: Actor, now: datetime) -> Edition:
    """Bring a shipped edition into the database, published and immutable.

    Installing it again changes nothing.

    :raises NotAllowed: the actor is neither the programme office nor the system.
    :raises Incomplete: no such edition ships.
    :raises Conflict: an edition of this id with other content is there already.
    """
    POLICY.require(actor, Act.INSTALL, None)
    if edition_id not in editions.shipped_ids():
        raise Incomplete(editions.no_such_edition(edition_id, editions.shipped_ids()))
    content = editions.shipped(edition_id)
    digest = rules.content_hash(content.controls)
    present = Edition.objects.filter(pk=edition_id).first()
    if present is not None and present.content_hash != digest:
        raise Conflict(Problem("criteria.other_content", where="edition", params={"edition": edition_id}))
    beside = {
        "reading": content.requirements,
        "classes": list(editions.readings()[content.requirements].classes),
        "clauses": {number: list(titles) for number, titles in editions.clause_titles(content.layout).items()},
    }
    if present is not None:
        # One that an older version installed has no such things yet; they are no part of its content.
        Edition.objects.filter(pk=present.pk, reading="").update(**beside)
        present.refresh_from_db()
        return present
    edition = Edition(
        id=content.id,
        title_ja=content.title_ja,
        title_en=content.title_en,
        published_on=content.published_on,
        source=content.source,
        is_incomplete=content.is_incomplete,
        is_synthetic=content.is_synthetic,
        is_unverified=content.is_unverified,
        predecessor=Edition.objects.filter(pk=content.predecessor).first(),
        content_hash=digest,
        **beside,
    )
    begin(edition, EDITION, Act.INSTALL, actor=actor, now=now, content_hash=digest)
    _write_controls(edition, content.controls)
    return edition


@act
def import_edition(
    *,
    header: EditionHeader,
    controls: Sequence[ControlFacts],
    clauses: Mapping[str, Sequence[str]],
    original: Original,
    actor: Actor,
    now: datetime,
) -> Edition:
    """Bring an edition from outside in, as a draft.

    :param clauses: titles of chapters and clauses: number → Japanese, English.
    :param original: the file it came from, kept as it was.
    :raises NotAllowed: the actor is neither the programme office nor the system.
    :raises Incomplete: the header or the controls are not right.
    :raises Conflict: the id is taken.
    """
    POLICY.require(actor, Act.IMPORT, None)
    if header.id in editions.shipped_ids() or Edition.objects.filter(pk=header.id).exists():
        raise Conflict(Problem("criteria.id_taken", where="edition", params={"edition": header.id}))
    if problems := [*rules.header_problems(header), *rules.edition_problems(controls)]:
        raise Incomplete(problems)
    if header.reading not in editions.readings():
        known = ", ".join(editions.readings())
        params = {"field": "requirements", "value": header.reading, "known": known}
        raise Incomplete(Problem("criteria.unknown_value", where="reading", params=params))
    controls = rules.cleaned(controls)
    edition = Edition(
        id=header.id,
        title_ja=clean(header.title_ja),
        title_en=clean(header.title_en),
        published_on=header.published_on,
        source=clean(header.source),
        is_incomplete=header.is_incomplete,
        is_synthetic=False,
        predecessor=_predecessor(header.predecessor),
        reading=header.reading,
        classes=list(editions.readings()[header.reading].classes),
        clauses={number: list(titles) for number, titles in clauses.items()},
        original=kept(original, now),
        content_hash=rules.content_hash(controls),
    )
    begin(edition, EDITION, Act.IMPORT, actor=actor, now=now, content_hash=edition.content_hash)
    _write_controls(edition, controls)
    return edition


def _predecessor(edition_id: str) -> Edition | None:
    if not edition_id:
        return None
    found = Edition.objects.exclude(status=Status.DISCARDED).filter(pk=edition_id).first()
    if found is None:
        known = Edition.objects.exclude(status=Status.DISCARDED).values_list("pk", flat=True)
        raise Incomplete(editions.no_such_edition(edition_id, known, where="predecessor"))
    return found


@act
def replace(
    *,
    edition: Edition,
    controls: Sequence[ControlFacts],
    clauses: Mapping[str, Sequence[str]],
    original: Original,
    actor: Actor,
    now: datetime,
) -> Edition:
    """Give a draft new content; what was said of its lines stays with them by their ids.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is no draft.
    :raises Conflict: somebody else changed the draft first.
    :raises Incomplete: the controls are not right.
    """
    POLICY.require(actor, Act.REPLACE, edition)
    if problems := rules.edition_problems(controls):
        raise Incomplete(problems)
    controls = rules.cleaned(controls)
    digest = rules.content_hash(controls)
    edition = move(
        edition,
        EDITION,
        Act.REPLACE,
        actor=actor,
        now=now,
        details={"content_hash": digest},
        content_hash=digest,
        clauses={number: list(titles) for number, titles in clauses.items()},
        original=kept(original, now),
    )
    edition.controls.all().delete()
    _write_controls(edition, controls)
    return edition


@act
def classify(*, edition: Edition, classes: Sequence[Mapping[str, str]], actor: Actor, now: datetime) -> Edition:
    """Define the basic statement requirements of a draft: which class of control a statement must do what with.

    :param classes: rows of part, kind, marks and class; the first that fits a control counts.
    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is no draft.
    :raises Conflict: somebody else changed the draft first.
    :raises Incomplete: a kind of control falls under no row.
    """
    POLICY.require(actor, Act.CLASSIFY, edition)
    if problems := rules.classes_problems(classes):
        raise Incomplete(problems)
    rows = [dict(row) for row in classes]
    controls = rules.classed(queries.facts(edition), rows)
    digest = rules.content_hash(controls)
    edition = move(
        edition,
        EDITION,
        Act.CLASSIFY,
        actor=actor,
        now=now,
        details={"content_hash": digest},
        content_hash=digest,
        classes=rows,
        reading=next((one.id for one in editions.readings().values() if list(one.classes) == rows), ""),
    )
    edition.controls.all().delete()
    _write_controls(edition, controls)
    return edition


@act
def consult(*, edition: Edition, until: date | None, actor: Actor, now: datetime) -> Edition:
    """Put a draft out for comment until the end of a day.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is no draft.
    :raises Conflict: somebody else changed the draft first.
    :raises Incomplete: the day is missing or past.
    """
    POLICY.require(actor, Act.CONSULT, edition)
    if until is None or until < tokyo_date(now):
        raise Incomplete(Problem("criteria.day_past", where="until"))
    details = {"until": until.isoformat()}
    return move(edition, EDITION, Act.CONSULT, actor=actor, now=now, details=details, comments_until=until)


@act
def end_consultation(*, edition: Edition, actor: Actor, now: datetime) -> Edition:
    """Close the comments; the draft can be changed again.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is not out for comment.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.END_CONSULTATION, edition)
    return move(edition, EDITION, Act.END_CONSULTATION, actor=actor, now=now)


@act
def publish(*, edition: Edition, on: date | None, actor: Actor, now: datetime) -> Edition:
    """Publish a draft; from then on it never changes.

    :param on: the day that the edition bears.
    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is no draft.
    :raises Conflict: somebody else changed the draft first.
    :raises Incomplete: the day is missing.
    """
    POLICY.require(actor, Act.PUBLISH, edition)
    if on is None:
        raise Incomplete(Problem("core.empty", where="on"))
    details = {"content_hash": edition.content_hash, "on": on.isoformat()}
    return move(edition, EDITION, Act.PUBLISH, actor=actor, now=now, details=details, published_on=on)


@act
def discard(*, edition: Edition, actor: Actor, now: datetime) -> Edition:
    """Give a draft up; it stays in the history and disappears from the pages.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the edition is no draft.
    :raises Conflict: somebody else changed the draft first.
    """
    POLICY.require(actor, Act.DISCARD, edition)
    return move(edition, EDITION, Act.DISCARD, actor=actor, now=now)


def _write_controls(edition: Edition, controls: Sequence[ControlFacts]) -> None:
    parents = rules.parents(control.number for control in controls)
    Control.objects.bulk_create(
        [
            Control(
                edition=edition,
                number=one.number,
                stable_id=one.id,
                earlier=list(one.earlier),
                sort_key=rules.sort_key(one.number),
                parent_number=parents.get(one.number, ""),
                part=one.part,
                kind=one.kind,
                mark=one.mark,
                requirement=one.requirement,
                base=one.base,
                title_ja=one.title_ja,
                title_en=one.title_en,
                text_ja=one.text_ja,
                text_en=one.text_en,
                search_text=rules.search_text(one),
            )
            for one in controls
        ],
        batch_size=_A_BATCH,
    )
