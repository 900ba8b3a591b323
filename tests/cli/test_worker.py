"""`kansatsu worker` sends what waits to a real mail server, and keeps what could not be sent."""

import email
import email.policy

import pytest
from aiosmtpd.controller import Controller


class PostOffice:
    """Keeps every letter it takes."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (the name aiosmtpd calls)
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def post_office(port):
    """A mail server on the port."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office
    controller.stop()


def states(installation):
    return installation.sql("SELECT address, status, tries FROM core_letter ORDER BY address")


def test_each_letter_is_sent_once(filled, post_office, port):
    filled.run("sweep")
    mail = {"KANSATSU_MAIL_URL": f"smtp://127.0.0.1:{port}", "KANSATSU_MAIL_FROM": "鑑札 <kansatsu@office.example>"}
    first = filled.run("worker", "--once", **mail)
    again = filled.run("worker", "--once", **mail)

    assert first.code == again.code == 0
    assert sorted(letter["To"] for letter in post_office.taken) == [
        "provider2@sample.example",
        "provider@sample.example",
    ]
    assert {letter["Subject"] for letter in post_office.taken} == {"［鑑札］更新申請の時期：C21-0008-2 あおぞら基盤"}
    assert {letter["From"] for letter in post_office.taken} == {"鑑札 <kansatsu@office.example>"}
    assert "「あおぞら基盤」の登録の有効期限は" in post_office.taken[0].get_content()
    assert states(filled) == [("provider2@sample.example", "sent", 1), ("provider@sample.example", "sent", 1)]


def test_a_letter_that_no_server_takes_waits_for_the_next_try(filled, port):
    filled.run("sweep")
    done = filled.run("worker", "--once", KANSATSU_MAIL_URL=f"smtp://127.0.0.1:{port}")

    assert done.code == 0
    assert states(filled) == [("provider2@sample.example", "waiting", 1), ("provider@sample.example", "waiting", 1)]
