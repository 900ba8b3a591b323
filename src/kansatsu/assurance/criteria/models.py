"""Editions with their controls, comments on drafts, and mapping sets."""

from django.db import models

from kansatsu.accounts.models import Organisation, Person
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement
from kansatsu.core.models import Moved, StoredFile


class Edition(Moved):
    """One edition of the criteria; immutable once published, told apart by id and content hash.

    `classes` is the table of basic statement requirements by which its controls are classed, `reading` its id when it
    is one that ships. `clauses` gives titles to chapters and clauses: number → ``[ja, en]``.
    """

    id = models.CharField(primary_key=True, max_length=64)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    published_on = models.DateField()
    source = models.CharField(max_length=500)
    is_incomplete = models.BooleanField()
    is_synthetic = models.BooleanField()
    is_unverified = models.BooleanField(default=False)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    reading = models.CharField(max_length=64, blank=True)
    classes = models.JSONField(default=list)
    clauses = models.JSONField(default=dict)
    comments_until = models.DateField(null=True)
    original = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.id


class Control(models.Model):
    """One line of an edition. `stable_id` is the same for the same control in every edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="controls")
    number = models.CharField(max_length=24)
    stable_id = models.CharField(max_length=64)
    earlier = models.JSONField(default=list)
    sort_key = models.CharField(max_length=24)
    parent_number = models.CharField(max_length=24, blank=True)
    part = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    mark = models.CharField(max_length=2, blank=True)
    requirement = models.CharField(max_length=16)
    base = models.CharField(max_length=100, blank=True)
    title_ja = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    text_ja = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    search_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="one_number_an_edition"),
            models.UniqueConstraint(fields=["edition", "stable_id"], name="one_id_an_edition"),
        ]
        indexes = [
            models.Index(fields=["edition", "sort_key"], name="control_order"),
            models.Index(fields=["stable_id"], name="control_across_editions"),
        ]

    def __str__(self) -> str:
        return self.number

    def facts(self) -> ControlFacts:
        """The line as a value."""
        return ControlFacts(
            number=self.number,
            part=Part(self.part),
            kind=Kind(self.kind),
            mark=self.mark,
            requirement=Requirement(self.requirement),
            base=self.base,
            title_ja=self.title_ja,
            title_en=self.title_en,
            text_ja=self.text_ja,
            text_en=self.text_en,
            earlier=tuple(self.earlier),
            id=self.stable_id,
        )


class Comment(Moved):
    """What somebody says of one line of an edition that is out for comment, and the answer."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="comments")
    stable_id = models.CharField(max_length=64)
    number = models.CharField(max_length=24)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["stable_id"], name="comment_line")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.number} ({self.pk})"


class MappingSet(Moved):
    """Which line of the source edition corresponds to which of the target edition, pinned to the content of both."""

    id = models.CharField(primary_key=True, max_length=64)
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    source = models.ForeignKey(Edition, models.PROTECT, related_name="mapped_from")
    target = models.ForeignKey(Edition, models.PROTECT, related_name="mapped_to")
    source_hash = models.CharField(max_length=64)
    target_hash = models.CharField(max_length=64)
    authority = models.CharField(max_length=500)
    is_unverified = models.BooleanField()
    original = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.id


class Mapping(models.Model):
    """One row of a mapping set."""

    mapping_set = models.ForeignKey(MappingSet, models.PROTECT, related_name="rows")
    source_number = models.CharField(max_length=24)
    target_number = models.CharField(max_length=24, blank=True)
    relation = models.CharField(max_length=16)
    confidence = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping_set", "source_number", "target_number"], name="one_pair_a_set")
        ]

    def __str__(self) -> str:
        return f"{self.source_number} → {self.target_number}"
