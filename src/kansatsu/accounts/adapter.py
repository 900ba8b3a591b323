"""How django-allauth behaves here: nobody signs up unasked, and its letters go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from kansatsu.core.outbox import put


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The house's account adapter."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's letter into the outbox; it carries a key, so its text is dropped once sent."""
        message = self.render_mail(template_prefix, email, context)
        put(
            template_prefix.replace("/", "."),
            email,
            subject=message.subject,
            body=message.body,
            now=timezone.now(),
            secret=True,
        )
