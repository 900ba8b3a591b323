"""People, organisations, who belongs where, invitations, duties that one person holds, and disclosures."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kansatsu.accounts.workflow import Kind, Role


class PersonManager(BaseUserManager["Person"]):
    """Looks people up by address in any case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who can sign in."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=2, default="ja")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A provider, an audit body, the support body, the committee, the programme office or an agency."""

    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    folded_name = models.CharField(max_length=200, unique=True)
    corporate_number = models.CharField(max_length=13, blank=True)
    is_sample = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person works for an organisation from one moment to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(until__isnull=True), name="one_open_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.organisation})"


class Invitation(models.Model):
    """A letter that lets somebody join an organisation; only the hash of its key is kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    key_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=400)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    joined = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.email


class Duty(models.Model):
    """Something one person has in hand for an organisation: a review, an audit, a statement.

    Later stages put it here when a person takes a record up, so that leaving can hand everything over.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="duties")
    holder = models.ForeignKey(Person, models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=32)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "kind"],
                condition=models.Q(until__isnull=True),
                name="one_open_duty",
            )
        ]
        indexes = [models.Index(fields=["holder", "until"], name="duty_holder")]

    def __str__(self) -> str:
        return self.label


class Disclosure(models.Model):
    """An organisation that does not own a record may read it from a moment on.

    A later stage puts it into the place of an earlier one (an application opens its statement to the reviewers).
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        abstract = True
