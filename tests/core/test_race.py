"""Eight people press the same button at once: one act happens, seven are refused, the history stays whole."""

import threading

import pytest
from django.db import connection

from kansatsu.assurance.providers.actions import describe
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.reviews.actions import submit
from kansatsu.assurance.reviews.models import Application
from kansatsu.core.events import breaks, head, history
from kansatsu.core.models import Letter
from kansatsu.core.refusals import Conflict, WrongState

THREADS = 8


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_submit_at_once_one_succeeds(transactional_db, walk):
    walk.to("prepared")
    actor, now, pk = walk.actor("provider"), walk.later(), walk.application.pk
    Letter.objects.all().delete()
    before = head()
    start = threading.Barrier(THREADS)
    outcomes = []

    def press():
        try:
            application = Application.objects.get(pk=pk)
            start.wait(timeout=20)
            outcomes.append(submit(application=application, actor=actor, now=now).status)
        except (Conflict, WrongState) as refusal:
            outcomes.append(refusal.kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == THREADS
    assert outcomes.count("submitted") == 1
    assert outcomes.count("conflict") + outcomes.count("wrong-state") == THREADS - 1
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
def test_of_eight_who_act_on_eight_records_at_once_all_succeed_on_one_chain(transactional_db, walk):
    actor, now = walk.actor("provider"), walk.later()
    before = head()
    start = threading.Barrier(THREADS)
    outcomes = []

    def press(number):
        try:
            start.wait(timeout=20)
            outcomes.append(describe(name=f"サービス{number}", model=Model.SAAS, actor=actor, now=now).name)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [f"サービス{number}" for number in range(THREADS)]
    assert head().number == before.number + THREADS
    assert list(breaks(before)) == []
