"""Letters go out once, late rather than never, and only if the act that wrote them happened; sent over real SMTP."""

import signal
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from kansatsu.accounts.actions import invite
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Role
from kansatsu.core.acts import act
from kansatsu.core.models import Letter
from kansatsu.core.outbox import Recipient, enqueue_waiting, post, put, send, send_again, stranded, texts
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete

MIO, KEN = Recipient("mio@sample.example", "ja"), Recipient("ken@sample.example", "en")
PARAMS = {"count": 2, "from_name": "港 りく", "duties": "- 言明書\n- 監査"}


def letter(noon, address="mio@sample.example", *, secret=False):
    return put(
        "accounts.note", address, subject="お知らせ：𠮷田さん", body="本文です。\n二行目\n", now=noon, secret=secret
    )


def state(one):
    return Letter.objects.values_list("status", "tries").get(pk=one.pk)


def tasks():
    return DBTaskResult.objects.filter(task_path="kansatsu.core.outbox.send")


def let_time_pass():
    """All that is to be tried later is due now."""
    Letter.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tasks().filter(status="READY").update(run_after=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def signals():
    """The worker takes the signals over; give them back afterwards."""
    taken = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    yield
    for one, handler in taken.items():
        signal.signal(one, handler)


def work():
    """One worker does all that is due, as ``db_worker --batch`` does."""
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


# --- writing letters ---


def test_every_letter_text_has_a_subject_and_a_body_in_both_languages():
    assert "accounts.invited" in texts()
    wrong = [key for key, text in texts().items() if {name: set(text[name]) for name in text} != {
        "ja": {"subject", "body"}, "en": {"subject", "body"}
    }]  # fmt: skip
    assert wrong == []


def test_each_recipient_gets_a_letter_in_their_language(db, noon, settings):
    settings.SITE_URL = "https://kansatsu.example"
    first, second = post("accounts.handed_over", [MIO, KEN], now=noon, params=PARAMS)
    assert (first.address, first.subject) == ("mio@sample.example", "［鑑札］2件の担当の引継ぎ")
    assert first.body == (
        "港 りく さんから、次の担当を引き継ぎました。\n\n- 言明書\n- 監査\n\nhttps://kansatsu.example/\n"
    )
    assert (second.address, second.subject) == ("ken@sample.example", "[Kansatsu] 2 duties handed over to you")
    assert second.body == ("You have taken over from 港 りく:\n\n- 言明書\n- 監査\n\nhttps://kansatsu.example/\n")


@pytest.mark.parametrize(("language", "subject"), [
    ("ja-jp", "［鑑札］2件の担当の引継ぎ"), ("fr", "[Kansatsu] 2 duties handed over to you"),
])  # fmt: skip
def test_a_language_without_letters_is_written_to_in_english(db, noon, language, subject):
    (only,) = post("accounts.handed_over", [Recipient("mio@sample.example", language)], now=noon, params=PARAMS)
    assert only.subject == subject


def test_one_address_gets_one_letter(db, noon):
    post("accounts.handed_over", [MIO, KEN, MIO], now=noon, params=PARAMS)
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["ken@sample.example", "mio@sample.example"]


def test_nobody_to_write_to_is_no_letter(db, noon):
    assert post("accounts.handed_over", [], now=noon, params=PARAMS) == []
    assert not tasks().exists()


def test_a_letter_without_a_text_is_a_bug(db, noon):
    with pytest.raises(KeyError, match="no_such_letter"):
        post("accounts.no_such_letter", [MIO], now=noon, params={})
    assert not Letter.objects.exists()


def test_a_letter_waits_with_a_task_and_knows_what_it_is_about(people, noon):
    office = Organisation.objects.get(pk=people["office"].organisation_id)
    one = put("accounts.note", "mio@sample.example", subject="s", body="b", now=noon, about=office)
    one.refresh_from_db()
    assert (one.status, one.tries, one.posted_at, one.due_at, one.sent_at) == ("waiting", 0, noon, noon, None)
    assert (one.object_type, one.object_id) == ("accounts.organisation", str(office.pk))
    assert str(one) == "accounts.note → mio@sample.example"
    assert [task.args_kwargs["args"] for task in tasks()] == [[one.pk]]


def test_a_letter_about_nothing_says_so(db, noon):
    one = letter(noon)
    assert (one.object_type, one.object_id) == ("", "")


def test_a_subject_stays_on_one_line_and_within_its_column(db, noon):
    params = {**PARAMS, "count": "2\r\nBcc: everybody@sample.example\n"}
    (only,) = post("accounts.handed_over", [KEN], now=noon, params=params)
    assert only.subject == "[Kansatsu] 2 Bcc: everybody@sample.example duties handed over to you"
    assert len(put("accounts.note", "a@sample.example", subject="長" * 400, body="", now=noon).subject) == 300


def test_each_letter_has_an_identity_of_its_own_in_the_houses_domain(db, noon, settings):
    settings.MAIL_DOMAIN = "kansatsu.example"
    first, second = letter(noon), letter(noon)
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@kansatsu.example>")


@pytest.mark.django_db(transaction=True)
def test_letters_roll_back_with_their_act(noon):
    @act
    def tell_and_fall():
        letter(noon)
        raise Incomplete(Problem("core.empty"))

    with pytest.raises(Incomplete):
        tell_and_fall()
    assert not Letter.objects.exists()
    assert not tasks().exists()


# --- sending them ---


def test_a_letter_arrives_as_it_was_written(db, noon, open_office, settings):
    settings.DEFAULT_FROM_EMAIL = "kansatsu@office.example"
    one = letter(noon)
    assert send.call(one.pk) == "sent"
    (arrived,) = open_office.taken
    assert arrived["Subject"] == "お知らせ：𠮷田さん"
    assert (arrived["From"], arrived["To"]) == ("kansatsu@office.example", "mio@sample.example")
    assert arrived["Message-ID"] == one.message_id
    assert arrived.get_content().replace("\r\n", "\n") == "本文です。\n二行目\n"


def test_a_sent_letter_is_marked_and_keeps_its_text(db, noon, open_office):
    one = letter(noon)
    send.call(one.pk)
    one.refresh_from_db()
    assert (one.status, one.tries, one.trouble, one.body) == ("sent", 1, "", "本文です。\n二行目\n")
    assert one.sent_at > noon


def test_a_letter_with_a_key_loses_its_text_once_sent(db, noon, open_office):
    one = letter(noon, secret=True)
    assert one.body == "本文です。\n二行目\n"
    send.call(one.pk)
    one.refresh_from_db()
    assert (one.status, one.body) == ("sent", "")
    assert open_office.taken[0].get_content().replace("\r\n", "\n") == "本文です。\n二行目\n"


def test_a_letter_with_a_key_keeps_its_text_as_long_as_it_waits(db, noon, post_office):
    one = letter(noon, secret=True)
    assert send.call(one.pk) == "waiting"
    one.refresh_from_db()
    assert one.body == "本文です。\n二行目\n"


def test_a_repeated_task_sends_nothing_again(db, noon, open_office):
    one = letter(noon)
    assert [send.call(one.pk) for _ in range(3)] == ["sent", "taken", "taken"]
    assert len(open_office.taken) == 1


def test_a_letter_that_was_interrupted_while_being_sent_is_left_alone(db, noon, open_office):
    one = letter(noon)
    Letter.objects.filter(pk=one.pk).update(status="sending", tries=1)
    assert send.call(one.pk) == "taken"
    assert enqueue_waiting(timezone.now()) == 0
    assert open_office.taken == []


def test_a_letter_that_is_gone_is_nobodys(db, open_office):
    assert send.call(4711) == "taken"


def test_a_letter_waits_while_the_server_is_down_and_goes_out_later(db, noon, post_office, settings):
    one = letter(noon)
    assert send.call(one.pk) == "waiting"
    one.refresh_from_db()
    assert (one.status, one.tries) == ("waiting", 1)
    assert one.trouble.startswith("ConnectionRefusedError: ")
    post_office.open(settings.EMAIL_PORT)
    assert send.call(one.pk) == "sent"
    one.refresh_from_db()
    assert (one.status, one.tries, one.trouble) == ("sent", 2, "")
    assert len(post_office.taken) == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 come back later", "550 5.1.1 no such user"])
def test_a_letter_that_the_server_refuses_is_tried_again(db, noon, open_office, answer):
    open_office.refusals = [answer]
    one = letter(noon)
    assert [send.call(one.pk), send.call(one.pk)] == ["waiting", "sent"]
    assert len(open_office.taken) == 1


def test_the_trouble_with_a_letter_is_kept_to_its_column(db, noon, open_office):
    open_office.refusals = ["550 " + "very sorry " * 80]
    one = letter(noon)
    send.call(one.pk)
    one.refresh_from_db()
    assert one.trouble.startswith("SMTPDataError: (550")
    assert len(one.trouble) == 500


@pytest.mark.parametrize(
    ("tries_before", "wait"),
    [
        (0, timedelta(minutes=1)),
        (1, timedelta(minutes=5)),
        (2, timedelta(minutes=30)),
        (3, timedelta(hours=2)),
        (4, timedelta(hours=12)),
    ],
)
def test_each_try_waits_longer_than_the_one_before(db, noon, post_office, tries_before, wait):
    one = letter(noon)
    for _ in range(tries_before):
        send.call(one.pk)
    tasks().delete()
    earliest = timezone.now() + wait
    assert send.call(one.pk) == "waiting"
    one.refresh_from_db()
    assert earliest <= one.due_at <= timezone.now() + wait
    assert [task.run_after for task in tasks()] == [one.due_at]


def test_a_letter_is_given_up_after_the_last_try(db, noon, post_office, settings):
    one = letter(noon)
    outcomes = [send.call(one.pk) for _ in range(6)]
    assert outcomes == ["waiting", "waiting", "waiting", "waiting", "waiting", "failed"]
    assert state(one) == ("failed", 6)
    post_office.open(settings.EMAIL_PORT)
    assert send.call(one.pk) == "taken"
    assert post_office.taken == []
    assert Letter.objects.get(pk=one.pk).trouble.startswith("ConnectionRefusedError: ")


def test_after_the_last_try_no_task_is_left_for_the_letter(db, noon, post_office):
    one = letter(noon)
    for _ in range(5):
        send.call(one.pk)
    tasks().delete()
    send.call(one.pk)
    assert not tasks().exists()


def test_only_waiting_letters_that_are_due_get_a_task_again(db, noon, open_office):
    due, later, sent = (letter(noon, f"{name}@sample.example") for name in ("due", "later", "sent"))
    Letter.objects.filter(pk=later.pk).update(due_at=noon + timedelta(minutes=1))
    send.call(sent.pk)
    tasks().delete()
    assert enqueue_waiting(noon) == 1
    assert [task.args_kwargs["args"] for task in tasks()] == [[due.pk]]


# --- letters that need a person ---


def given_up(noon):
    one = letter(noon)
    for _ in range(6):
        send.call(one.pk)
    return one


def interrupted(noon):
    one = letter(noon)
    Letter.objects.filter(pk=one.pk).update(status="sending", tries=1)
    return one


def test_letters_given_up_or_interrupted_need_a_person_the_oldest_first(db, noon, post_office):
    first, second, _waiting = interrupted(noon), given_up(noon), letter(noon)
    assert list(stranded()) == [first, second]


@pytest.mark.parametrize("strand", [given_up, interrupted])
def test_a_stranded_letter_is_sent_again_when_a_person_says_so(db, noon, post_office, settings, strand):
    one = strand(noon)
    tasks().delete()
    later = noon + timedelta(days=1)
    assert send_again(one.pk, now=later) is True
    assert Letter.objects.values_list("status", "tries", "due_at").get(pk=one.pk) == ("waiting", 0, later)
    assert [task.args_kwargs["args"] for task in tasks()] == [[one.pk]]
    assert not stranded().exists()
    post_office.open(settings.EMAIL_PORT)
    assert send.call(one.pk) == "sent"
    assert len(post_office.taken) == 1


def test_a_letter_that_waits_was_sent_or_does_not_exist_is_not_sent_again(db, noon, open_office):
    waiting, sent = letter(noon), letter(noon)
    send.call(sent.pk)
    tasks().delete()
    assert [send_again(pk, now=noon) for pk in (waiting.pk, sent.pk, 4711)] == [False, False, False]
    assert (state(waiting), state(sent)) == (("waiting", 0), ("sent", 1))
    assert not tasks().exists()


# --- the worker ---


@pytest.mark.django_db(transaction=True)
def test_the_worker_drains_the_queue(transactional_db, people, noon, open_office, signals):
    office = Organisation.objects.get(pk=people["office"].organisation_id)
    invite(organisation=office, email="new@sample.example", role=Role.MEMBER, actor=people["office"], now=noon)
    letter(noon)
    work()
    assert sorted(arrived["To"] for arrived in open_office.taken) == ["mio@sample.example", "new@sample.example"]
    assert set(Letter.objects.values_list("status", flat=True)) == {"sent"}
    assert set(tasks().values_list("status", "return_value")) == {("SUCCESSFUL", "sent")}


@pytest.mark.django_db(transaction=True)
def test_the_worker_comes_back_when_the_server_is_up_again(noon, post_office, settings, signals):
    one = letter(noon)
    work()
    assert state(one) == ("waiting", 1)
    work()
    assert state(one) == ("waiting", 1)
    let_time_pass()
    post_office.open(settings.EMAIL_PORT)
    work()
    assert state(one) == ("sent", 2)
    assert len(post_office.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_killed_between_two_tries_loses_nothing(noon, open_office, signals):
    one = letter(noon)
    tasks().update(status="RUNNING")
    work()
    assert state(one) == ("waiting", 0)
    assert enqueue_waiting(timezone.now()) == 1
    work()
    assert state(one) == ("sent", 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_task_too_many_send_each_letter_once(noon, open_office):
    letters = [letter(noon, f"reader{number}@sample.example") for number in range(6)]
    assert enqueue_waiting(noon) == 6
    start = threading.Barrier(2)

    def run(name):
        worker = Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        try:
            start.wait(timeout=10)
            worker.run()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(arrived["To"] for arrived in open_office.taken) == sorted(one.address for one in letters)
    assert set(Letter.objects.values_list("status", "tries")) == {("sent", 1)}
    assert sorted(tasks().values_list("return_value", flat=True)) == ["sent"] * 6 + ["taken"] * 6


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_take_one_letter_at_once_one_sends_it(noon, open_office):
    one = letter(noon)
    start = threading.Barrier(8)
    outcomes = []

    def run():
        try:
            start.wait(timeout=10)
            outcomes.append(send.call(one.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sent", *["taken"] * 7]
    assert len(open_office.taken) == 1
