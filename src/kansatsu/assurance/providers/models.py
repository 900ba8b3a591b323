"""Cloud services and their standing on the register, period by period."""

from django.db import models

from kansatsu.accounts.models import Organisation
from kansatsu.assurance.providers.rules import PeriodFacts
from kansatsu.assurance.providers.workflow import Model


class Service(models.Model):
    """A cloud service of a provider."""

    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    folded_name = models.CharField(max_length=200)
    model = models.CharField(max_length=8, choices=[(model.value, model.value) for model in Model])
    overview = models.TextField(max_length=4000, blank=True)
    is_sample = models.BooleanField(default=False)
    described_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "folded_name"], name="one_name_a_provider")]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """What the register says of a service for one audited period. Only the register and the reviews write here."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="standings")
    number = models.CharField(max_length=32)
    audit_from = models.DateField()
    audit_to = models.DateField()
    entered_on = models.DateField()
    valid_until = models.DateField()
    renewal_filed_on = models.DateField(null=True)
    renewal_closed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "audit_to"], name="one_standing_a_period")]

    def __str__(self) -> str:
        return self.number

    def facts(self) -> PeriodFacts:
        """The row as a value for the rules."""
        return PeriodFacts(
            self.entered_on, self.valid_until, self.renewal_filed_on, self.renewal_closed_on, self.ended_on
        )
