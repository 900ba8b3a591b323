"""Registers the audits with Django."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "kansatsu.assurance.audits"
    label = "audits"
