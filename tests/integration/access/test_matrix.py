"""Every address × method × kind of person × state of the room, against the table: none wrong, nothing leaked.

`table` says how to add a route, `canaries` which words are looked for.
"""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.integration.access.asking import NOT_TAKEN, ask
from tests.integration.access.canaries import MUST_BE_SEEN, canaries, leaks
from tests.integration.access.routes import routes
from tests.integration.access.table import (
    AFTERWARDS,
    API,
    ENDING,
    LOGIN,
    METHODS,
    NO,
    NONE,
    NOT_OURS,
    SEATED,
    SHARING,
    TABLE,
    WHO,
    Rule,
)
from tests.integration.access.world import (
    AWAY,
    CANDIDATE,
    DONE,
    HOME,
    KINDS,
    LIVE,
    OPEN,
    STAFF,
    STATES,
    World,
)

pytestmark = pytest.mark.django_db
OURS = [route for route in routes() if not route[0].startswith(NOT_OURS)]
# Routes whose answer may depend, for anybody, on whether the interview is over.
AFTER_THE_END = {*AFTERWARDS, *ENDING, *API, *SHARING}
CASES = {"casestudies:case", "casestudies:brief", "interviews:reveal_case", "api:read_case"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are logged by Django, each with its traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def moments(name: str, parameters: set[str], kind: str) -> Iterator[tuple[str, str]]:
    """Yield the places and states in which a kind of person asks for a route."""
    if "interview_id" not in parameters:
        yield HOME, OPEN
        if "slug" in parameters and name in CASES:  # those of the other rooms
            yield from ((HOME, LIVE), (AWAY, LIVE))
        return
    yield HOME, LIVE
    if name in AFTER_THE_END or kind in SEATED:
        yield HOME, OPEN
    if name in AFTER_THE_END and kind in SEATED:
        yield HOME, DONE


def rule_of(name: str, method: str, state: str) -> Rule | None:
    found = TABLE[name].get(method)
    return found.get(state) if isinstance(found, dict) else found


def test_every_route_has_a_row_and_every_row_a_route():
    """Add a row for a new route to tests/integration/access/table.py."""
    names = {name for name, _, _ in OURS}
    assert names - set(TABLE) == set()
    assert set(TABLE) - names == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_person_gets_what_the_table_says_and_no_word_more(world: World, kind: str):
    wrong, seen = [], set()
    for name, address, parameters in OURS:
        for place, state in moments(name, parameters, kind):
            path = address(world.arguments(name, parameters, place, state))
            for method in METHODS:
                expected = rule_of(name, method, state)
                if expected is None:
                    continue
                answer = ask(world, kind, method, path, name)
                if answer.outcome != expected.of(kind):
                    wrong.append(f"{method} {name} ({state}): {answer.outcome}, not {expected.of(kind)}")
                wrong += [f"{method} {name} ({state}) sends {leak}" for leak in leaks(kind, answer.text)]
                seen |= {(word, state) for word, place, state in canaries(answer.text) if place == HOME}
    assert wrong == [], "\n".join(wrong)
    assert MUST_BE_SEEN.get(kind, set()) <= seen


def test_a_method_without_a_rule_lets_nobody_in(world: World):
    """Asked by the candidate, who gets furthest; whether a method is taken does not depend on who asks."""
    wrong = []
    for name, address, parameters in OURS:
        if name == "api:openapi-json":  # a public file, whatever it is asked with
            continue
        path = address(world.arguments(name, parameters, HOME, LIVE))
        for method in (*METHODS, "PUT", "PATCH"):
            if method not in TABLE[name]:
                outcome = ask(world, CANDIDATE, method, path, name).outcome
                if outcome not in (NOT_TAKEN, NO, NONE, LOGIN, WHO):
                    wrong.append(f"{method} {name}: {outcome}")
    assert wrong == [], "\n".join(wrong)


def test_an_unsafe_request_without_a_csrf_token_is_refused(world: World):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = world.browsers[CANDIDATE].cookies.copy()
    wrong = []
    for name, address, parameters in OURS:
        path = address(world.arguments(name, parameters, HOME, LIVE))
        for method in set(TABLE[name]) - {"GET"}:
            status = browser.generic(method, path).status_code
            if status != 403:
                wrong.append(f"{method} {name}: {status}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_the_administration_is_for_staff_alone(world: World, kind: str):
    for path in ("/admin/", "/admin/accounts/user/", "/admin/casestudies/casestudy/"):
        answer = ask(world, kind, "GET", path)
        # Staff without permissions see that there is an administration, and nothing in it.
        assert (answer.status == 200) == (kind == STAFF and path == "/admin/"), path


def test_states_of_the_world_are_what_they_are_called(world: World):
    rooms = {state: world.rooms[HOME, state].interview for state in STATES}
    assert rooms[LIVE].is_live
    assert rooms[DONE].is_done
    assert rooms[DONE].cards_opened_at is None
    assert rooms[OPEN].cards_opened_at is not None
