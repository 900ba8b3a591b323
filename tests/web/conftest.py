"""Browsers without a browser: a client signed in as each person of the cast."""

import pytest
from django.test import Client


@pytest.fixture
def sign_in(people):
    """``sign_in("provider")`` gives a client signed in as that person, in English; ``sign_in(None)`` a stranger."""
    from kansatsu.accounts.models import Person
    from kansatsu.samples.cast import address

    def as_person(key, language="en"):
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        if key is not None:
            backend = "allauth.account.auth_backends.AuthenticationBackend"
            client.force_login(Person.objects.get(email=address(key)), backend=backend)
        return client

    return as_person
