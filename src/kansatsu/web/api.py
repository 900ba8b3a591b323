"""The interface for programs under ``/api/v1/``: the stages' routers, signed-in by default, one shape for refusals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

from kansatsu.accounts.actors import ActorRequest
from kansatsu.assurance.register.api import router as register
from kansatsu.assurance.reviews.api import router as reviews
from kansatsu.assurance.statements.api import router as statements
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Refusal
from kansatsu.web import errors


class Member(SessionAuth):
    """Somebody signed in who acts for an organisation."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor = getattr(request, "actor", None)
        return actor if actor is not None and actor.organisation_id else None


api = NinjaAPI(
    title="Kansatsu", version="1", urls_namespace="api", auth=Member(), docs_url=None, openapi_url="openapi.json"
)
api.add_router("/register", register)
api.add_router("/statements", statements)
api.add_router("/applications", reviews)


@api.exception_handler(Refusal)
def refusal(request: ActorRequest, exception: Refusal) -> HttpResponse:
    """The four refusals."""
    return errors.refused(request, exception)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: ActorRequest, exception: AuthenticationError) -> HttpResponse:
    """Nobody is signed in, or they work for no organisation."""
    return errors.sign_in_needed(request)


@api.exception_handler(ValidationError)
def wrong_shape(request: ActorRequest, exception: ValidationError) -> HttpResponse:
    """The input has the wrong shape: one problem a field, named by its path."""
    problems = [
        Problem(
            "core.malformed",
            where=".".join(str(part) for part in error["loc"][2:] or error["loc"][-1:]),
            params={"reason": str(error["msg"]).replace("{", "(").replace("}", ")")},
        )
        for error in exception.errors
    ]
    return errors.problem_details(422, "incomplete", errors.titles()["incomplete"], problems)


@api.exception_handler(HttpError)
def http_error(request: ActorRequest, exception: HttpError) -> HttpResponse:
    """The request could not be read, such as malformed JSON."""
    problem = Problem("core.malformed", where="body", params={"reason": "JSON"})
    return errors.problem_details(exception.status_code, "malformed", str(exception), [problem])
