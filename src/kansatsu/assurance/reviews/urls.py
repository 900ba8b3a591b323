"""Addresses of applications."""

from django.urls import path

from kansatsu.assurance.reviews import views

app_name = "reviews"
urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("services/<int:pk>/application/new/", views.prepare, name="prepare"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("applications/<int:pk>/act/<slug:act>/", views.act, name="act"),
]
