"""Is an answer about the case of the rubric, or about another of the cases there are?

A case is known by its telling words: those that its title, prompt, facts, requirements and expectations
use, and few other cases do. `cases.json` holds them for the cases of the content, and how common words are
among them; `learn.py` writes it. The words of the case at hand are taken from the rubric itself, so a case
that is not in the file is read just as well.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from interviews.scoring.reading import Reading
from interviews.scoring.text import tokens_of
from interviews.scoring.topic import AMONG, DOUBT, ELSEWHERE, UNSURE
from interviews.scoring.words import STOP

PATH = Path(__file__).parent / "cases.json"
TELLING_WORDS = 60
TOO_COMMON = 0.2  # words less rare than this tell nothing
MIN_DIFFERENT = 30  # words an answer needs before it is placed
DOUBTFUL, CERTAIN = 1.5, 2.0  # times as near to another case as to its own
CLEARLY = 0.08  # share of an answer's rare words that is clearly no chance
NOT_WORDS = frozenset(("id", "criterion", "metric", "graph", "weight"))


@cache
def stored() -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """Return the telling words of the cases there are, and how rare common words are."""
    body = json.loads(PATH.read_text(encoding="utf-8"))
    return {slug: frozenset(words.split()) for slug, words in body["cases"].items()}, body["rarity"]


def stems_in(text: str) -> list[str]:
    return [
        token.stem
        for token in tokens_of(text)
        if token.word not in STOP and len(token.word) > 2 and not token.word[0].isdigit()
    ]


def strings(body: Any) -> Iterable[str]:
    """Yield all texts of a rule or statement, names and numbers left out."""
    if isinstance(body, str):
        yield body.replace("|", " ")
    elif isinstance(body, Mapping):
        for key, value in body.items():
            if key not in NOT_WORDS:
                yield from strings(value)
    elif isinstance(body, Sequence):
        for value in body:
            yield from strings(value)


def words_of(case: Mapping[str, Any], expectations: Any) -> Counter[str]:
    """Return how often a case uses each word; its title counts three times, its prompt twice."""
    texts = [str(case.get("title", ""))] * 3 + [str(case.get("prompt", ""))] * 2
    for fact in case.get("facts") or ():
        texts += strings([fact.get("ask"), fact.get("answer"), fact.get("terms")])
    texts += [str(one.get("text", "")) for one in case.get("requirements") or ()]
    texts += strings(expectations)
    return Counter(stems_in(" ".join(texts)))


def telling(words: Mapping[str, int], rarity: Mapping[str, float]) -> frozenset[str]:
    """Return the words that tell a case from others: used often here and seldom elsewhere."""
    worth = {
        word: math.log1p(count) * rarity.get(word, 1.0)
        for word, count in words.items()
        if rarity.get(word, 1.0) > TOO_COMMON
    }
    return frozenset(sorted(worth, key=lambda word: (-worth[word], word))[:TELLING_WORDS])


def placed(reading: Reading, case: Mapping[str, Any], expectations: Any) -> str:
    """Return whether the answers are about this case, perhaps or surely another, or too short to tell."""
    others, rarity = stored()
    said = {
        stem
        for one in reading.seen
        if not one.dropped
        for stem in stems_in(one.unit.text)
        if rarity.get(stem, 1.0) > 0
    }
    if len(said) < MIN_DIFFERENT:
        return UNSURE
    whole = sum(rarity.get(stem, 1.0) for stem in said)

    def near(words: frozenset[str]) -> float:
        return sum(rarity.get(stem, 1.0) for stem in words & said) / whole

    here = near(telling(words_of(case, expectations), rarity))
    slug = case.get("slug")
    there = max((near(words) for other, words in others.items() if other != slug), default=0.0)
    if there < CLEARLY or there <= DOUBTFUL * here:
        return AMONG
    return ELSEWHERE if there > CERTAIN * here else DOUBT


def gathered(bodies: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `cases.json` holds, from the cases of the content."""
    words = {slug: words_of(body, body["expectations"]) for slug, body in sorted(bodies.items())}
    spread = Counter(word for one in words.values() for word in one)
    rarity = {
        word: round(max(0.0, 1 - 2 * count / len(words)), 2) for word, count in spread.items() if count > 1
    }
    return {
        "cases": {slug: " ".join(sorted(telling(one, rarity))) for slug, one in words.items()},
        "rarity": {word: share for word, share in sorted(rarity.items()) if share < 0.9},
    }
