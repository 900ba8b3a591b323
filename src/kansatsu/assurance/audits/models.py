"""Engagements, their findings, and who else may read the result report."""

from django.db import models

from kansatsu.accounts.models import Disclosure, Organisation
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.models import Moved, StoredFile


class Engagement(Moved):
    """An audit body's work on one statement, and the result report (実施結果報告書) it ends in."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="engagements")
    audit_body = models.ForeignKey(Organisation, models.PROTECT, related_name="engagements")
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    conclusion = models.TextField(blank=True)
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    reported_on = models.DateField(null=True)
    statement_hash = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.statement.service} / {self.audit_body}"


class Finding(models.Model):
    """Something the audit found; findings are added, never changed."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="findings")
    control_number = models.CharField(max_length=24, blank=True)
    text = models.TextField()
    recorded_by = models.CharField(max_length=400)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:80]


class EngagementDisclosure(Disclosure):
    """Who besides the two parties may read the result report: after the application is filed, the reviewers."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="disclosures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "organisation"], name="report_disclosed_once")]

    def __str__(self) -> str:
        return f"{self.engagement} → {self.organisation}"
