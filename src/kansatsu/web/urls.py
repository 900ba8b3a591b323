"""All addresses of the portal: one list, the frame's own pages first, then each stage's."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from kansatsu.web import views
from kansatsu.web.api import api

handler400 = "kansatsu.web.errors.bad_request"
handler403 = "kansatsu.web.errors.forbidden"
handler404 = "kansatsu.web.errors.not_found"
handler500 = "kansatsu.web.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("language/", views.switch_language, name="language"),
    path("api/v1/", api.urls),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("me/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("", include("kansatsu.accounts.urls")),
    path("", include("kansatsu.assurance.criteria.urls")),
    path("", include("kansatsu.assurance.providers.urls")),
    path("", include("kansatsu.assurance.statements.urls")),
    path("", include("kansatsu.assurance.audits.urls")),
    path("", include("kansatsu.assurance.reviews.urls")),
    path("", include("kansatsu.assurance.register.urls")),
]
