"""What pages may ask a browser for: nothing, but for the pages that say so themselves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Permissions-Policy"
NOTHING = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"


class PermissionsPolicyMiddleware:
    """Deny camera, microphone and the like on every page whose view has not allowed them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, NOTHING)
        return response
