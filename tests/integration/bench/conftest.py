"""Web processes as `./run` starts them, on the database of the tests; those of a file share one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bench.server import House, Web


@pytest.fixture(scope="session")
def home(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    house = House(Path(tmp_path_factory.mktemp("house")), url)
    yield house
    house.close()


def unstarted(home: House, **more: str) -> Web:
    """Return a web process that is not started, with more of an environment."""
    web = home.web(start=False)
    ours = {"DATABASE_URL": home.database_url, "SECRET_KEY": settings.SECRET_KEY, "LOG_LEVEL": "WARNING"}
    assert web.service.env is not None
    web.service.env.update(ours | more)
    web.service.env.pop("PYTEST_CURRENT_TEST", None)
    if not os.environ.get("REDIS_URL"):
        pytest.fail("A real server needs REDIS_URL; `./run test` sets it.")
    return web


@pytest.fixture(scope="session")
def web(home: House) -> Web:
    """One process, whose pages need no collected assets."""
    one = unstarted(home, DJANGO_SETTINGS_MODULE="bench.page_settings")
    one.start()
    return one
