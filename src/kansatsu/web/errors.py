"""Refusals and errors as answers, one mapping each: a page for people, problem details (RFC 9457) for programs."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kansatsu.core.events import history
from kansatsu.core.models import Moved
from kansatsu.core.problems import Problem
from kansatsu.core.problems import render as say
from kansatsu.core.refusals import Incomplete, Refusal
from kansatsu.pages.posted import language


def wants_json(request: HttpRequest) -> bool:
    """Did a program ask, rather than a person?"""
    return request.path_info.startswith("/api/") or (
        request.accepts("application/json") and not request.accepts("text/html")
    )


def problem_details(status: int, kind: str, title: str, problems: list[Problem]) -> JsonResponse:
    """One JSON shape for everything that goes wrong (RFC 9457), with our problems as its extension."""
    body: dict[str, Any] = {
        "type": f"urn:kansatsu:refusal:{kind}",
        "title": title,
        "status": status,
        "problems": [say(problem, language()) for problem in problems],
    }
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def titles() -> dict[str, str]:
    """A heading for each kind of refusal."""
    return {
        "incomplete": _("Something needs to be put right"),
        "not-allowed": _("You cannot do this"),
        "wrong-state": _("This is not possible now"),
        "conflict": _("This has changed meanwhile"),
    }


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a page or as JSON; for a stale page, with what happened since it was shown."""
    title = titles()[refusal.kind]
    if wants_json(request):
        return problem_details(refusal.http_status, refusal.kind, title, list(refusal.problems))
    context = {
        "title": title,
        "problems": [say(problem, language()) for problem in refusal.problems],
        "events": _since(refusal.record),
        "back": request.META.get("HTTP_REFERER", "/"),
    }
    return render(request, "errors/refused.html", context, status=refusal.http_status)


def _since(record: Any) -> list[Any]:
    if not isinstance(record, Moved):
        return []
    return list(history(record).filter(version__gt=record.version))


def bad_input(request: HttpRequest, name: str) -> HttpResponse:
    """A query parameter that cannot be read."""
    problem = Problem("core.bad_character", where=name, params={"point": "U+0000–U+001F"})
    response = refused(request, Incomplete(problem))
    response.status_code = 400
    return response


def sign_in_needed(request: HttpRequest) -> HttpResponse:
    """A program that is not signed in."""
    return problem_details(401, "sign-in", _("Sign in first"), [])


def no_organisation(request: HttpRequest) -> HttpResponse:
    """Somebody signed in who works for no organisation (any more)."""
    if wants_json(request):
        return problem_details(403, "not-allowed", titles()["not-allowed"], [])
    return render(request, "errors/no_organisation.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing this person may see: the same answer."""
    if wants_json(request):
        return problem_details(404, "not-found", _("Not found"), [Problem("core.not_found")])
    return render(request, "errors/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something that no page of ours sends."""
    reason = str(exception) if isinstance(exception, BadRequest) else _("malformed request")
    problem = Problem("core.malformed", where="request", params={"reason": reason})
    if wants_json(request):
        return problem_details(400, "malformed", _("Bad request"), [problem])
    context = {"title": _("Bad request"), "problems": [say(problem, language())], "back": "/"}
    return render(request, "errors/refused.html", context, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug: no detail, only that it is logged."""
    if wants_json(request):
        return problem_details(500, "bug", _("Something went wrong on our side"), [])
    return render(request, "errors/bug.html", status=500)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something a library refused."""
    if wants_json(request):
        return problem_details(403, "not-allowed", titles()["not-allowed"], [])
    return render(request, "errors/refused.html", {"title": titles()["not-allowed"], "back": "/"}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its key: most often a page kept open over signing in or out."""
    if wants_json(request):
        return problem_details(403, "stale-form", _("The page is too old"), [])
    return render(request, "errors/stale_form.html", status=403)
