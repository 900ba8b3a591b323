"""Editions and their controls."""

from django.db import models

from kansatsu.core.models import Moved


class Edition(Moved):
    """One edition of the criteria; immutable once published, told apart by id and content hash."""

    id = models.CharField(primary_key=True, max_length=64)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    published_on = models.DateField()
    source = models.CharField(max_length=500)
    is_incomplete = models.BooleanField()
    is_synthetic = models.BooleanField()
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.id


class Control(models.Model):
    """One line of an edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="controls")
    number = models.CharField(max_length=24)
    sort_key = models.CharField(max_length=24)
    parent_number = models.CharField(max_length=24, blank=True)
    part = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    mark = models.CharField(max_length=2, blank=True)
    requirement = models.CharField(max_length=16)
    base = models.CharField(max_length=100, blank=True)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_ja = models.TextField(blank=True)
    text_en = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="one_number_an_edition")]
        indexes = [models.Index(fields=["edition", "sort_key"], name="control_order")]

    def __str__(self) -> str:
        return self.number
