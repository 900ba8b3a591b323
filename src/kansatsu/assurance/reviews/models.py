"""Applications and the questions asked about them."""

from django.db import models

from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.models import Moved


class Application(Moved):
    """A provider applies for a service's registration or its renewal, on one statement and one result report."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="applications")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="applications")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="applications")
    is_renewal = models.BooleanField()
    note = models.TextField(blank=True)
    prepared_at = models.DateTimeField()
    filed_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    review_summary = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True)
    decided_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["status", "filed_on"], name="application_queue")]

    def __str__(self) -> str:
        return f"{self.service}"


class ReturnReason(models.Model):
    """One reason for which an application was returned."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="return_reasons")
    text = models.TextField()
    made_by = models.CharField(max_length=400)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:80]


class Question(models.Model):
    """A question of the reviewer and the applicant's answer."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.CharField(max_length=400)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:80]
