"""What every request needs to know about the person: their time zone, whether a guest's visit is over, and
where somebody who has to sign in first goes on afterwards."""

import zoneinfo
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.limits import TooManyGuestsError

# A guest whose visit is over may still sign up (and keep their work), sign in, or read public pages.
OPEN_TO_ALL = ("/accounts/", "/static/", "/cases/", "/api/", "/healthz", "/readyz")
SAFE_METHODS = ("GET", "HEAD")


def path_if_ours(request: HttpRequest, address: str) -> str:
    """Return path and query of an address of this site, and nothing for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # What starts with two slashes would name a host, once it stands alone.
    return "" if path.startswith("//") else path


def page_of(request: HttpRequest) -> str:
    """Return the page that the person is looking at: one that a GET shows, or nothing if we cannot tell."""
    if "HX-Request" in request.headers:
        return path_if_ours(request, request.headers.get("HX-Current-URL", ""))
    if request.method in SAFE_METHODS:
        return request.get_full_path()
    return path_if_ours(request, request.headers.get("Referer", ""))


def with_next(url: str, page: str) -> str:
    """Return `url` with the page to go on with afterwards, if there is one."""
    return f"{url}?{urlencode({REDIRECT_FIELD_NAME: page}, safe='/')}" if page else url


def lead_back_to_the_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return `response`; where it asks to sign in first, the way back leads to the page, not into its parts.

    `login_required` names the address that was asked for. That may be a part of a page, or take only a POST.
    """
    sign_in, _, query = response.headers.get("Location", "").partition("?")
    if response.status_code not in (301, 302) or sign_in != resolve_url(settings.LOGIN_URL):
        return response
    if "HX-Request" in request.headers:
        # htmx would follow a redirect unseen, and put the page to sign in where the part belongs.
        return HttpResponse(status=204, headers={"HX-Redirect": with_next(sign_in, page_of(request))})
    if request.method not in SAFE_METHODS and REDIRECT_FIELD_NAME in QueryDict(query):
        response.headers["Location"] = with_next(sign_in, page_of(request))
    return response


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return lead_back_to_the_page(request, self.answer(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say 429 where too many guests come from one address."""
        if isinstance(exception, TooManyGuestsError):
            return render(request, "403.html", {"reason": exception.words}, status=429)
        return None

    def answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.guest_visit_is_over() and request.path != "/" and not request.path.startswith(OPEN_TO_ALL):
            keep_url = with_next(reverse("accounts:keep"), page_of(request))
            return render(request, "accounts/visit_over.html", {"keep_url": keep_url}, status=403)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)
