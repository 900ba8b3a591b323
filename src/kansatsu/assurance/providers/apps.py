"""Registers the providers with Django."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "kansatsu.assurance.providers"
    label = "providers"
