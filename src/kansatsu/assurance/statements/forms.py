"""The shape of what is typed into a statement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.providers.queries import registered_services
from kansatsu.assurance.statements import rules
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.words import all_words, word
from kansatsu.pages.posted import Choice, Day, language

USED_ROWS = 4


def _registered_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((str(one.pk), f"{one.name} ({one.provider.name})") for one in registered_services())]


class StartForm(forms.Form):
    """Which edition to state against."""

    edition = Choice(label=_("Edition of the criteria"))

    def __init__(self, *args: Any, editions: list[Edition], **options: Any) -> None:
        super().__init__(*args, **options)
        title = "title_ja" if language() == "ja" else "title_en"
        self.fields["edition"].choices = [(one.pk, getattr(one, title)) for one in editions]  # type: ignore[attr-defined]


class HeaderForm(forms.Form):
    """The header of a statement, with a few rows for the services it uses."""

    audit_from = Day(required=False)
    audit_to = Day(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in rules.HEADER.items():
            widget = forms.Textarea(attrs={"rows": 3}) if field.lines else forms.TextInput()
            self.fields[name] = forms.CharField(required=False, widget=widget, strip=False)
        for name in self.fields:
            self.fields[name].label = word(f"statements.header.{name}", language())
            if f"statements.help.{name}" in all_words():
                self.fields[name].help_text = word(f"statements.help.{name}", language())
        choices = _registered_choices()
        for row in range(USED_ROWS):
            self.fields[f"used_{row}_name"] = forms.CharField(label=_("Name of the service used"), required=False)
            self.fields[f"used_{row}_registered"] = Choice(
                label=_("On the register as"), required=False, choices=choices
            )
            self.fields[f"used_{row}_is_base"] = forms.BooleanField(label=_("Base of this service"), required=False)
        first = ("service_name", "scope", "regions", "audit_from", "audit_to")
        self.order_fields([*first, *(name for name in rules.HEADER if name not in first)])

    def text_fields(self) -> list[forms.BoundField]:
        """The fields above the used services."""
        return [field for field in self if not field.name.startswith("used_")]

    def used_rows(self) -> list[list[forms.BoundField]]:
        """The used services' fields, row by row."""
        parts = ("name", "registered", "is_base")
        return [[self[f"used_{row}_{part}"] for part in parts] for row in range(USED_ROWS)]


class LineForm(forms.Form):
    """What is said of one control."""

    state = Choice(label=_("State"))
    text = forms.CharField(
        label=_("Individual control: what is done, and how"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason = forms.CharField(
        label=_("Reason, if not implemented"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.CharField(label=_("Responsible"), required=False)
    inherited_from = Choice(label=_("Inherited from"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = [(state.value, word(f"statements.state.{state}", language())) for state in LineState]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        self.fields["inherited_from"].choices = _registered_choices()  # type: ignore[attr-defined]
