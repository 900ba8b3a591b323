"""Registers the statements with Django."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "kansatsu.assurance.statements"
    label = "statements"
