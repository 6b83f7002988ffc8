"""Which pages may use camera and microphone: those with a call in them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

CAMERA_AND_MICROPHONE = (
    "camera=(self), microphone=(self), display-capture=(), geolocation=(), payment=(), usb=()"
)


def may_use_camera(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view with camera and microphone allowed on its page; every other page is denied them."""

    @wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["Permissions-Policy"] = CAMERA_AND_MICROPHONE
        return response

    return allowed
