"""Fills a migrated database through the acts, for the tests of the command line; prints the ids they need as JSON."""

import json
from datetime import date, timedelta

import django


def fill():
    """The cast; a draft with four breaches, a final statement, a registration that ends in 100 days, a stored file."""
    from django.utils import timezone

    from kansatsu.assurance.criteria.models import Edition
    from kansatsu.assurance.providers.workflow import Model
    from kansatsu.assurance.register import actions as register
    from kansatsu.assurance.register.rules import AdoptedRow
    from kansatsu.assurance.statements import actions as statements
    from kansatsu.assurance.statements.actions import Answer
    from kansatsu.assurance.statements.workflow import LineState
    from kansatsu.core.calendar import tokyo_date, tokyo_moment
    from kansatsu.core.files import store
    from kansatsu.samples.cast import enter_cast
    from kansatsu.samples.walk import Walk

    people = enter_cast(now=tokyo_moment(date(2025, 1, 6), 9))
    edition = Edition.objects.get(pk="ismap-2022-04")
    period = (date(2024, 4, 1), date(2025, 3, 31))
    final = Walk(people=people, edition=edition, period=period, name="あおぞらファイル共有").to("final")
    draft = Walk(people=people, edition=edition, period=period, name="あおぞら会議").to("answered")
    statements.answer(
        statement=draft.statement,
        answers=[
            Answer("3.1.1", LineState.EXCLUDED, reason="該当しないため。"),
            Answer("5.1.1", LineState.UNANSWERED),
            Answer("8.1.2.7.PB", LineState.IMPLEMENTED, text=" "),
        ],
        actor=people["provider"],
        now=draft.later(),
    )
    statements.describe(
        statement=draft.statement,
        texts={"regions": ""},
        audit_from=period[0],
        audit_to=period[1],
        used_services=[],
        actor=people["provider"],
        now=draft.later(),
    )
    now = timezone.now()
    row = AdoptedRow(
        number="C21-0008-2",
        service="あおぞら基盤",
        service_en="Aozora Base",
        provider="（見本）あおぞらクラウド株式会社",
        provider_en="",
        model=Model.IAAS,
        regions="東日本",
        scope="",
        audit_from=period[0],
        audit_to=period[1],
        entered_on=date(2021, 3, 12),
        valid_until=tokyo_date(now) + timedelta(days=100),
    )
    register.adopt(rows=[row], actor=people["office"], now=now)
    report = b"%PDF-1.7\n" + bytes(range(256)) * 40
    stored = store([report], "監査報告.pdf", now=now, where="file", kinds=frozenset({".pdf"}))
    return {"final": final.statement.pk, "draft": draft.statement.pk, "sha256": stored.sha256}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(fill()))
