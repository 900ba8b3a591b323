"""Letters about an application, each only to those whom it concerns."""

from datetime import datetime

from django.urls import reverse

from kansatsu.accounts.queries import organisations_of, recipients
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.reviews.models import Application
from kansatsu.core.outbox import post


def to_applicant(key: str, application: Application, *, now: datetime, text: str = "") -> None:
    """To all people of the provider."""
    _post(key, application, [application.service.provider_id], now, text)


def to_kind(key: str, application: Application, kind: Kind, *, now: datetime, text: str = "") -> None:
    """To all people of the support body, the committee or the office."""
    _post(key, application, list(organisations_of(kind).values_list("pk", flat=True)), now, text)


def _post(key: str, application: Application, organisation_ids: list[int], now: datetime, text: str) -> None:
    post(
        f"reviews.{key}",
        recipients(*organisation_ids),
        now=now,
        about=application,
        params={
            "service": application.service.name,
            "provider": application.service.provider.name,
            "text": text,
            "path": reverse("reviews:application", args=[application.pk]),
        },
    )
