"""Whether this process lives (`/healthz`) and can serve (`/readyz`); for supervisors and proxies."""

from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer without touching another server, so that a slow database does not get us restarted."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and cache do, else 503 naming which does not."""
    state = {"database": "ok", "cache": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        state["database"] = "does not answer"
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        state["cache"] = "does not answer"
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)
