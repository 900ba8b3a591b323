"""Between the server and the pages: language, who acts, who may open the page, and refusals as answers."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import translation

from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.queries import actor_for
from kansatsu.core.refusals import Refusal
from kansatsu.pages.gate import OPEN, SIGNED_IN
from kansatsu.web import errors

Answer = Callable[[HttpRequest], HttpResponseBase]
_ALLAUTH_OPEN = {
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
}
_ALLAUTH_SIGNED_IN = {"account_change_password", "account_reauthenticate", "usersessions_list"}


class LanguageMiddleware:
    """Japanese unless the reader has switched to English; the choice is kept in a cookie."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Finds out who acts: the person signed in, for the organisation they chose."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            request.actor = actor_for(request.user, request.session.get("membership"))
        else:
            request.actor = Actor(label="")
        return self.get_response(request)


class GateMiddleware:
    """Refuses every page that does not name who may open it, and everybody whom it does not name."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: ActorRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        admits = admission(request, view)
        if admits is None:
            raise Http404
        if admits == OPEN:
            return None
        if not request.user.is_authenticated:
            return self._sign_in(request)
        if admits == SIGNED_IN:
            return None
        if request.actor.organisation_id is None:
            return errors.no_organisation(request)
        if admits and request.actor.kind not in admits:
            raise Http404
        return None

    @staticmethod
    def _sign_in(request: HttpRequest) -> HttpResponseBase:
        if errors.wants_json(request):
            return errors.sign_in_needed(request)
        return redirect_to_login(request.get_full_path())


def admission(request: HttpRequest, view: Callable[..., object]) -> str | frozenset[str] | None:
    """Whom the page admits; nothing when it names nobody.

    Pages of django-allauth are named here; the interface under ``/api/`` asks for a signed-in member by itself.
    """
    match = request.resolver_match or resolve(request.path_info)
    if match.view_name in _ALLAUTH_OPEN:
        return OPEN
    if match.view_name in _ALLAUTH_SIGNED_IN:
        return SIGNED_IN
    if match.namespace == "api":
        return OPEN
    return getattr(view, "admits", None)


class RefusalMiddleware:
    """Turns the four refusals, and only these, into answers: a page for people, RFC 9457 for programs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if bad := _bad_input(request):
            return errors.bad_input(request, bad)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, exception) if isinstance(exception, Refusal) else None


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _bad_input(request: HttpRequest) -> str:
    """The name of a query parameter that holds a control character, or nothing."""
    for name, values in request.GET.lists():
        if _CONTROL.search(name) or any(_CONTROL.search(value) for value in values):
            return _CONTROL.sub("", name)[:50] or "?"
    return ""
