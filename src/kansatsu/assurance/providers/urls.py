"""Addresses of a provider's services."""

from django.urls import path

from kansatsu.assurance.providers import views

app_name = "providers"
urlpatterns = [
    path("services/", views.services, name="services"),
    path("services/new/", views.new, name="new"),
    path("services/<int:pk>/edit/", views.edit, name="edit"),
]
