"""The shape of what is typed about editions, comments and mapping sets."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.assurance.criteria.editions import readings
from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.criteria.rules import Kind, Part, Requirement, requirement_of
from kansatsu.core.words import word
from kansatsu.pages.acts import ActForm
from kansatsu.pages.posted import Choice, Day, language

# The kinds of control that a reading of the basic statement requirements tells apart, as rows of its table.
_ROWS = (
    ("governance", Part.GOVERNANCE, "*", "*"),
    ("management", Part.MANAGEMENT, "*", "*"),
    ("objectives", Part.CONTROLS, Kind.OBJECTIVE, "*"),
    ("marked", Part.CONTROLS, Kind.DETAILED, "B PB"),
    ("details", Part.CONTROLS, Kind.DETAILED, "*"),
)


def _titled(editions: Sequence[Edition]) -> list[tuple[str, str]]:
    return [(one.pk, f"{one.pk}  {one.title_ja if language() == 'ja' else one.title_en or one.title_ja}")
            for one in editions]  # fmt: skip


class FileForm(forms.Form):
    """A file of criteria, and a map of its columns where they are unusual."""

    upload = forms.CharField(required=False, widget=forms.HiddenInput)
    confirm = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Excel (.xlsx), CSV (UTF-8 or CP932), OSCAL catalogue (JSON or YAML)"),
    )
    map = forms.CharField(
        label=_("Map of columns (TOML), for an unusual layout only"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )


class ImportForm(FileForm):
    """A new edition from outside."""

    id = forms.CharField(label=_("Id"), required=False, help_text=_("For example ismap-2026-04"))
    title_ja = forms.CharField(label=_("Title in Japanese"), required=False)
    title_en = forms.CharField(label=_("Title in English"), required=False)
    published_on = Day(label=_("Day it bears"))
    source = forms.CharField(label=_("Where it comes from"), required=False)
    predecessor = Choice(label=_("Follows"), required=False)
    is_incomplete = forms.BooleanField(label=_("It does not hold all lines"), required=False)
    reading = Choice(label=_("Basic statement requirements, for lines that do not say theirs"))
    field_order = ("file", "id", "title_ja", "title_en", "published_on", "source", "predecessor", "reading", "map")

    def __init__(self, *args: Any, editions: Sequence[Edition], **options: Any) -> None:
        super().__init__(*args, **options)
        tongue = language()
        self.fields["predecessor"].choices = [("", "–"), *_titled(editions)]  # type: ignore[attr-defined]
        self.fields["reading"].choices = [  # type: ignore[attr-defined]
            (one.id, one.title_ja if tongue == "ja" else one.title_en) for one in readings().values()
        ]


class ClassesForm(ActForm):
    """The basic statement requirements of a draft: one class for each kind of control."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tongue = language()
        choices = [(one.value, word(f"criteria.requirement.{one}", tongue)) for one in Requirement]
        labels = {
            "governance": _("Governance"),
            "management": _("Management"),
            "objectives": _("Control objectives"),
            "marked": _("Detailed controls B and PB"),
            "details": _("Other detailed controls"),
        }
        for name, part, kind, marks in _ROWS:
            now = None
            if self.record is not None and self.record.classes:
                kind_now = Kind.OBJECTIVE if kind == "*" else kind
                now = requirement_of(part, kind_now, "PB" if "PB" in marks else "", self.record.classes)
            self.fields[name] = Choice(label=labels[name], choices=choices, initial=now)


def classes(values: Mapping[str, str]) -> list[dict[str, str]]:
    """The table of basic statement requirements that a `ClassesForm` describes."""
    return [
        {"part": str(part), "kind": str(kind), "marks": marks, "class": values[name]}
        for name, part, kind, marks in _ROWS
    ]


class ConsultForm(ActForm):
    """Until when comments are taken."""

    until = Day(label=_("Last day for comments"))


class PublishForm(ActForm):
    """The day that the edition bears."""

    on = Day(label=_("Day it bears"))


class CommentForm(forms.Form):
    """What somebody says of a line."""

    text = forms.CharField(label=_("Your comment"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(ActForm):
    """The answer to a comment."""

    answer = forms.CharField(label=_("Answer"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class MappingForm(forms.Form):
    """A mapping set from outside."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV or Excel with the columns source, target, relation, confidence, note; or an OSCAL mapping collection"
        ),
    )
    id = forms.CharField(label=_("Id"), required=False)
    title_ja = forms.CharField(label=_("Title in Japanese"), required=False)
    title_en = forms.CharField(label=_("Title in English"), required=False)
    source = Choice(label=_("From edition"))
    target = Choice(label=_("To edition"))
    authority = forms.CharField(label=_("Who says so"), required=False)
    is_unverified = forms.BooleanField(label=_("Not checked against the official texts"), required=False)

    def __init__(self, *args: Any, editions: Sequence[Edition], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("source", "target"):
            self.fields[name].choices = _titled(editions)  # type: ignore[attr-defined]
