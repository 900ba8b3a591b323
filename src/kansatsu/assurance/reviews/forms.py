"""The shape of what is typed about an application."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.assurance.audits.queries import frozen_for
from kansatsu.pages.acts import ActForm
from kansatsu.pages.posted import Choice


def _reports(service_id: int) -> list[tuple[str, str]]:
    return [
        (str(one.pk), f"{one.audit_body.name} {one.period_from} – {one.period_to}") for one in frozen_for(service_id)
    ]


class PrepareForm(forms.Form):
    """On which result report, and a note to the support body."""

    engagement = Choice(label=_("Result report"))
    note = forms.CharField(
        label=_("Note to the support body"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, service_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["engagement"].choices = _reports(service_id)  # type: ignore[attr-defined]


class RestOnForm(ActForm):
    """Another result report, another note."""

    engagement = Choice(label=_("Result report"))
    note = forms.CharField(
        label=_("Note to the support body"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, record: Any = None, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        self.fields["engagement"].choices = _reports(record.service_id)  # type: ignore[attr-defined]
        self.fields["engagement"].initial = str(record.engagement_id)
        self.fields["note"].initial = record.note


class ReturnForm(ActForm):
    """Up to three reasons at once."""

    reason = forms.CharField(label=_("Reason 1"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason_2 = forms.CharField(label=_("Reason 2"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason_3 = forms.CharField(label=_("Reason 3"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class AskForm(ActForm):
    """A question."""

    question = forms.CharField(label=_("Question"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(ActForm):
    """The answer to the open question."""

    answer = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class PresentForm(ActForm):
    """The review's summary for the committee."""

    summary = forms.CharField(
        label=_("Summary of the review"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReasonForm(ActForm):
    """The reason for a decision."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
