"""What the tests of the ground floor share: a mail server on this machine, and the moments they play at."""

import contextlib
import email
import email.policy
import os
import socket
from datetime import date

import hypothesis
import pytest
from aiosmtpd.controller import Controller

from kansatsu.core.calendar import tokyo_moment

# Hypothesis keeps its notes in this run's folder, leaves none in the checkout, and does not watch the clock.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", f"{os.environ['KANSATSU_VAR']}/hypothesis")
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture
def noon():
    """Noon in Tokyo, 1 April 2025."""
    return tokyo_moment(date(2025, 4, 1), 12)


class PostOffice:
    """A mail server that listens on 127.0.0.1, keeps what it takes, and refuses as often as it is told to.

    :param refusals: what it answers to the first letters, ``451 later``; after these it takes everything.
    """

    def __init__(self):
        self.taken = []
        self.refusals = []
        self._stack = contextlib.ExitStack()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (the name aiosmtpd calls)
        if self.refusals:
            return self.refusals.pop(0)
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def open(self, port):
        controller = Controller(self, hostname="127.0.0.1", port=port, ready_timeout=30)
        controller.start()
        self._stack.callback(controller.stop)

    def close(self):
        self._stack.close()


@pytest.fixture
def post_office(settings):
    """The house's mail goes to a server that is not open yet; ``post_office.open(settings.EMAIL_PORT)`` opens it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 30
    office = PostOffice()
    yield office
    office.close()


@pytest.fixture
def open_office(post_office, settings):
    """The mail server, open."""
    post_office.open(settings.EMAIL_PORT)
    return post_office
