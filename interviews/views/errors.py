"""What people read when something is not there, not theirs or went wrong."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.middleware import page_of
from interviews.access import NotYetOpen


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    closed = exception.seat.interview if isinstance(exception, NotYetOpen) else None
    return render(request, "403.html", {"reason": str(exception or ""), "closed": closed}, status=403)


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose page is older than the session, and lead to that page as it is now."""
    return render(request, "403_csrf.html", {"page": page_of(request)}, status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Only our own sentences are shown; Django's name the URL patterns.
    reason = str(exception) if exception and exception.args and isinstance(exception.args[0], str) else ""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": reason or "There is nothing at this address."}, status=404)
    return render(request, "404.html", {"reason": reason}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
