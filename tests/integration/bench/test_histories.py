"""Random histories through two real processes that lose a third of what they tell each other, short."""

from collections.abc import Iterator

import psycopg
import pytest

from bench.histories import Chaos, History, run
from bench.server import House, Web
from bench.yjs_people import yjs_people
from tests.integration.bench.conftest import unstarted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def webs(home: House) -> Iterator[list[Web]]:
    lossy = {"DJANGO_SETTINGS_MODULE": "bench.lossy_settings", "BENCH_LOSS": "0.3"}
    pair = [unstarted(home, **lossy, BENCH_SEED=str(number)) for number in (1, 2)]
    for one in pair:
        one.begin()
    for one in pair:
        one.await_ready()
    yield pair
    for one in pair:
        one.kill()


@pytest.fixture
def places(home: House, transactional_db: None) -> list:
    return home.rooms(3, 4)


async def test_random_histories_end_with_one_board_for_everybody(webs, places, home):
    chaos = Chaos(webs)
    async with yjs_people() as people:
        histories = [History(7000 + n, place, chaos, people, 30) for n, place in enumerate(places)]
        found = await run(histories, lambda: psycopg.connect(home.database_url, autocommit=True))
    assert found.wrong == []
    assert found.rows > 50
    assert sum(history.happened["edits"] for history in histories) > 100
