"""What a page sent: the version its sender saw, files only where they belong, and problems put beside their fields."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kansatsu.core.models import Moved
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete

R = TypeVar("R")
_SHOWN = 10


def language() -> str:
    """The language of this page, ``ja`` or ``en``."""
    return "en" if (get_language() or "ja").startswith("en") else "ja"


def take_seen_version(request: HttpRequest, record: Moved) -> None:
    """Let the record stand as its sender saw it, so that a stale page ends in a conflict, not in a surprise.

    :raises Incomplete: the version is missing or no number.
    """
    raw = request.POST.get("version", "")
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise Incomplete(
            Problem("core.malformed", where="version", params={"reason": _("the version the page was made for")})
        )
    record.version = int(raw)


def attach(form: forms.Form, refusal: Incomplete) -> None:
    """Put each problem beside the field it names, or above the form; of very many only the first and how many more.

    The page itself lists them all where they belong, line by line.
    """
    for problem in refusal.problems[:_SHOWN]:
        text = render(problem, language())
        field = problem.where if problem.where in form.fields else None
        form.add_error(field, forms.ValidationError(f"{text['message']} {text['remedy']}", code=problem.code))
    if (more := len(refusal.problems) - _SHOWN) > 0:
        form.add_error(None, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})


def no_surprise(form: forms.Form, request: HttpRequest) -> None:
    """Refuse what a form did not ask for.

    :raises Incomplete: one problem for each unknown field or misplaced file.
    """
    takes = {form.add_prefix(name) for name, field in form.fields.items() if isinstance(field, forms.FileField)}
    if misplaced := [name for name in request.FILES if name not in takes]:
        raise Incomplete([Problem("core.file_unexpected", where=name) for name in misplaced])
    known = {form.add_prefix(name) for name in form.fields} | {"csrfmiddlewaretoken", "version", "next"}
    if unknown := [name for name in request.POST if name not in known]:
        raise Incomplete([Problem("core.unknown_field", where=name) for name in unknown])


def sent(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], R]) -> R | None:
    """Run the act with what a bound form holds; problems come back beside the form's fields.

    :return: what the act returned, or nothing when something has to be put right first.
    """
    try:
        no_surprise(form, request)
        if form.is_valid():
            return act(form.cleaned_data)
    except Incomplete as refusal:
        form.full_clean()
        attach(form, refusal)
    return None


class Choice(forms.ChoiceField):
    """A choice whose refusal uses the house's words."""

    def validate(self, value: Any) -> None:
        """:raises ValidationError: the value is not one of the choices."""
        if value and not self.valid_value(value):
            choices = ", ".join(str(key) for key, _label in self.choices if key)  # type: ignore[misc, union-attr]
            text = render(Problem("core.not_a_choice", params={"value": value, "choices": choices}), language())
            raise forms.ValidationError(f"{text['message']} {text['remedy']}", code="core.not_a_choice")
        super().validate(value)


class Day(forms.DateField):
    """A day from a date input."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_python(self, value: Any) -> Any:
        """:raises ValidationError: this is no day."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            text = render(Problem("core.not_a_date", params={"value": value}), language())
            raise forms.ValidationError(f"{text['message']} {text['remedy']}", code="core.not_a_date") from error
