"""Several people save the same line at once: the first one counts, the others are told."""

import threading
import time
from datetime import date

import pytest
from django.db import connection, transaction
from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria.actions import install
from kansatsu.assurance.statements import actions
from kansatsu.assurance.statements.actions import Answer
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.refusals import Refusal
from kansatsu.samples.cast import enter_cast
from kansatsu.samples.walk import Walk

WRITERS = 3


def wait_until_all_wait():
    """On PostgreSQL, until every writer waits for the statement's row; SQLite lets them wait before they read."""
    deadline = time.monotonic() + 20
    while connection.vendor == "postgresql" and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] == WRITERS:
                return
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_of_three_who_save_the_same_line_at_once_one_succeeds(transactional_db):
    people = enter_cast(now=BEGINNING)
    edition = install(edition_id="ismap-2022-04", actor=SYSTEM, now=BEGINNING)
    walk = Walk(people=people, edition=edition, period=(date(2024, 4, 1), date(2025, 3, 31)), name="そら").to("started")
    actor, now, outcomes = walk.actor("provider"), walk.later(), []

    def save(text):
        try:
            statement = Statement.objects.get(pk=walk.statement.pk)
            given = Answer("9.5.2.1.PB", LineState.IMPLEMENTED, text=text, seen=1)
            actions.answer(statement=statement, answers=[given], actor=actor, now=now)
            outcomes.append("done")
        except Refusal as refused:
            outcomes.append(refused.kind)
        finally:
            connection.close()

    writers = [threading.Thread(target=save, args=(f"{number}人目",)) for number in range(WRITERS)]
    with transaction.atomic():
        Statement.objects.select_for_update().get(pk=walk.statement.pk)
        for writer in writers:
            writer.start()
        wait_until_all_wait()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["conflict", "conflict", "done"]
    assert Line.objects.get(statement=walk.statement, control__number="9.5.2.1.PB").version == 2
