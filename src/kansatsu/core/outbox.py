"""The outbox: letters are rows in the act's transaction, and a worker sends each at most once.

The texts are data: ``data/letters.toml`` of a folder, ``[submitted.ja]`` with ``subject`` and ``body``.
"""

import smtplib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone
from django_tasks import task

from kansatsu.core.datafiles import read_all
from kansatsu.core.models import Letter

log = structlog.get_logger()
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the language (``ja`` or ``en``) its owner reads."""

    address: str
    language: str


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """All letter texts, ``folder.key`` → language → subject and body."""
    return {
        f"{folder}.{key}": text for folder, table in read_all("letters.toml").items() for key, text in table.items()
    }


def post(
    key: str,
    to: Iterable[Recipient],
    *,
    now: datetime,
    params: Mapping[str, Any],
    about: models.Model | None = None,
    secret: bool = False,
) -> list[Letter]:
    """Put one letter for each recipient into the outbox; they go out only if the act's transaction does.

    :raises KeyError: no text exists for the key.
    """
    letters = []
    for recipient in {person.address: person for person in to}.values():
        text = texts()[key]["ja" if recipient.language.startswith("ja") else "en"]
        values = {"site": settings.SITE_URL, **params}
        letters.append(
            put(
                key,
                recipient.address,
                subject=" ".join(text["subject"].format_map(values).split()),
                body=text["body"].format_map(values),
                now=now,
                about=about,
                secret=secret,
            )
        )
    return letters


def put(
    key: str,
    address: str,
    *,
    subject: str,
    body: str,
    now: datetime,
    about: models.Model | None = None,
    secret: bool = False,
) -> Letter:
    """Put one finished letter into the outbox."""
    letter = Letter.objects.create(
        key=key,
        address=address,
        subject=subject[:300],
        body=body,
        object_type=about._meta.label_lower if about else "",
        object_id=str(about.pk) if about else "",
        message_id=make_msgid(domain=settings.MAIL_DOMAIN),
        posted_at=now,
        due_at=now,
        secret=secret,
    )
    send.enqueue(letter.pk)
    return letter


@task()
def send(letter_id: int) -> str:
    """Send one letter if it is still waiting.

    :return: what became of it: its status, or ``taken`` when it does not wait (any more).
    """
    now = timezone.now()
    claimed = Letter.objects.filter(pk=letter_id, status=Letter.WAITING).update(
        status=Letter.SENDING, tries=models.F("tries") + 1
    )
    if claimed != 1:
        return "taken"
    letter = Letter.objects.get(pk=letter_id)
    message = EmailMessage(
        letter.subject,
        letter.body,
        settings.DEFAULT_FROM_EMAIL,
        [letter.address],
        headers={"Message-ID": letter.message_id},
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        return _put_back(letter, error, now)
    kept = "" if letter.secret else letter.body
    Letter.objects.filter(pk=letter_id).update(status=Letter.SENT, sent_at=timezone.now(), trouble="", body=kept)
    return Letter.SENT


def _put_back(letter: Letter, error: Exception, now: datetime) -> str:
    last = letter.tries > len(RETRY_AFTER)
    trouble = f"{type(error).__name__}: {error}"[:500]
    log.warning("letter_not_sent", letter=letter.pk, tries=letter.tries, trouble=type(error).__name__, last=last)
    with transaction.atomic():
        if last:
            Letter.objects.filter(pk=letter.pk).update(status=Letter.FAILED, trouble=trouble)
            return Letter.FAILED
        due = now + RETRY_AFTER[letter.tries - 1]
        Letter.objects.filter(pk=letter.pk).update(status=Letter.WAITING, due_at=due, trouble=trouble)
        send.using(run_after=due).enqueue(letter.pk)
    return Letter.WAITING


def stranded() -> models.QuerySet[Letter]:
    """Letters that need a person: given up after the last try, or interrupted in the middle of being sent."""
    return Letter.objects.filter(status__in=(Letter.FAILED, Letter.SENDING)).order_by("pk")


def send_again(letter_id: int, *, now: datetime) -> bool:
    """Put a stranded letter back among those that wait, because a person has seen that it did not arrive.

    :return: whether there was such a letter.
    """
    with transaction.atomic():
        put_back = stranded().filter(pk=letter_id).update(status=Letter.WAITING, tries=0, due_at=now)
        if put_back:
            send.enqueue(letter_id)
    return bool(put_back)


def enqueue_waiting(now: datetime) -> int:
    """Give waiting letters that are due a task again: what a worker does at start, in case one was killed.

    :return: how many. A letter with two tasks is still sent once, since `send` claims it first.
    """
    due = Letter.objects.filter(status=Letter.WAITING, due_at__lte=now).values_list("pk", flat=True)
    for letter_id in due:
        send.enqueue(letter_id)
    return len(due)
