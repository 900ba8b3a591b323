"""The shape of what is typed about people and organisations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.accounts.models import Membership
from kansatsu.accounts.workflow import Kind, Role
from kansatsu.core.words import word
from kansatsu.pages.posted import Choice, language


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = Choice(label=_("Kind"))
    name = forms.CharField(label=_("Name"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    corporate_number = forms.CharField(label=_("Corporate number (13 digits)"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(kind.value, word(f"accounts.kind.{kind}", language())) for kind in Kind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.CharField(label=_("E-mail address"), required=False)
    role = Choice(label=_("Role"))
    language = Choice(label=_("Language of the letter"), choices=[("ja", "日本語"), ("en", "English")])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [(role.value, word(f"accounts.role.{role}", language())) for role in Role]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """Name and password of somebody new."""

    name = forms.CharField(label=_("Your name"), required=False)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("15 characters or more, of any kind. Several unrelated words are good."),
    )


class LeaveForm(forms.Form):
    """Who takes over what the leaving person has in hand."""

    successor = Choice(label=_("Who takes over"), required=False)

    def __init__(self, *args: Any, colleagues: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "–"), *((str(one.pk), one.person.name) for one in colleagues)]
        self.fields["successor"].choices = choices  # type: ignore[attr-defined]
