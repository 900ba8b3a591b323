"""Addresses of audits."""

from django.urls import path

from kansatsu.assurance.audits import views

app_name = "audits"
urlpatterns = [
    path("audits/", views.engagements, name="engagements"),
    path("statements/<int:pk>/audit/new/", views.propose, name="propose"),
    path("audits/<int:pk>/", views.engagement, name="engagement"),
    path("audits/<int:pk>/report/", views.report, name="report"),
    path("audits/<int:pk>/act/<slug:act>/", views.act, name="act"),
]
