"""The tables of the ground floor: the history and its head, letters that wait to be sent, and stored files."""

from django.db import models

GENESIS = "0" * 64


class Moved(models.Model):
    """A record that goes through a table of steps. `version` counts its acts and is what a page says it has seen."""

    status = models.CharField(max_length=32)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Event(models.Model):
    """One thing that happened; never changed, never deleted."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=400)
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=200)
    before = models.CharField(max_length=32, blank=True)
    after = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "number"], name="event_object"),
            models.Index(fields=["person_id", "number"], name="event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.object_label}"


class ChainHead(models.Model):
    """The last event's number and hash, one row; writers queue on it."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class Letter(models.Model):
    """A message that an act put out; a worker sends it.

    ``waiting`` → ``sending`` → ``sent``; back to ``waiting`` after a failure, ``failed`` after the last try. One that
    stays ``sending`` was interrupted in the middle of the talk with the mail server: it may or may not have gone out,
    so it is never sent again by itself. A `secret` letter (it carries a key to an account) loses its text once sent.
    """

    WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"

    key = models.CharField(max_length=64)
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=16, default=WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)
    secret = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"], name="letter_due")]

    def __str__(self) -> str:
        return f"{self.key} → {self.address}"


class StoredFile(models.Model):
    """A file that somebody gave, named by its content; several rows may share one content."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="file_content")]

    def __str__(self) -> str:
        return self.name
