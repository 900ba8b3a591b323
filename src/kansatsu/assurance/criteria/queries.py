"""Questions about editions, their lines, what was said of them, and what corresponds to what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import overload

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import editions as shipping
from kansatsu.assurance.criteria import mappings, policy, rules
from kansatsu.assurance.criteria.differences import Difference, difference
from kansatsu.assurance.criteria.mappings import Confidence, Dangling, MappingFacts, Relation
from kansatsu.assurance.criteria.models import Comment, Control, Edition, Mapping, MappingSet
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader, Heading
from kansatsu.assurance.criteria.workflow import CommentStatus, MappingStatus, Status
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import folded


def editions() -> QuerySet[Edition]:
    """All published editions with their number of controls, newest first: what a statement can be made under."""
    found = Edition.objects.filter(status=Status.PUBLISHED)
    return found.annotate(size=Count("controls")).order_by("-published_on", "id")


def shelf(actor: Actor) -> QuerySet[Edition]:
    """The editions that the actor can see, with their number of controls, newest first."""
    found = policy.editions_visible_to(actor).select_related("predecessor")
    return found.annotate(size=Count("controls")).order_by("-published_on", "id")


def edition_or_refuse(edition_id: str, where: str = "edition") -> Edition:
    """:raises Incomplete: no edition of this id is here, or it was discarded."""
    found = Edition.objects.exclude(status=Status.DISCARDED)
    if edition := found.filter(pk=edition_id).first():
        return edition
    raise Incomplete(shipping.no_such_edition(edition_id, found.values_list("pk", flat=True), where))


def header_problems(header: EditionHeader) -> list[Problem]:
    """What is wrong with what is said of a new edition, its id being taken included."""
    problems = rules.header_problems(header)
    if header.id in shipping.shipped_ids() or Edition.objects.filter(pk=header.id).exists():
        problems.append(Problem("criteria.id_taken", where="edition", params={"edition": header.id}))
    return problems


def facts(edition: Edition) -> tuple[ControlFacts, ...]:
    """The controls of an edition as values, in order. One query."""
    return tuple(control.facts() for control in edition.controls.order_by("sort_key", "number"))


def numbers(edition: Edition) -> set[str]:
    """The numbers of an edition's controls. One query."""
    return set(edition.controls.values_list("number", flat=True))


def clauses_of(edition: Edition) -> dict[str, tuple[str, str]]:
    """Titles of chapters and clauses, Japanese and English: the edition's own over those of its layout."""
    own = {number: (titles[0], titles[1]) for number, titles in edition.clauses.items()}
    return shipping.clause_titles(layout_of(edition)) | own


def layout_of(edition: Edition) -> str:
    """How the edition is numbered, see `rules.layout`. One query."""
    objectives = edition.controls.filter(part=rules.Part.CONTROLS, kind=rules.Kind.OBJECTIVE)
    first = objectives.order_by("sort_key").values_list("number", flat=True).first()
    return "2022" if first and len(rules.digits(first)) == 2 else "2013"


def takes_comments(edition: Edition, today: date) -> bool:
    """Is the edition out for comment, and the last day not past?"""
    return (
        edition.status == Status.CONSULTATION and edition.comments_until is not None and today <= edition.comments_until
    )


def superseded_by(edition: Edition) -> Edition | None:
    """The published edition that took this one's place, if any; one that is unverified or made up takes none."""
    found = edition.successors.filter(status=Status.PUBLISHED, is_unverified=False, is_synthetic=False)
    return found.order_by("published_on").last()


def replaced(editions: Iterable[Edition]) -> set[str]:
    """The ids of those among these editions that a published one took the place of."""
    return {
        one.predecessor_id
        for one in editions
        if one.predecessor_id and one.status == Status.PUBLISHED and not (one.is_unverified or one.is_synthetic)
    }


def neighbours(control: Control) -> tuple[Control | None, Control | None]:
    """The lines before and after this one in its edition."""
    line = control.edition.controls.order_by("sort_key", "number")
    before = line.filter(sort_key__lt=control.sort_key).last()
    return before, line.filter(sort_key__gt=control.sort_key).first()


def in_editions(stable_id: str, actor: Actor) -> QuerySet[Control]:
    """The same control in every edition that the actor can see, newest first."""
    visible = policy.editions_visible_to(actor)
    found = Control.objects.filter(stable_id=stable_id, edition__in=visible).select_related("edition")
    return found.order_by("-edition__published_on", "edition_id")


