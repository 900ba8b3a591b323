"""The shape of what is typed about an audit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.accounts.models import Organisation
from kansatsu.pages.acts import ActForm
from kansatsu.pages.posted import Choice, Day


class ProposeForm(forms.Form):
    """Whom to ask."""

    audit_body = Choice(label=_("Audit body"))

    def __init__(self, *args: Any, audit_bodies: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(one.pk), one.name) for one in audit_bodies]
        self.fields["audit_body"].choices = choices  # type: ignore[attr-defined]


class PeriodForm(ActForm):
    """The audited period; proposed as the statement names it."""

    period_from = Day(label=_("First day of the audited period"))
    period_to = Day(label=_("Last day of the audited period"))

    def __init__(self, *args: Any, record: Any = None, **options: Any) -> None:
        super().__init__(*args, record=record, **options)
        if record is not None:
            self.fields["period_from"].initial = record.statement.audit_from
            self.fields["period_to"].initial = record.statement.audit_to


class FindingForm(ActForm):
    """One finding."""

    control_number = forms.CharField(label=_("Control number (empty: the whole)"), required=False)
    text = forms.CharField(label=_("Finding"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class IssueForm(ActForm):
    """The result report."""

    conclusion = forms.CharField(label=_("Conclusion"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    report = forms.FileField(label=_("Report as a file (PDF, Word or Excel; may be left out)"), required=False)
