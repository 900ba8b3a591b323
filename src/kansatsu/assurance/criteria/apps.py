"""Registers the criteria with Django."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "kansatsu.assurance.criteria"
    label = "criteria"