def said_of(control: Control, actor: Actor) -> QuerySet[Comment]:
    """What was said of this control in this and other editions that the actor can see, oldest first."""
    found = Comment.objects.exclude(status=CommentStatus.RETRACTED).filter(stable_id=control.stable_id)
    found = found.filter(edition__in=policy.editions_visible_to(actor))
    return found.select_related("organisation", "edition").order_by("written_at", "pk")


def comments_on(edition: Edition) -> QuerySet[Comment]:
    """All that was said of an edition and not taken back, by line, oldest first."""
    found = edition.comments.exclude(status=CommentStatus.RETRACTED).select_related("organisation")
    line = Control.objects.filter(edition=edition, stable_id=OuterRef("stable_id")).values("sort_key")
    return found.annotate(place=Subquery(line)).order_by("place", "number", "written_at", "pk")


def tally(edition: Edition) -> dict[str, int]:
    """How many comments an edition has: in all, and unanswered. One query."""
    return comments_on(edition).aggregate(
        total=Count("pk"), unanswered=Count("pk", filter=Q(status=CommentStatus.OPEN))
    )


@dataclass(frozen=True, slots=True)
class Corresponding:
    """One correspondence of a control, seen from it. :param relation: of the control to the other line."""

    mapping_set: MappingSet
    edition_id: str
    number: str
    title_ja: str
    title_en: str
    relation: Relation
    confidence: Confidence


_TURNED = {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}


def corresponding(control: Control, actor: Actor) -> list[Corresponding]:
    """What corresponds to this control by the mapping sets in use, in both directions."""
    visible = set(policy.editions_visible_to(actor).values_list("pk", flat=True))
    here = Q(mapping_set__source=control.edition_id, source_number=control.number)
    there = Q(mapping_set__target=control.edition_id, target_number=control.number)
    rows = Mapping.objects.filter(here | there, mapping_set__status=MappingStatus.IN_USE).exclude(target_number="")
    pairs = []
    for row in rows.select_related("mapping_set").order_by("mapping_set", "pk"):
        relation = Relation(row.relation)
        if row.mapping_set.source_id == control.edition_id and row.source_number == control.number:
            pairs.append((row, row.mapping_set.target_id, row.target_number, relation))
        else:
            pairs.append((row, row.mapping_set.source_id, row.source_number, _TURNED.get(relation, relation)))
    named = Control.objects.filter(edition__in=visible, number__in={number for _, _, number, _ in pairs})
    titles = {(one.edition_id, one.number): (one.title_ja, one.title_en) for one in named}
    return [
        Corresponding(
            row.mapping_set, edition_id, number, *titles[edition_id, number], relation, Confidence(row.confidence)
        )
        for row, edition_id, number, relation in pairs
        if (edition_id, number) in titles
    ]


def row_order(row: MappingFacts) -> tuple[tuple[int, ...], str, str]:
    """The order of a mapping set's rows: by source number, then target."""
    return rules.digits(row.source), row.source, row.target


def mapping_rows(mapping_set: MappingSet) -> list[MappingFacts]:
    """The rows of a mapping set as values, in order. One query."""
    rows = (
        MappingFacts(one.source_number, one.target_number, Relation(one.relation), Confidence(one.confidence), one.note)
        for one in mapping_set.rows.all()
    )
    return sorted(rows, key=row_order)


@dataclass(frozen=True, slots=True)
class Health:
    """Does a mapping set still lead where it was made to lead?

    :param superseded_by: the edition that took the target's place.
    :param dangling: its targets that the newer edition numbers otherwise or does not have.
    :param is_changed: an edition it is pinned to has other content now (drafts only).
    """

    superseded_by: Edition | None
    dangling: list[Dangling]
    is_changed: bool


def health(mapping_set: MappingSet) -> Health:
    """Whether the target was superseded since, and which targets dangle because of it."""
    newer = superseded_by(mapping_set.target)
    found: list[Dangling] = []
    if newer is not None:
        rows = mapping_rows(mapping_set)
        found = mappings.dangling(rows, facts(mapping_set.target), facts(newer), side="target")
    pins = (mapping_set.source_hash, mapping_set.target_hash)
    is_changed = pins != (mapping_set.source.content_hash, mapping_set.target.content_hash)
    return Health(newer, found, is_changed)


def mapping_sets(actor: Actor) -> QuerySet[MappingSet]:
    """The mapping sets between editions that the actor can see."""
    visible = policy.editions_visible_to(actor)
    found = MappingSet.objects.filter(source__in=visible, target__in=visible)
    return found.select_related("source", "target").annotate(size=Count("rows")).order_by("id")


