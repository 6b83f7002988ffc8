import time

import pytest

from casestudies.figures import FigureError, compute, differs

FIGURES = {"requests": 864_000.0, "peak_factor": 3, "zero": 0}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("requests / 86400", 10),
        ("requests / 86400 * peak_factor", 30),
        ("-(2 + 3) ** 2", -25),
        ("max(1, peak_factor, 2) - min(4, 5)", -1),
        ("2 ** 0.5", 2**0.5),
        ("1e3", 1000),
    ],
)
def test_arithmetic_comes_out(expression, value):
    assert compute(expression, FIGURES) == pytest.approx(value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("users * 2", "`users` is not among the figures"),
        ("requests / zero", "divides by zero"),
        ("9 ** 9 ** 9 ** 9", "too large"),
        ("10 ** 400", "too large"),
        ("1e308 * 10", "too large"),
        ("(-8) ** 0.5", "too large, or not a number"),
        ("", "not an arithmetic expression"),
        ("1 +", "not an arithmetic expression"),
        ("a\x00b", "not an arithmetic expression"),
        ("(" * 150, "not an arithmetic expression"),
        ("1" * 300, "longer than"),
        ("__import__('os').system('ls')", "only figures"),
        ("requests.__class__", "only figures"),
        ("[x for x in (1,)][0]", "only figures"),
        ("'a' * 1000000", "only figures"),
        ("True + 1", "only figures"),
        ("2j", "only figures"),
        ("1 if 1 else 2", "only figures"),
        ("7 // 2", "only figures"),
        ("1 << 1000000", "only figures"),
        ("pow(2, 3)", "only figures"),
        ("max()", "needs figures"),
        ("max(1, key=2)", "needs figures"),
        ("max(*requests)", "only figures"),
    ],
)
def test_anything_else_is_refused_at_once(expression, why):
    started = time.process_time()
    with pytest.raises(FigureError, match=None) as caught:
        compute(expression, FIGURES)
    assert why in str(caught.value)
    assert time.process_time() - started < 0.5


def test_a_difference_is_measured_against_the_target():
    assert not differs(105, 100, 0.05)
    assert differs(106, 100, 0.05)
    assert not differs(0, 0, 0)
    assert differs(-94, -100, 0.05)
