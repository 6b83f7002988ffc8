"""What a site on the open web must not be started with. `config.settings` asks at every start."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from interviews.calls.ice import Servers

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 5
# What `startproject` writes, and what people copy from a repository with it.
MADE_FOR_TRYING = "django-insecure"


def full_origins(given: Sequence[str]) -> list[str]:
    """Return origins as browsers send them; refuse none at all, and what is not scheme, host and port."""
    origins = [origin for one in given if (origin := one.strip().lower().removesuffix("/"))]
    if not origins:
        raise ImproperlyConfigured("PUBLIC_ORIGINS is empty. Name one, such as https://mock.example.org.")
    for origin in origins:
        if not _is_origin(origin):
            raise ImproperlyConfigured(
                f"PUBLIC_ORIGINS: {origin} is not a full origin such as https://mock.example.org."
            )
    return origins


def is_https(origin: str) -> bool:
    """Say whether browsers reach this origin over TLS."""
    return origin.startswith("https://")


def refuse_unsafe(
    *, origins: Sequence[str], debug: bool, allowed_hosts: Sequence[str], secret_key: str
) -> None:
    """Raise ImproperlyConfigured, naming the setting, if this must not be served under these origins."""
    public = any(map(is_https, origins))
    if "*" in allowed_hosts and (public or not debug):
        raise ImproperlyConfigured("ALLOWED_HOSTS=* lets anyone pretend to be this site. Name its hosts.")
    if not public:
        return
    for origin in origins:
        if not is_https(origin) and not _is_loopback(origin):
            raise ImproperlyConfigured(
                f"PUBLIC_ORIGINS: {origin} beside https would let sessions be read on the way. Drop it."
            )
    if debug:
        raise ImproperlyConfigured("DEBUG shows this site's insides to every visitor. Unset it under https.")
    if secret_key.startswith(MADE_FOR_TRYING):
        raise ImproperlyConfigured("SECRET_KEY is one made for trying things out. Make one of your own.")
    if len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < FEWEST_CHARACTERS:
        raise ImproperlyConfigured(
            f"SECRET_KEY can be guessed. Under https it needs {SHORTEST_KEY} random characters or more."
        )


def ice_servers(*, stun: Sequence[str], turn: Sequence[str], secret: str, relay_only: bool) -> Servers:
    """Return the servers for calls; refuse settings with which no call could connect, naming them."""
    try:
        return Servers.named(stun, turn, secret, relay_only)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    exact = f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")
    return parts.scheme in ("http", "https") and bool(host) and " " not in host and exact == text


def _is_loopback(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
