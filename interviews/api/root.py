"""The API as a whole: its parts, and how it says no. Every error is {"error": a sentence}."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as WrongShape

from interviews.api import belongings, cases, interviews, progress

log = logging.getLogger(__name__)
api = NinjaAPI(
    title="Mockboard",
    version="1",
    description="Your interviews, scorecards and progress, and the library. Make a token in your settings "
    'and send it as `Authorization: Bearer …`. Every error is `{"error": "a sentence"}`.',
    docs_url=None,  # a page of it would need scripts from elsewhere; docs/api.md shows each call
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/cases", cases.router)
api.add_router("/interviews/import", belongings.imports)
api.add_router("/interviews", interviews.router)
api.add_router("/progress", progress.router)
api.add_router("/export", belongings.exports)

NO_CALLER = "Say who you are: send a token as “Authorization: Bearer …”. Make one in your settings."


def refusal(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    answer = api.create_response(request, {"error": sentence}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(request, str(error), error.status_code)


@api.exception_handler(AuthenticationError)
def on_no_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refusal(request, NO_CALLER, 401)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(request, str(error) or "There is nothing at this address.", 404)


@api.exception_handler(PermissionDenied)
def on_denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return refusal(request, str(error) or "This is not for you.", 403)


@api.exception_handler(ValidationError)
def on_refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refusal(request, " ".join(error.messages), 422)


@api.exception_handler(WrongShape)
def on_wrong_shape(request: HttpRequest, error: WrongShape) -> HttpResponse:
    return refusal(request, shape_words(error.errors), 422)


@api.exception_handler(Exception)
def on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("an operation of the API failed")
    return refusal(request, "Something went wrong here, and it is noted. Nothing was changed.", 500)


def shape_words(errors: list[dict[str, Any]]) -> str:
    """Return what is wrong with a request, by the name of what was sent."""
    names = sorted({str(error["loc"][-1]) for error in errors if error.get("loc")})
    return f"Not as this address takes it: {', '.join(names) or 'the request'}."
