"""The acts on mapping sets."""

from collections.abc import Sequence
from datetime import datetime

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import mappings, queries, rules
from kansatsu.assurance.criteria.actions.originals import Original, kept
from kansatsu.assurance.criteria.editions import ShippedMapping
from kansatsu.assurance.criteria.mappings import MappingFacts
from kansatsu.assurance.criteria.models import Mapping, MappingSet
from kansatsu.assurance.criteria.policy import MAPPINGS
from kansatsu.assurance.criteria.rules import MappingHeader
from kansatsu.assurance.criteria.workflow import MAPPING, MappingAct
from kansatsu.core.acts import act
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.core.text import clean

_A_BATCH = 500


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
        original=kept(original, now),
    )
    pins = {"source_hash": source.content_hash, "target_hash": target.content_hash}
    begin(mapping_set, MAPPING, MappingAct.LOAD, actor=actor, now=now, rows=len(rows), **pins)
    Mapping.objects.bulk_create(
        [
            Mapping(
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
