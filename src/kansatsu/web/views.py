"""The frame's own pages: home, language, health."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.models import Person
from kansatsu.assurance.cycle import waiting
from kansatsu.assurance.register import queries as register
from kansatsu.core.calendar import tokyo_date
from kansatsu.pages.gate import open_to_all


@open_to_all
def home(request: ActorRequest) -> HttpResponse:
    """What waits for me; for a visitor, what this is and what the list holds today."""
    now = timezone.now()
    if request.user.is_authenticated and request.actor.organisation_id:
        return render(request, "home.html", {"waiting": waiting(request.actor, now), "today": tokyo_date(now)})
    rows = register.public_list(tokyo_date(now))
    context = {"states": register.states(rows), "total": len(rows), "today": tokyo_date(now)}
    return render(request, "welcome.html", context)


@require_POST
@open_to_all
def switch_language(request: ActorRequest) -> HttpResponseRedirect:
    """Keep the chosen language in a cookie, and for somebody signed in also for their letters."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        if request.user.is_authenticated:
            Person.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@require_safe
@open_to_all
def health(_request: ActorRequest) -> JsonResponse:
    """Can the process serve, and does the database answer?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
