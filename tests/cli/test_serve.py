"""`kansatsu serve` serves, and in production only when nothing unsafe is left."""

import json
import re

import pytest
from tests.cli.program import KEY, answers, get, until


@pytest.mark.parametrize(
    ("variables", "unsafe"),
    [
        ({"KANSATSU_DEBUG": "1"}, [("cli.debug", "KANSATSU_DEBUG"), ("cli.default_key", "KANSATSU_SECRET_KEY")]),
        ({}, [("cli.default_key", "KANSATSU_SECRET_KEY")]),
    ],
    ids=["both", "the default key"],
)
def test_production_refuses_what_is_unsafe(migrated, port, variables, unsafe):
    done = migrated.run("serve", "--production", "--port", port, "--json", **variables)

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == unsafe


def test_a_database_behind_the_program_is_not_served(migrated, port):
    migrated.sql("DELETE FROM django_migrations WHERE app = 'register'")
    done = migrated.run("serve", "--production", "--port", port, "--json", KANSATSU_SECRET_KEY=KEY)

    assert done.code == 5
    assert done.codes == ["cli.pending_migrations"]


def test_the_portal_is_served_and_ends_when_told(filled, port):
    with filled.running("serve", "--port", str(port), "--workers", "1") as server:
        until(lambda: answers(port))
        status, _, body = get(port, "/healthz")
        page = get(port, "/register/")
        server.terminate()

        assert (status, json.loads(body)) == (200, {"status": "ok"})
        assert page[0] == 200 and "あおぞら基盤" in page[2]
        assert server.wait(timeout=30) == 0


def test_production_serves_pages_with_their_style_under_https(filled, port):
    variables = {
        "KANSATSU_SECRET_KEY": KEY,
        "KANSATSU_SITE_URL": "https://kansatsu.example",
        "KANSATSU_TRUSTED_PROXIES": "1",
    }
    with filled.running("serve", "--production", "--port", str(port), "--workers", "1", **variables) as server:
        until(lambda: answers(port))
        status, headers, page = get(port, "/", Host="kansatsu.example", **{"X-Forwarded-Proto": "https"})
        [style] = re.findall(r'href="(/static/[^"]*\.css)"', page)
        sheet = get(port, style, Host="kansatsu.example", **{"X-Forwarded-Proto": "https"})
        wrong = get(port, "/", Host="other.example")

        assert status == 200
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert re.fullmatch(r"/static/kansatsu/house\.[0-9a-f]{12}\.css", style)
        assert sheet[0] == 200 and sheet[1]["Content-Type"].startswith("text/css")
        assert wrong[0] == 400
        assert server.poll() is None
