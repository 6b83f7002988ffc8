"""The mail server, out of one address. `config.settings` asks at every start."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# By scheme: the port where none is named, and whether the talk begins in TLS or goes over to it.
SERVERS = {
    "smtp": (25, False, False),
    "smtp+tls": (587, False, True),
    "smtps": (465, True, False),
    "smtp+ssl": (465, True, False),
}
ELSEWHERE = {
    "consolemail": "django.core.mail.backends.console.EmailBackend",
    "filemail": "django.core.mail.backends.filebased.EmailBackend",
    "memorymail": "django.core.mail.backends.locmem.EmailBackend",
    "dummymail": "django.core.mail.backends.dummy.EmailBackend",
}
# Nobody gets what is sent there.
NOWHERE = (ELSEWHERE["consolemail"], ELSEWHERE["dummymail"])
SENDER = "Mockboard <mockboard@localhost>"


def mail_settings(address: str) -> dict[str, Any]:
    """Return Django's settings for a mail server; refuse an address that names none, in words.

    Name and password are percent-encoded in it: `smtp+tls://ana%40example.org:secret@mail.example.org`.
    """
    try:
        found = urlsplit(address or "consolemail://")
        port = found.port
    except ValueError as wrong:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Percent-encode what stands in its name and password: "
            "/ as %2F, # as %23, @ as %40, : as %3A."
        ) from wrong
    if found.scheme in ELSEWHERE:
        return {"EMAIL_BACKEND": ELSEWHERE[found.scheme], "EMAIL_FILE_PATH": unquote(found.path[1:])}
    if found.scheme not in SERVERS:
        known = ", ".join(f"{scheme}://" for scheme in SERVERS)
        raise ImproperlyConfigured(f"EMAIL_URL begins with none of {known}.")
    if not found.hostname or found.path.strip("/") or found.query or found.fragment:
        raise ImproperlyConfigured(
            "EMAIL_URL is not of the form smtp+tls://name:password@host:587. Percent-encode what stands in "
            "its name and password: / as %2F, ? as %3F, # as %23."
        )
    usual, is_tls, becomes_tls = SERVERS[found.scheme]
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": port or usual,
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": becomes_tls,
    }


def sender(given: str, settings: dict[str, Any]) -> str:
    """Return who mails come from: as given, else the account at the mail server if that is an address."""
    if given:
        return given
    user = str(settings.get("EMAIL_HOST_USER", ""))
    return f"Mockboard <{user}>" if "@" in user else SENDER
