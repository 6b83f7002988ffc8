from dataclasses import replace

import pytest

from accounts.models import User
from casestudies.loading import load_pack
from casestudies.pack import DEFAULT_CONTENT, Pack, load
from interviews.models import Interview, Role
from tests.factories.interviews import seat, start_interview
from tests.factories.rows import KeptRows


@pytest.fixture(scope="session")
def shipped_pack() -> Pack:
    """The content files, read once for all tests."""
    return load(DEFAULT_CONTENT)


@pytest.fixture(scope="session")
def small_pack(shipped_pack: Pack) -> Pack:
    """Two of the cases that ship with Mockboard, under all its frameworks: loaded in a tenth of the time."""
    cases = {slug: shipped_pack.cases[slug] for slug in ("payment-fraud", "ad-click")}
    return replace(shipped_pack, cases=cases, samples={})


@pytest.fixture(scope="session")
def shelf() -> KeptRows:
    """The rows of the library, as a pack made them when it was loaded for the first time."""
    return KeptRows("casestudies")


@pytest.fixture
def library(db: None, small_pack: Pack, shelf: KeptRows) -> None:
    """Load two cases, and the frameworks, criteria and guide pages that ship with Mockboard."""
    shelf.fill("two cases", lambda: load_pack(small_pack))


@pytest.fixture
def interview(library: None, candidate: User) -> Interview:
    """A running solo interview of the candidate."""
    return start_interview(candidate)


@pytest.fixture
def full_room(interview: Interview, interviewer: User, observer: User) -> Interview:
    """The same interview with an interviewer and an observer in it."""
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    return interview
