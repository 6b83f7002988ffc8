"""Which pages may use camera and microphone: those with a call in them, of those who speak in it."""

from django.http import HttpResponse

from interviews.access import Seat
from interviews.calls import roster

CAMERA_AND_MICROPHONE = (
    "camera=(self), microphone=(self), display-capture=(), geolocation=(), payment=(), usb=()"
)


def with_call(page: HttpResponse, seat: Seat) -> HttpResponse:
    """Return the page with camera and microphone allowed, unless this person only listens."""
    if seat.role in roster.SPEAKS:
        page.headers["Permissions-Policy"] = CAMERA_AND_MICROPHONE
    return page
