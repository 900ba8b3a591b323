"""Registers the register with Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "kansatsu.assurance.register"
    label = "register"
