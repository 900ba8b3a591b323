"""Figures of the criteria, on ten editions of 1,311 lines each: import, difference, search, pages."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

_EDITIONS = 10
_WORDS = (
    "暗号",
    "鍵",
    "責任者 承認",
    "review",
    "9.5.2",
    "委託先",
    "パスワード",
    "監視",
    "12.6.1.18.PB",
    "該当なし語句",
)


def rows(median: Callable[[Callable[[], object]], float]) -> list[tuple[str, float, float, str]]:
    """What was measured: figure, value, target, unit."""
    from django.core.paginator import Paginator
    from django.test import Client
    from django.utils import timezone

    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria import actions, editions, files, queries
    from kansatsu.assurance.criteria.models import Edition
    from kansatsu.assurance.criteria.rules import EditionHeader, Heading

    shipped = editions.shipped("ismap-2024-07-synthetic")
    classes, clauses = editions.readings()["2022"].classes, editions.clause_titles()
    heading = Heading(shipped.id, shipped.title_ja, shipped.published_on, shipped.source, "")
    workbook = files.edition_file("xlsx", heading, shipped.controls, clauses)
    limits = files.read_limits()
    names = iter(range(10_000))

    def bring_in() -> Edition:
        taken = files.take(workbook, classes, limits=limits)
        header = EditionHeader(f"bench-{next(names)}", "測定", "", date(2026, 4, 1), "", "2022")
        return actions.import_edition(
            header=header,
            controls=taken.controls,
            clauses=taken.clauses,
            original=None,
            actor=SYSTEM,
            now=timezone.now(),
        )

    taken = []
    for _ in range(5):
        start = time.perf_counter()
        bring_in()
        taken.append(time.perf_counter() - start)
    turned = tuple(
        replace(one, text_ja=one.text_ja.replace("点検", "検査").replace("証跡", "記録")) for one in shipped.controls
    )
    for index in range(_EDITIONS - 5):
        header = EditionHeader(f"other-{index}", "測定", "", date(2026, 5, 1), "", "2022")
        actions.import_edition(
            header=header, controls=turned, clauses=clauses, original=None, actor=SYSTEM, now=timezone.now()
        )
    older, newer = Edition.objects.get(pk="bench-0"), Edition.objects.get(pk="other-0")

    def look(text: str) -> Any:
        return list(Paginator(queries.search(SYSTEM, text), 50).get_page(1).object_list)

    waits = []
    for _ in range(10):
        for text in _WORDS:
            start = time.perf_counter()
            look(text)
            waits.append(time.perf_counter() - start)
    page = "/criteria/editions/ismap-2024-07-synthetic/"
    client = Client(headers={"host": "127.0.0.1"})
    assert client.get(page).status_code == 200
    return [
        ("import of 1,311 rows from XLSX, whole", statistics.median(taken), 1.0, "s"),
        ("difference of two editions of 1,311 lines", median(lambda: queries.account(older, newer)), 0.3, "s"),
        ("search over 10 editions, 95th percentile", statistics.quantiles(waits, n=20)[18] * 1000, 50.0, "ms"),
        ("page of an edition of 1,311 lines", median(lambda: client.get(page)), 0.4, "s"),
    ]
