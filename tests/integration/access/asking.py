"""One request by one person, after which the world is as it was."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from tests.integration.access.table import BODIES, LOGIN, NO, NONE, WHO, YES
from tests.integration.access.world import World

NOT_TAKEN = "method"
BY_STATUS = {401: WHO, 403: NO, 404: NONE, 405: NOT_TAKEN}


@dataclass(frozen=True)
class Answer:
    """What came back: one of the table's words, and everything that was sent."""

    outcome: str
    status: int
    text: str


def ask(world: World, kind: str, method: str, path: str, name: str = "") -> Answer:
    """Ask for a path as a kind of person and take back whatever that changed."""
    browser = world.browsers[kind]
    kept = {key: morsel.value for key, morsel in browser.cookies.items()}
    body = BODIES[name]() if method == "POST" and name in BODIES else None
    with transaction.atomic():
        answer = send(browser, method, path, body)
        text = answered(answer)
        transaction.set_rollback(True)
    browser.cookies.clear()
    browser.cookies.load(kept)
    return Answer(outcome_of(answer), answer.status_code, text)


def send(browser: Client, method: str, path: str, body: dict[str, Any] | None) -> Any:
    if method in ("GET", "POST"):
        return getattr(browser, method.lower())(path, body)
    return browser.generic(method, path)


def answered(answer: Any) -> str:
    """Return body and headers as text, whatever the type of the body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") + str(dict(answer.items()))


def outcome_of(answer: Any) -> str:
    if answer.status_code in (301, 302, 303):
        return LOGIN if "/accounts/login/" in answer["Location"] else YES
    if answer.status_code >= 500:
        return f"failed with {answer.status_code}"
    return BY_STATUS.get(answer.status_code, YES)
