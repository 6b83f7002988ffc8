"""A soak of seconds: it counts, and judges no times."""

import pytest

from bench.server import House, Web
from bench.soak import Soak

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(home: House, transactional_db: None) -> list:
    return home.rooms(5, 4)


async def test_everything_drawn_arrives_and_nothing_is_left_open(web: Web, places, home: House):
    soak = Soak(web, places, edits=4, points=8, calm=0.5)
    await soak.run(home.database_url, seconds=2.5)
    assert soak.leaks() == []
    edits = sum(sitter.edits for sitter in soak.sitters)
    assert edits > 40
    assert len(soak.delays) > edits
    assert soak.returns > 0
    assert soak.looks[-1].web > 0
    assert soak.looks[-1].gate > 0
