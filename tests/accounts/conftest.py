"""What the tests of people and organisations share: the moment they play at, and short ways to people and letters."""

import re
from datetime import date

import pytest

from kansatsu.accounts.models import Membership, Organisation
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.models import Letter


@pytest.fixture
def noon():
    """Noon in Tokyo, 1 April 2025."""
    return tokyo_moment(date(2025, 4, 1), 12)


@pytest.fixture
def organisation(people):
    """The organisation of a person of the cast: ``organisation("provider")``."""
    return lambda key: Organisation.objects.get(pk=people[key].organisation_id)


@pytest.fixture
def membership(people):
    """The open membership of a person of the cast: ``membership("provider2")``."""
    return lambda key: Membership.objects.select_related("person", "organisation").get(
        person=people[key].person_id, organisation=people[key].organisation_id, until__isnull=True
    )


@pytest.fixture
def key_in_letter():
    """The key in the last invitation's letter; nothing else holds it."""

    def read():
        body = Letter.objects.filter(key="accounts.invited").latest("pk").body
        return re.search(r"/invitations/([\w-]+)/", body)[1]

    return read
