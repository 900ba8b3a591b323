"""Who may bring editions and mapping sets in, comment and answer; and which editions one can see."""

from typing import Any

from django.db.models import QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria.models import Comment, Edition
from kansatsu.assurance.criteria.workflow import (
    COMMENT,
    EDITION,
    MAPPING,
    Act,
    CommentAct,
    MappingAct,
    Status,
)
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _office(actor: Actor, _record: Any) -> Problem | None:
    return None if actor.is_of(Kind.OFFICE) else Problem("accounts.not_office")


def _office_or_system(actor: Actor, _record: Any) -> Problem | None:
    return None if actor.is_system else _office(actor, _record)


def _works_for_somebody(actor: Actor, _edition: Edition | None) -> Problem | None:
    return None if actor.organisation_id else Problem("criteria.no_organisation")


def _author(actor: Actor, comment: Comment) -> Problem | None:
    own = actor.person_id is not None and actor.person_id == comment.person_id
    return None if own else Problem("criteria.not_author")


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.INSTALL: _office_or_system,
        Act.IMPORT: _office_or_system,
        Act.CLASSIFY: _office,
        Act.REPLACE: _office,
        Act.CONSULT: _office,
        Act.END_CONSULTATION: _office,
        Act.PUBLISH: _office,
        Act.DISCARD: _office,
    },
    EDITION,
)
COMMENTS: Policy[Actor] = Policy(
    CommentAct,
    {CommentAct.COMMENT: _works_for_somebody, CommentAct.ANSWER: _office, CommentAct.RETRACT: _author},
    COMMENT,
)
MAPPINGS: Policy[Actor] = Policy(
    MappingAct, {MappingAct.LOAD: _office_or_system, MappingAct.WITHDRAW: _office}, MAPPING
)

_OPEN = (Status.CONSULTATION, Status.PUBLISHED)


def editions_visible_to(actor: Actor) -> QuerySet[Edition]:
    """Everybody can see what is published or out for comment; drafts only the programme office and the system."""
    if actor.is_system or actor.is_of(Kind.OFFICE):
        return Edition.objects.exclude(status=Status.DISCARDED)
    return Edition.objects.filter(status__in=_OPEN)
