"""Stems are the same whoever else asks for some at the same moment: jobs and pages run in threads."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from interviews.scoring import stemming

WORDS = (
    "generalization",
    "recommendations",
    "calibrated",
    "retrieval",
    "monitoring",
    "features",
    "candidates",
)


@pytest.fixture
def restless():
    """Have threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_do_not_get_each_others_letters(restless):
    alone = [stemming.english(word) for word in WORDS]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: [stemming.english(word) for word in WORDS], range(200)))
    assert found == [alone] * 200
