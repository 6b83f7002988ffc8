"""Each way to lose a right, forged origins, and scripts in every field; once each, and no times judged."""

import asyncio
from collections import Counter

import pytest

from bench import injection, payloads, rights
from bench.server import House, Web

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_right_that_ends_ends_at_the_board_too(home: House, web: Web):
    places = home.rooms(len(rights.ENDINGS) + 2, 3)
    report = asyncio.run(rights.run(web, places, times=1, seed=2, share=0.01))
    assert report.wrong == []
    assert Counter(report.seconds.keys()) == Counter(ending.name for ending in rights.ENDINGS)
    assert report.origins == len(rights.FORGED) + 1
    assert report.injected.refused > 10
    assert report.injected.kept > 10


def test_there_are_many_scripts_and_they_go_into_every_field():
    wanted = payloads.payloads()
    assert len(wanted) >= 150
    tried = injection.tries(wanted)
    assert len(tried) > 40 * len(wanted)
    assert {"text", "notes", "link", "customData", "element id", "name of a frame"} <= {
        where for where, _ in tried
    }
