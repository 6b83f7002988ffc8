"""Figures as people write them."""

import pytest

from interviews.scoring.figures import figures_in


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("150 ms at p95", "time", 0.150),
        ("two hundred milliseconds", "time", 0.2),
        ("1.5 s", "time", 1.5),
        ("2.5k requests per second", "rate", 2500),
        ("20,000 QPS", "rate", 20000),
        ("900 M mails/day", "rate", 900e6 / 86400),
        ("30 million users", "count", 30e6),
        ("2B users", "count", 2e9),
        ("40,000 videos", "count", 40000),
        ("10^9 photos", "count", 1e9),
        ("3 x 10^6 items", "count", 3e6),
        ("1e9 rows", "count", 1e9),
        ("millions of users", "count", 1e6),
        ("5 % of users", "percent", 5),
        ("ten percent", "percent", 10),
        ("1:10", "ratio", 10),
        ("1 in 60", "ratio", 60),
        ("one in fifty", "plain", None),
        ("for two weeks", "span", 1209600),
        ("for a week", "span", 604800),
        ("a third of the cost", "times", 0.5),
        ("900 GB", "bytes", 900e9),
        ("$3 a call", "money", 3),
        ("4 euros", "money", 4),
    ],
)
def test_a_figure_is_read_with_its_unit(text, kind, value):
    found = figures_in(text)
    if value is None:
        assert kind not in {figure.kind for figure in found}
        return
    assert any(figure.kind == kind and figure.value == pytest.approx(value) for figure in found), found


@pytest.mark.parametrize("text", ["NDCG@10", "one model", "C01", "int8", "a day", "", "½"])
def test_names_and_words_are_no_figures(text):
    assert not figures_in(text)


def test_offsets_point_at_the_figure():
    text = "It answers within 150 ms, always."
    figure = figures_in(text, 100)[0]
    assert text[figure.start - 100 : figure.end - 100].strip() == "150 ms"


def test_a_number_of_absurd_length_is_survived():
    assert isinstance(figures_in("9" * 100_000), list)
