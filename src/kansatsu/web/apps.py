"""Registers the frame with Django, for its templates, tags and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kansatsu.web"
    label = "web"
