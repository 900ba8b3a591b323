"""Addresses of statements and of a service's page for its provider."""

from django.urls import path

from kansatsu.assurance.statements import views

app_name = "statements"
urlpatterns = [
    path("services/<int:pk>/", views.service, name="service"),
    path("services/<int:pk>/statements/", views.start, name="start"),
    path("statements/<int:pk>/", views.statement, name="statement"),
    path("statements/<int:pk>/header/", views.header, name="header"),
    path("statements/<int:pk>/lines/<str:number>/", views.line, name="line"),
    path("statements/<int:pk>/act/<slug:act>/", views.act, name="act"),
]
