"""Addresses of organisations, invitations and one's own account."""

from django.urls import path

from kansatsu.accounts import views

app_name = "accounts"
urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<str:key>/", views.invitation, name="invitation"),
    path("memberships/<int:pk>/leave/", views.leave, name="leave"),
    path("duties/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("me/", views.me, name="me"),
    path("me/act-for/", views.act_for, name="act_for"),
]
