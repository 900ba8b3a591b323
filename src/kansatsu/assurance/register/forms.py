"""The shape of what is typed about the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.pages.acts import ActForm
from kansatsu.pages.posted import Day


class RemarkForm(ActForm):
    """A dated remark."""

    on = Day(label=_("Day"))
    text = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    text_en = forms.CharField(label=_("Remark in English"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class RemoveForm(ActForm):
    """Why an entry is removed."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class AdoptForm(forms.Form):
    """A table of registrations that exist already."""

    file = forms.FileField(label=_("CSV file"))
