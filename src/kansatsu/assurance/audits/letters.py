"""Letters between the provider and its audit body."""

from datetime import datetime

from django.urls import reverse

from kansatsu.accounts.queries import recipients
from kansatsu.assurance.audits.models import Engagement
from kansatsu.core.outbox import post


def to_audit_body(key: str, engagement: Engagement, *, now: datetime) -> None:
    """To all people of the audit body."""
    _post(key, engagement, engagement.audit_body_id, now)


def to_provider(key: str, engagement: Engagement, *, now: datetime) -> None:
    """To all people of the provider."""
    _post(key, engagement, engagement.statement.service.provider_id, now)


def _post(key: str, engagement: Engagement, organisation_id: int, now: datetime) -> None:
    post(
        f"audits.{key}",
        recipients(organisation_id),
        now=now,
        about=engagement,
        params={
            "service": engagement.statement.service.name,
            "provider": engagement.statement.service.provider.name,
            "audit_body": engagement.audit_body.name,
            "path": reverse("audits:engagement", args=[engagement.pk]),
        },
    )
