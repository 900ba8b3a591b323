"""The acts on editions."""

from datetime import datetime

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.criteria.policy import POLICY
from kansatsu.assurance.criteria.workflow import EDITION, Act
from kansatsu.core.acts import act
from kansatsu.core.moves import begin
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete


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
        raise Incomplete(
            Problem(
                "criteria.no_such_edition",
                where="edition",
                params={"edition": edition_id, "known": ", ".join(editions.shipped_ids())},
            )
        )
    content = editions.shipped(edition_id)
    digest = rules.content_hash(content.controls)
    present = Edition.objects.filter(pk=edition_id).first()
    if present is not None and present.content_hash != digest:
        raise Conflict(Problem("criteria.other_content", where="edition", params={"edition": edition_id}))
    if present is not None:
        return present
    edition = begin(
        Edition(
            id=content.id,
            title_ja=content.title_ja,
            title_en=content.title_en,
            published_on=content.published_on,
            source=content.source,
            is_incomplete=content.is_incomplete,
            is_synthetic=content.is_synthetic,
            content_hash=digest,
        ),
        EDITION,
        Act.INSTALL,
        actor=actor,
        now=now,
        content_hash=digest,
    )
    parents = rules.parents(control.number for control in content.controls)
    Control.objects.bulk_create(
        [
            Control(
                edition=edition,
                number=one.number,
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
            )
            for one in content.controls
        ],
        batch_size=500,
    )
    return edition
