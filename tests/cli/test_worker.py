"""`kansatsu worker` sends what waits to a real mail server, and keeps what could not be sent."""

import email
import email.policy

import pytest
from aiosmtpd.controller import Controller
from tests.cli.program import until


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


@pytest.fixture(scope="module")
def reminded_template(new_installation, filled_template):
    """An installation with two letters that wait."""
    one = new_installation(filled_template)
    assert one.run("sweep").code == 0
    return one


@pytest.fixture
def reminded(new_installation, reminded_template):
    """A copy of it for each test."""
    return new_installation(reminded_template)


def states(installation):
    return installation.sql("SELECT address, status FROM core_letter ORDER BY address")


def test_each_letter_is_sent_once(reminded, post_office, port):
    mail = {"KANSATSU_MAIL_URL": f"smtp://127.0.0.1:{port}", "KANSATSU_MAIL_FROM": "鑑札 <kansatsu@office.example>"}
    first = reminded.run("worker", "--once", **mail)
    again = reminded.run("worker", "--once", **mail)

    assert first.code == again.code == 0
    assert sorted(letter["To"] for letter in post_office.taken) == [
        "provider2@sample.example",
        "provider@sample.example",
    ]
    assert {letter["Subject"].strip() for letter in post_office.taken} == {
        "［鑑札］更新申請の時期：C21-0008-2 あおぞら基盤"
    }
    assert {letter["From"] for letter in post_office.taken} == {"鑑札 <kansatsu@office.example>"}
    assert "「あおぞら基盤」の登録の有効期限は" in post_office.taken[0].get_content()
    assert states(reminded) == [("provider2@sample.example", "sent"), ("provider@sample.example", "sent")]


def test_letters_that_no_server_takes_wait_and_are_not_tried_again_at_once(reminded, port):
    mail = {"KANSATSU_MAIL_URL": f"smtp://127.0.0.1:{port}"}
    first = reminded.run("worker", "--once", **mail)
    tried = reminded.sql("SELECT id, tries, due_at FROM core_letter ORDER BY id")
    again = reminded.run("worker", "--once", **mail)

    assert first.code == again.code == 0
    assert states(reminded) == [("provider2@sample.example", "waiting"), ("provider@sample.example", "waiting")]
    assert reminded.sql("SELECT id, tries, due_at FROM core_letter ORDER BY id") == tried


def test_a_worker_that_is_told_to_stop_ends_well(reminded, post_office, port):
    with reminded.running("worker", KANSATSU_MAIL_URL=f"smtp://127.0.0.1:{port}") as worker:
        until(lambda: len(post_office.taken) == 2)
        worker.terminate()

        assert worker.wait(timeout=30) == 0
    assert states(reminded) == [("provider2@sample.example", "sent"), ("provider@sample.example", "sent")]
