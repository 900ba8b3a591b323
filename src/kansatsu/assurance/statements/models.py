"""Statements, their lines, the services they use, and who else may read them."""

from django.db import models

from kansatsu.accounts.models import Disclosure
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.models import Moved


class Statement(Moved):
    """One revision of a service's statement under one edition of the criteria."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="statements")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    revises = models.OneToOneField("self", models.PROTECT, null=True, related_name="revised_by")
    service_name = models.CharField(max_length=200, blank=True)
    scope = models.TextField(blank=True)
    regions = models.TextField(blank=True)
    system_overview = models.TextField(blank=True)
    audit_from = models.DateField(null=True)
    audit_to = models.DateField(null=True)
    subsequent_events = models.TextField(blank=True)
    special_notes = models.TextField(blank=True)
    signatory_name = models.CharField(max_length=100, blank=True)
    signatory_title = models.CharField(max_length=200, blank=True)
    signatory_authority = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finalised_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["service", "revision"], name="statement_service")]

    def __str__(self) -> str:
        return f"{self.service} ({self.edition_id}, {self.revision})"


class Line(models.Model):
    """What the provider says of one control; `version` tells whether somebody else has changed it since."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    control = models.ForeignKey(Control, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default=LineState.UNANSWERED)
    reason = models.TextField(blank=True)
    text = models.TextField(blank=True)
    responsible = models.CharField(max_length=200, blank=True)
    inherited_from = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "control"], name="one_line_a_control")]

    def __str__(self) -> str:
        return self.control.number


class UsedService(models.Model):
    """A cloud service that the stated one uses without covering it."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="used_services")
    name = models.CharField(max_length=200)
    is_base = models.BooleanField()
    registered = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class StatementDisclosure(Disclosure):
    """Who besides the provider may read a statement: its auditors, later the reviewers and the committee."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="disclosures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "organisation"], name="statement_disclosed_once")]

    def __str__(self) -> str:
        return f"{self.statement} → {self.organisation}"
