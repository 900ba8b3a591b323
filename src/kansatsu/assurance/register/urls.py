"""Addresses of the register."""

from django.urls import path

from kansatsu.assurance.register import views

app_name = "register"
urlpatterns = [
    path("register/", views.public_list, name="list"),
    path("register/desk/", views.desk, name="desk"),
    path("register/desk/<int:pk>/enter/", views.enter, name="enter"),
    path("register/desk/adopt/", views.adopt, name="adopt"),
    path("register/<str:number>/", views.entry, name="entry"),
    path("register/<str:number>/act/<slug:act>/", views.act, name="act"),
]
