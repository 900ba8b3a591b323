"""People press the same button at once: what may happen once happens once, and the history stays whole."""

import threading
from functools import partial

import pytest
from django.db import connection

from kansatsu.accounts.actions import invite, join, leave
from kansatsu.accounts.actors import actor_of
from kansatsu.accounts.models import Membership
from kansatsu.accounts.queries import people_of
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.providers.actions import describe
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.reviews.actions import submit
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.statements.actions import start
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.events import breaks, head, history
from kansatsu.core.models import Letter
from kansatsu.core.refusals import Refusal


def at_once(*presses):
    """Press all at once, each from a thread of its own; the kinds of the refusals, and ``done`` for the others."""
    together = threading.Barrier(len(presses))
    outcomes = []

    def run(press):
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            press()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_submit_at_once_one_succeeds(transactional_db, walk):
    walk.to("prepared")
    actor, now, pk = walk.actor("provider"), walk.later(), walk.application.pk
    Letter.objects.all().delete()
    before = head()
    seen = [Application.objects.get(pk=pk) for _ in range(8)]
    outcomes = at_once(*[partial(submit, application=application, actor=actor, now=now) for application in seen])
    assert outcomes.count("done") == 1
    assert outcomes.count("conflict") + outcomes.count("wrong-state") == 7
    stored = Application.objects.get(pk=pk)
    assert (stored.status, stored.version) == ("submitted", 2)
    assert [event.act for event in history(stored)] == ["reviews.prepare", "reviews.submit"]
    assert head().number == before.number + 1
    assert list(breaks(before)) == []
    assert sorted(Letter.objects.values_list("address", flat=True)) == [
        "reviewer2@sample.example",
        "reviewer@sample.example",
    ]


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_act_on_eight_records_at_once_all_succeed_on_one_chain(transactional_db, people, noon):
    before = head()
    names = [f"サービス{number}" for number in range(8)]
    presses = [partial(describe, name=name, model=Model.SAAS, actor=people["provider"], now=noon) for name in names]
    assert at_once(*presses) == ["done"] * 8
    assert sorted(Service.objects.values_list("name", flat=True)) == names
    assert head().number == before.number + 8
    assert list(breaks(before)) == []


@pytest.mark.django_db(transaction=True)
def test_of_four_drafts_begun_at_once_one_comes_into_being(transactional_db, walk):
    service = walk.to("described").service
    press = partial(start, service=service, edition=walk.edition, actor=walk.actor("provider"), now=walk.later())
    assert sorted(at_once(*[press] * 4)) == ["done", "incomplete", "incomplete", "incomplete"]
    assert Statement.objects.filter(service=service).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_last_administrators_who_leave_at_once_one_stays(transactional_db, people, noon):
    first = Membership.objects.get(person=people["provider"].person_id)
    invitation = invite(
        organisation=first.organisation,
        email="minato@sample.example",
        role=Role.ADMINISTRATOR,
        actor=people["provider"],
        now=noon,
    )
    second = join(invitation=invitation, actor=people["minato"], now=noon)

    presses = [
        partial(leave, membership=member, successor=None, actor=actor_of(member), now=noon)
        for member in (first, second)
    ]
    assert sorted(at_once(*presses)) == ["done", "incomplete"]
    assert people_of(first.organisation).filter(role=Role.ADMINISTRATOR).count() == 1
