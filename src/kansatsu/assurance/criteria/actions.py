"""The acts on editions, on comments and on mapping sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import editions, mappings, queries, rules
from kansatsu.assurance.criteria import models as tables
from kansatsu.assurance.criteria.editions import ShippedMapping
from kansatsu.assurance.criteria.mappings import MappingFacts
from kansatsu.assurance.criteria.models import Comment, Control, Edition, MappingSet
from kansatsu.assurance.criteria.policy import COMMENTS, MAPPINGS, POLICY
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader, MappingHeader
from kansatsu.assurance.criteria.workflow import COMMENT, EDITION, MAPPING, Act, CommentAct, MappingAct, Status
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.files import store
from kansatsu.core.models import StoredFile
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.core.text import clean

_A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, to be kept by the act that takes it. :param name: as its sender called it."""

    name: str
    content: bytes


Original: TypeAlias = StoredFile | Upload | None


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
        original=_kept(original, now),
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
        original=_kept(original, now),
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


@act
def comment(*, control: Control, text: str, actor: Actor, now: datetime) -> Comment:
    """Say something of one line of an edition that is out for comment.

    :raises NotAllowed: the actor works for no organisation.
    :raises Incomplete: nothing was said, too much, or the time for comments is over.
    """
    COMMENTS.require(actor, CommentAct.COMMENT, control)
    if problems := rules.comment_problems("text", text):
        raise Incomplete(problems)
    line = Control.objects.select_related("edition").filter(pk=control.pk).first()
    if line is None or not queries.takes_comments(line.edition, tokyo_date(now)):
        raise Incomplete(Problem("criteria.no_comments_now", where="text"))
    assert actor.person_id is not None and actor.organisation_id is not None
    new = Comment(
        edition=line.edition,
        stable_id=line.stable_id,
        number=line.number,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        text=clean(text),
        written_at=now,
    )
    return begin(new, COMMENT, CommentAct.COMMENT, actor=actor, now=now, number=line.number)


@act
def answer(*, comment: Comment, answer: str, actor: Actor, now: datetime) -> Comment:
    """Answer a comment; the answer stands beside the line from then on, in later editions too.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: the comment is answered or retracted already.
    :raises Conflict: somebody else moved it first.
    :raises Incomplete: the answer is empty or too long.
    """
    COMMENTS.require(actor, CommentAct.ANSWER, comment)
    if problems := rules.comment_problems("answer", answer):
        raise Incomplete(problems)
    return move(comment, COMMENT, CommentAct.ANSWER, actor=actor, now=now, answer=clean(answer), answered_at=now)


@act
def retract(*, comment: Comment, actor: Actor, now: datetime) -> Comment:
    """Take one's own comment back before it is answered.

    :raises NotAllowed: the actor did not write it.
    :raises WrongState: it is answered or retracted already.
    :raises Conflict: somebody else moved it first.
    """
    COMMENTS.require(actor, CommentAct.RETRACT, comment)
    return move(comment, COMMENT, CommentAct.RETRACT, actor=actor, now=now)


@act
def load_mapping(
    *,
    header: MappingHeader,
    rows: Sequence[MappingFacts],
    original: Original,
    actor: Actor,
    now: datetime,
) -> MappingSet:
    """Bring a mapping set in, pinned to the content that both editions have now.

    Loading the same rows under the same id again changes nothing.

    :raises NotAllowed: the actor is neither the programme office nor the system.
    :raises Incomplete: the header is not right, or a row names a line that is not there.
    :raises Conflict: the id is taken by another set.
    """
    MAPPINGS.require(actor, MappingAct.LOAD, None)
    if problems := rules.mapping_header_problems(header):
        raise Incomplete(problems)
    source = queries.edition_or_refuse(header.source, where="source")
    target = queries.edition_or_refuse(header.target, where="target")
    if problems := mappings.mapping_problems(rows, queries.numbers(source), queries.numbers(target)):
        raise Incomplete(problems)
    present = MappingSet.objects.filter(pk=header.id).first()
    if present is not None:
        same_ends = (present.source_hash, present.target_hash) == (source.content_hash, target.content_hash)
        same_ends = same_ends and (present.source_id, present.target_id) == (source.pk, target.pk)
        if not same_ends or queries.mapping_rows(present) != sorted(rows, key=queries.row_order):
            raise Conflict(Problem("criteria.mapping_id_taken", where="id", params={"id": header.id}))
        return present
    mapping_set = MappingSet(
        id=header.id,
        title_ja=clean(header.title_ja),
        title_en=clean(header.title_en),
        source=source,
        target=target,
        source_hash=source.content_hash,
        target_hash=target.content_hash,
        authority=clean(header.authority),
        is_unverified=header.is_unverified,
        original=_kept(original, now),
    )
    pins = {"source_hash": source.content_hash, "target_hash": target.content_hash}
    begin(mapping_set, MAPPING, MappingAct.LOAD, actor=actor, now=now, rows=len(rows), **pins)
    tables.Mapping.objects.bulk_create(
        [
            tables.Mapping(
                mapping_set=mapping_set,
                source_number=row.source,
                target_number=row.target,
                relation=row.relation,
                confidence=row.confidence,
                note=row.note,
            )
            for row in rows
        ],
        batch_size=_A_BATCH,
    )
    return mapping_set


@act
def withdraw_mapping(*, mapping_set: MappingSet, actor: Actor, now: datetime) -> MappingSet:
    """Stop using a mapping set; nothing is carried over by it any more.

    :raises NotAllowed: the actor is not the programme office.
    :raises WrongState: it is withdrawn already.
    :raises Conflict: somebody else moved it first.
    """
    MAPPINGS.require(actor, MappingAct.WITHDRAW, mapping_set)
    return move(mapping_set, MAPPING, MappingAct.WITHDRAW, actor=actor, now=now)


def install_mapping(*, shipped: ShippedMapping, actor: Actor, now: datetime) -> MappingSet:
    """Bring a shipped mapping set in; both its editions must be installed. Doing it again changes nothing."""
    header = MappingHeader(
        id=shipped.id,
        title_ja=shipped.title_ja,
        title_en=shipped.title_en,
        source=shipped.source,
        target=shipped.target,
        authority=shipped.authority,
        is_unverified=shipped.is_unverified,
    )
    return load_mapping(header=header, rows=shipped.rows, original=None, actor=actor, now=now)


def _kept(original: Original, now: datetime) -> StoredFile | None:
    """The file's row; what was not kept before is kept now, in the act's transaction."""
    return keep_original([original.content], original.name, now=now) if isinstance(original, Upload) else original


def keep_original(chunks: Iterable[bytes], name: str, *, now: datetime) -> StoredFile:
    """Keep a file that an edition or a mapping set came from, byte for byte.

    :raises Incomplete: it is empty, too large, or neither a workbook nor text.
    """
    return store(chunks, name, now=now, where="file", kinds=frozenset({".xlsx", ".txt"}))


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
