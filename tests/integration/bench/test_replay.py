"""The past from snapshots and from the log, and a backup put back under open tabs, short."""

import asyncio

import pytest

from bench.replay import compare, draw
from bench.restored import restores
from bench.server import House, Web
from whiteboard import log
from whiteboard.models import Board

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_past_is_the_same_from_snapshots_as_from_the_log(home: House, web: Web, monkeypatch):
    [place] = home.rooms(1, 4)
    asyncio.run(draw(web, place, rows=240, seed=3))
    monkeypatch.setattr(log, "SNAPSHOT_EVERY", 30)
    log.rebuild_snapshots(Board.objects.get(pk=place.board_id))
    found = compare(place.board_id, every=20, seed=3)
    assert found.wrong == []
    assert found.snapshots >= 3
    assert found.compared >= 20


def test_a_backup_put_back_under_open_tabs_blanks_and_doubles_nothing(home: House, web: Web):
    assert restores(web, home.rooms(1, 4), seed=3, stopped=(False,)) == []
