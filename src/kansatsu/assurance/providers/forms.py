"""The shape of what is typed about a cloud service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kansatsu.assurance.providers.workflow import Model
from kansatsu.core.words import word
from kansatsu.pages.posted import Choice


class ServiceForm(forms.Form):
    """A service's particulars."""

    name = forms.CharField(label=_("Name of the service"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    model = Choice(
        label=_("Delivery model"), choices=[(model.value, word(f"providers.model.{model}", "en")) for model in Model]
    )
    overview = forms.CharField(label=_("Overview"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
