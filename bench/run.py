"""Measures the figures that docs/speed.md names: medians within one run, on a database made for it.

make bench
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import criteria
import oscal

RUNS = 15


def main() -> None:
    """Build the database, measure, print the table."""
    with tempfile.TemporaryDirectory(prefix="kansatsu-bench-") as folder:
        os.environ["KANSATSU_VAR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "kansatsu.settings"
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "kansatsu.cli", "migrate"], check=True, capture_output=True)
        migration = time.perf_counter() - start

        import django

        django.setup()
        statement_id = _fill()
        rows = [("first migration of an empty database", migration, 10.0, "s"), *_measure(statement_id)]
        rows.append(("memory of one worker after that", _memory(statement_id), 200.0, "MiB"))
        rows += criteria.rows(_median)
        _print(rows)
        print()
        oscal.main()


def _fill() -> int:
    """A full statement of 1,311 lines and a register of 1,000 entries."""
    from django.utils import timezone

    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria.actions import install
    from kansatsu.assurance.providers.workflow import Model
    from kansatsu.assurance.register.actions import adopt
    from kansatsu.assurance.register.rules import AdoptedRow
    from kansatsu.core.calendar import tokyo_date
    from kansatsu.samples.cast import enter_cast
    from kansatsu.samples.walk import Walk, last_full_period

    now = timezone.now()
    people = enter_cast(now=now)
    edition = install(edition_id="ismap-2024-07-synthetic", actor=SYSTEM, now=now)
    period = last_full_period(tokyo_date(now), months_ago=1)
    walk = Walk(people=people, edition=edition, period=period, name="測定用サービス").to("answered")
    regions = ("東京", "大阪", "東日本\n西日本", "北海道")
    rows = [
        AdoptedRow(
            number=f"C22-{index:04d}-2",
            service=f"測定サービス{index}号",
            service_en=f"Measured Service {index}",
            provider=f"測定事業者{index % 200}株式会社",
            provider_en=f"Measured Provider {index % 200} Inc.",
            model=list(Model)[index % 3],
            regions=regions[index % 4],
            scope="全機能",
            audit_from=period[0],
            audit_to=period[1],
            entered_on=period[1] + timedelta(days=1),
            valid_until=None if index % 9 else date(2020, 1, 1),
        )
        for index in range(1, 1001)
    ]
    adopt(rows=rows, actor=people["office"], now=now)
    return int(walk.statement.pk)


def _measure(statement_id: int) -> list[tuple[str, float, float, str]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from kansatsu.accounts.models import Person
    from kansatsu.assurance.statements import queries, rules
    from kansatsu.assurance.statements.models import Statement
    from kansatsu.core.calendar import tokyo_date
    from kansatsu.samples.cast import address

    client = Client(headers={"host": "127.0.0.1"})
    person = Person.objects.get(email=address("provider"))
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page, search = f"/statements/{statement_id}/", "/register/?q=東京"
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    query_count = len(captured)

    statement = Statement.objects.select_related("edition").get(pk=statement_id)
    today = tokyo_date(timezone.now())
    header, lines = queries.header_facts(statement, today), queries.line_facts(statement, today)
    limits = queries.limits(today)

    def pure() -> None:
        rules.pre_check(
            header, lines, limits=limits, previous_end=None, edition_id="bench", edition_is_incomplete=False
        )

    return [
        ("statement page of 1,311 lines", _median(lambda: client.get(page)), 0.4, "s"),
        ("  its SQL queries", float(query_count), 60.0, ""),
        ("pre-check of 1,311 lines, rules alone", _median(pure) * 1000, 20.0, "ms"),
        (
            "pre-check of 1,311 lines, from the database",
            _median(lambda: queries.pre_check(statement, today)) * 1000,
            20.0,
            "ms",
        ),
        ("public list of 1,000 with a search, page", _median(lambda: client.get(search)) * 1000, 50.0, "ms"),
        (
            "public list of 1,000 with a search, JSON",
            _median(lambda: client.get(f"/api/v1{search}")) * 1000,
            50.0,
            "ms",
        ),
    ]


def _median(run: Callable[[], object]) -> float:
    for _ in range(3):
        run()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _memory(statement_id: int) -> float:
    """Resident memory, in MiB, of the one worker of a served portal after it has shown both pages."""
    from kansatsu.samples.cast import PASSWORD, address

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    env = os.environ | {"KANSATSU_SITE_URL": base}
    command = [sys.executable, "-m", "kansatsu.cli", "serve", "--workers", "1", "--port", str(port)]
    with subprocess.Popen(command, env=env) as server:
        try:
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            for _ in range(100):
                try:
                    form = opener.open(f"{base}/sign-in/").read().decode()
                    break
                except OSError:
                    time.sleep(0.2)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
            assert token
            fields = {"csrfmiddlewaretoken": token[1], "login": address("provider"), "password": PASSWORD}
            opener.open(f"{base}/sign-in/", urllib.parse.urlencode(fields).encode())
            for path in (f"/statements/{statement_id}/", "/register/", "/api/v1/register/?limit=1000") * 3:
                opener.open(f"{base}{path}").read()
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            status = Path(f"/proc/{children[0]}/status").read_text()
        finally:
            server.terminate()
    resident = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert resident
    return int(resident[1]) / 1024


def _print(rows: list[tuple[str, float, float, str]]) -> None:
    print(f"{'what':46} {'median':>10} {'target':>10} {'ratio':>7}")
    for what, value, target, unit in rows:
        verdict = "ok" if value <= target else "MISS"
        print(f"{what:46} {value:>7.3g} {unit:3} {target:>6g} {unit:3} {value / target:>6.2f}  {verdict}")


if __name__ == "__main__":
    main()
