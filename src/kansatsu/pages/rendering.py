"""How forms look: the house's own templates for a form and for a field."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields with label, help, control and errors in that order, tied together for screen readers."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
