"""What every request needs to know about the person: their time zone, and whether a guest's visit is over."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

# A guest whose visit is over may still sign up (and keep their work), sign in, or read public pages.
OPEN_TO_ALL = ("/accounts/", "/static/", "/cases/", "/healthz", "/readyz")


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if user.guest_visit_is_over() and request.path != "/" and not request.path.startswith(OPEN_TO_ALL):
            keep_url = f"{reverse('accounts:keep')}?next={request.path}"
            return render(request, "accounts/visit_over.html", {"keep_url": keep_url}, status=403)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)
