"""Entries of the register and the dated remarks on them."""

from django.db import models

from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.reviews.models import Application
from kansatsu.core.models import Moved


class Entry(Moved):
    """A service on the register under one number, with the facts of the public list as of its entry or last renewal.

    A service that lost its registration and is registered anew gets a new entry; the old one stays readable.
    `reminded_days` is the shortest notice, in days, that a reminder of the present period was sent at.
    """

    number = models.CharField(max_length=32, unique=True)
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField()
    service = models.ForeignKey(Service, models.PROTECT, related_name="entries")
    standing = models.OneToOneField(Standing, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    is_adopted = models.BooleanField(default=False)
    service_name = models.CharField(max_length=200)
    service_name_en = models.CharField(max_length=200, blank=True)
    provider_name = models.CharField(max_length=200)
    provider_name_en = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=8)
    regions = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    subsequent_events = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    is_sample = models.BooleanField(default=False)
    entered_on = models.DateField()
    search_text = models.TextField()
    reminded_days = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["year", "serial"], name="entry_order")]

    def __str__(self) -> str:
        return f"{self.number} {self.service_name}"


class Remark(models.Model):
    """A dated remark that the public list shows; remarks are added, never changed."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="remarks")
    on = models.DateField()
    text = models.TextField()
    text_en = models.TextField(blank=True)
    made_by = models.CharField(max_length=400)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.on}: {self.text[:60]}"
