"""Registers the accounts with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kansatsu.accounts"
    label = "accounts"
