"""What is denied earns nothing; what merely stands beside a "not" does."""

import pytest

from interviews.scoring.negation import negation
from interviews.scoring.text import tokens_of


def denied(text: str) -> set[str]:
    tokens = tokens_of(text)
    found = negation(tokens, text, 0)
    return {tokens[position].word for position in found.strong | found.weak}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We will not monitor", "monitor"),
        ("We don't cache and don't use an index", "index"),
        ("Bias is not considered", "bias"),
        ("Experiments are not planned", "experiments"),
        ("There is no need to define a task", "task"),
        ("No labels, no features", "features"),
        ("I would never measure metrics", "metrics"),
        ("We skip the baseline", "baseline"),
        ("I ignore all constraints", "constraints"),
        ("Scale is irrelevant", "scale"),
        ("Without retrieval", "retrieval"),
        ("We don't think that retraining pays", "retraining"),
        ("The model is not retrained", "retrained"),
        ("Latency does not matter", "latency"),
        ("Features will not be engineered", "features"),
        ("Leakage is ignored", "leakage"),
        ("We do not frame this as a task", "task"),
        ("We are not going to serve in batch", "batch"),
    ],
)
def test_a_denial_reaches_its_word(text, word):
    assert word in denied(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We watch not only latency", "latency"),
        ("no more than two videos", "videos"),
        ("We don't wait, we cache", "cache"),
        ("It is not fast, but we cache results", "cache"),
        ("We monitor drift", "drift"),
        ("Clicks within 200 ms of the page are ignored", "clicks"),
        ("We will not retrain nightly because labels arrive late", "labels"),
    ],
)
def test_a_denial_ends_with_its_clause(text, word):
    assert word not in denied(text)
