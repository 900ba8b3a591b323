"""Registers the core with Django and checks all data files at start."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kansatsu.core"
    label = "core"

    def ready(self) -> None:
        from kansatsu.core import checks  # noqa: F401  (registers the checks)
