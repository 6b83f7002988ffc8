"""The ASGI application: pages over HTTP, boards and rooms over websockets."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured("Set SECRET_KEY: without it every restart would sign everybody out.")
if not settings.REDIS_URL and not settings.TESTING:
    raise ImproperlyConfigured("Set REDIS_URL: without it no job would ever reach a worker.")

pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  (apps must be loaded first)
from channels.security.websocket import OriginValidator  # noqa: E402

from config.bodies import LimitedBodies  # noqa: E402
from interviews.consumers import warm_up  # noqa: E402
from interviews.routing import websocket_urlpatterns  # noqa: E402
from whiteboard.lifespan import lifespan  # noqa: E402

# Full origins: AllowedHostsOriginValidator would ignore scheme and port.
sockets = OriginValidator(URLRouter(websocket_urlpatterns), settings.PUBLIC_ORIGINS)

application = ProtocolTypeRouter(
    {"http": LimitedBodies(pages), "websocket": sockets, "lifespan": lifespan(warm_up)}
)
