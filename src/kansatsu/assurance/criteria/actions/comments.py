"""The acts on comments."""

from datetime import datetime

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria import queries, rules
from kansatsu.assurance.criteria.models import Comment, Control
from kansatsu.assurance.criteria.policy import COMMENTS
from kansatsu.assurance.criteria.workflow import COMMENT, CommentAct
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import clean


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