def titles(edition: Edition, numbers: Iterable[str]) -> dict[str, Control]:
    """Number → control, of these numbers. One query."""
    return {one.number: one for one in edition.controls.filter(number__in=set(numbers))}


def unmapped(mapping_set: MappingSet, rows: Iterable[MappingFacts]) -> tuple[list[str], list[str]]:
    """Numbers that no row names: of the source edition, and of the target edition."""
    named = tuple(rows)
    sources, targets = {row.source for row in named}, {row.target for row in named}
    return tuple(  # type: ignore[return-value]
        sorted(numbers(edition) - used, key=rules.digits)
        for edition, used in ((mapping_set.source, sources), (mapping_set.target, targets))
    )


def sets_to(newer: Edition) -> QuerySet[MappingSet]:
    """The sound mapping sets that lead to this edition: by them its lines are matched with older ones."""
    return MappingSet.objects.filter(
        target=newer, target_hash=newer.content_hash, status=MappingStatus.IN_USE
    ).order_by("id")


def pairs(newer: Edition) -> set[tuple[str, str]]:
    """What corresponds to the lines of this edition by the mapping sets that lead to it, as pairs of control ids.

    By its ids a set made for one edition also serves another that has the same lines.
    """
    found: set[tuple[str, str]] = set()
    for one in sets_to(newer).select_related("source"):
        found |= mappings.id_pairs(mapping_rows(one), ids(one.source), ids(newer))
    return found


def account(older: Edition, newer: Edition) -> list[Difference]:
    """What changed between two editions, line by line."""
    return difference(facts(older), facts(newer), pairs(newer))


class Found(Sequence[Control]):
    """What a search found, loaded only as far as it is looked at.

    :param places: edition id and number of each line, in order.
    """

    def __init__(self, places: Sequence[tuple[str, str]]) -> None:
        self.places = places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> Control: ...

    @overload
    def __getitem__(self, index: slice) -> list[Control]: ...

    def __getitem__(self, index: int | slice) -> Control | list[Control]:
        if isinstance(index, int):
            return self[index : index + 1 or None][0]
        wanted = self.places[index]
        found = Control.objects.select_related("edition").filter(
            edition__in={edition_id for edition_id, _ in wanted}, number__in={number for _, number in wanted}
        )
        by_place = {(one.edition_id, one.number): one for one in found}
        return [by_place[place] for place in wanted if place in by_place]

    def __iter__(self) -> Iterator[Control]:
        return iter(self[:])


def search(actor: Actor, text: str, *, edition_id: str = "") -> Found:
    """The lines that hold every word of the text in number, title or text, whatever its width and case.

    A scan in memory: it finds words of one and two characters, and SQLite and PostgreSQL answer alike.

    :param edition_id: only in this edition; else in all that the actor can see, newest first.
    """
    editions = policy.editions_visible_to(actor).order_by("-published_on", "id")
    if edition_id:
        editions = editions.filter(pk=edition_id)
    words = folded(text).split()
    places = []
    for name, content_hash in editions.values_list("pk", "content_hash"):
        try:
            lines = _searchable(content_hash)
        except LookupError:
            continue
        for word in words:
            lines = [line for line in lines if word in line[1]]
        places += [(name, number) for number, _ in lines]
    return Found(places)


@lru_cache(maxsize=64)
def _searchable(content_hash: str) -> list[tuple[str, str]]:
    """Number and folded text of each line of an edition of this content, which never changes.

    :raises LookupError: a draft with this content has just been replaced.
    """
    edition = Edition.objects.filter(content_hash=content_hash).first()
    lines = Control.objects.filter(edition=edition, edition__content_hash=content_hash).order_by("sort_key", "number")
    if found := list(lines.values_list("number", "search_text")):
        return found
    raise LookupError(content_hash)


def ids(edition: Edition) -> dict[str, str]:
    """Number → control id. One query."""
    return dict(edition.controls.values_list("number", "stable_id"))


def heading(edition: Edition) -> Heading:
    """What an exported file says of the edition as a whole."""
    return Heading(edition.id, edition.title_ja, edition.published_on, edition.source, edition.content_hash)


def mapping_heading(mapping_set: MappingSet) -> Heading:
    """What an exported file says of the mapping set as a whole."""
    return Heading(
        mapping_set.id,
        mapping_set.title_ja,
        max(mapping_set.source.published_on, mapping_set.target.published_on),
        mapping_set.authority,
        f"{mapping_set.source_hash}:{mapping_set.target_hash}",
    )
