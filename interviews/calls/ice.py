"""How browsers may find each other: STUN and TURN servers, and credentials for one person. Plain Python.

The credentials are those of coturn's `use-auth-secret`: the name is the moment they end and who they are for,
the password its HMAC-SHA1 under the secret that coturn knows, too (draft-uberti-behave-turn-rest-00).
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Longer than the longest interview: coturn asks for them again while a call goes on.
SECONDS = 5 * 3600
SCHEMES = {"stun": ("stun:", "stuns:"), "turn": ("turn:", "turns:")}


@dataclass(frozen=True)
class Servers:
    """What the settings name; without any of it browsers only try the addresses they have themselves."""

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    secret: str = ""
    relay_only: bool = False

    @classmethod
    def named(cls, stun: Sequence[str], turn: Sequence[str], secret: str, relay_only: bool) -> "Servers":
        """Return what the settings name; ValueError says which of them cannot work."""
        for kind, given in (("stun", stun), ("turn", turn)):
            for url in given:
                if not url.startswith(SCHEMES[kind]):
                    raise ValueError(
                        f"ICE_{kind.upper()}_URLS: {url} does not begin with {kind}: or {kind}s:."
                    )
        if turn and not secret:
            raise ValueError("ICE_TURN_URLS needs ICE_TURN_SECRET, the static-auth-secret of that server.")
        if relay_only and not turn:
            raise ValueError("ICE_RELAY_ONLY=1 needs ICE_TURN_URLS: without a relay no call would connect.")
        return cls(tuple(stun), tuple(turn), secret, relay_only)

    def configuration(self, person: str, now: float | None = None) -> dict[str, Any]:
        """Return an RTCConfiguration for one person, with credentials that end some hours from now."""
        servers: list[dict[str, Any]] = []
        if self.stun and not self.relay_only:
            servers.append({"urls": list(self.stun)})
        if self.turn:
            ends = int(time.time() if now is None else now) + SECONDS
            username, password = credentials(self.secret, person, ends)
            servers.append({"urls": list(self.turn), "username": username, "credential": password})
        return {"iceServers": servers, "iceTransportPolicy": "relay" if self.relay_only else "all"}


def credentials(secret: str, person: str, ends: int) -> tuple[str, str]:
    """Return name and password for a TURN server until `ends`, in seconds since 1970."""
    username = f"{ends}:{person}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode("ascii")
