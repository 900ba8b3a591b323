"""Registers the reviews with Django."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "kansatsu.assurance.reviews"
    label = "reviews"
