"""The second reading: every step asked about, every quote looked up, every doubt kept visible."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from interviews.scoring.judge.answer import Answer, NoAnswerError
from interviews.scoring.judge.prompt import (
    MOST_QUOTES,
    PROMPT_VERSION,
    messages_for,
    prompt_hash,
    schema_for,
)
from interviews.scoring.judge.quotes import Words, found
from interviews.scoring.values import Criterion

CHARACTERS_PER_TOKEN = 3  # on the safe side for English
TOKENS_PER_CRITERION = 220
LONGEST_REASON = 300


class Model(Protocol):
    """Whatever answers: an endpoint, or a stand-in in tests."""

    @property
    def model(self) -> str: ...

    def ask(
        self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], *, most_tokens: int
    ) -> Answer: ...


@dataclass(frozen=True)
class Limits:
    """What one second reading may take: how often each step is asked, and tokens in all."""

    runs: int = 2
    most_tokens: int = 60_000
    most_characters: int = 24_000


@dataclass(frozen=True)
class Opinion:
    """One level by the second reader; None when it gave none that holds. `low` and `high` are its runs'."""

    level: int | None
    evidence: tuple[dict[str, Any], ...] = ()
    reason: str = ""
    low: int | None = None
    high: int | None = None
    dropped: int = 0  # quotes that do not stand in the answer


@dataclass
class SecondReading:
    """All opinions by criterion, and how they came about."""

    opinions: dict[str, Opinion]
    record: dict[str, Any]


@dataclass
class SecondReader:
    """Asks a model about one submission, step by step; `tell` hears the title of each step before."""

    model: Model
    limits: Limits = field(default_factory=Limits)
    tell: Callable[[str], None] = lambda step: None

    def read(
        self, case: Mapping[str, str], steps: Sequence[tuple[str, Sequence[Criterion]]], words: Words
    ) -> SecondReading:
        """Return the second reading; NoAnswerError when no step was answered.

        `steps` are (title, criteria read from words). Without any words left nothing is asked, and every
        level is 0.
        """
        text, cut = words.text(self.limits.most_characters)
        runs = max(1, self.limits.runs)
        record: dict[str, Any] = {
            "model": self.model.model,
            "prompt": PROMPT_VERSION,
            "prompt_hash": prompt_hash(),
            "runs": runs,
            "calls": 0,
            "tokens": 0,
            "cut": cut,
            "unanswered": [],
            "stopped": "",
        }
        opinions: dict[str, Opinion] = {}
        trouble: NoAnswerError | None = None
        for title, criteria in steps:
            if not criteria:
                continue
            if not text.strip():
                opinions |= {one.code: Opinion(0, reason="There are no words to judge.") for one in criteria}
                continue
            self.tell(title)
            try:
                given = [self._ask(case, criteria, text, words, record) for _ in range(runs)]
            except OverBudgetError:
                record["stopped"] = "cost"
                given = []
            except NoAnswerError as error:
                trouble, given = error, []
            if not given:
                record["unanswered"].append(title)
            for one in criteria:
                opinions[one.code] = _joined([run[one.code] for run in given])
        if trouble is not None and not any(one.level is not None for one in opinions.values()):
            raise trouble
        _reject_if_invented(opinions)
        return SecondReading(opinions, record)

    def _ask(
        self,
        case: Mapping[str, str],
        criteria: Sequence[Criterion],
        text: str,
        words: Words,
        record: dict[str, Any],
    ) -> dict[str, Opinion]:
        messages = messages_for(case, criteria, text)
        most = TOKENS_PER_CRITERION * len(criteria)
        expected = sum(len(one["content"]) for one in messages) // CHARACTERS_PER_TOKEN + most
        if record["tokens"] + expected > self.limits.most_tokens:
            raise OverBudgetError
        record["calls"] += 1
        answer = self.model.ask(messages, schema_for(criteria), most_tokens=most)
        record["tokens"] += answer.tokens if answer.tokens is not None else expected
        return _opinions(answer.text, criteria, words)


class OverBudgetError(Exception):
    """The next question would take more tokens than this reading may."""


def _opinions(reply: str, criteria: Sequence[Criterion], words: Words) -> dict[str, Opinion]:
    """Return what a reply says about each criterion; NoAnswerError when it is not what was asked for."""
    given: dict[str, dict[str, Any]] = {}
    for entry in _entries(reply):
        if isinstance(entry, dict) and isinstance(entry.get("code"), str):
            given.setdefault(entry["code"], entry)
    if not any(one.code in given for one in criteria):
        raise NoAnswerError("The second reader did not answer what it was asked.")
    return {one.code: _opinion(given.get(one.code), words) for one in criteria}


def _entries(reply: str) -> list[Any]:
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start or reply.count("{") + reply.count("[") > 2000:
        raise NoAnswerError("The second reader's answer is not JSON.")
    try:
        body = json.loads(reply[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise NoAnswerError("The second reader's answer is not JSON.") from error
    entries = body.get("criteria")
    if not isinstance(entries, list):
        raise NoAnswerError("The second reader's answer has no list of criteria.")
    return entries


def _opinion(entry: Mapping[str, Any] | None, words: Words) -> Opinion:
    if entry is None:
        return Opinion(None, reason="The second reader said nothing about this.")
    level, quotes = entry.get("level"), entry.get("quotes")
    if not isinstance(level, int) or isinstance(level, bool) or not 0 <= level <= 4:
        return Opinion(None, reason="The second reader gave no level from 0 to 4.")
    reason = " ".join(str(entry.get("reason") or "").split())[:LONGEST_REASON]
    if level == 0:
        return Opinion(0, reason=reason, low=0, high=0)
    said = [one for one in quotes if isinstance(one, str)] if isinstance(quotes, list) else []
    places = found(words, said[:MOST_QUOTES])
    dropped = len(said[:MOST_QUOTES]) - len(places)
    if not places:
        return Opinion(
            None,
            reason="Its quotes do not stand in the answer, so its level does not count.",
            dropped=max(dropped, 1),
        )
    weak = sum(place.pop("weak") for place in places) == len(places)
    level = min(level, 1) if weak else level
    return Opinion(level, tuple(places), reason, level, level, dropped)


def _joined(runs: Sequence[Opinion]) -> Opinion:
    """Return the middle one of several runs, with how far they lie apart."""
    if not runs:
        return Opinion(None, reason="The second reader did not answer for this step.")
    dropped = sum(one.dropped for one in runs)
    levels = [one.level for one in runs if one.level is not None]
    if not levels:
        return Opinion(None, reason=runs[0].reason, dropped=dropped)
    middle = statistics.median_low(levels)
    chosen = next(one for one in runs if one.level == middle)
    return Opinion(middle, chosen.evidence, chosen.reason, min(levels), max(levels), dropped)


def _reject_if_invented(opinions: Mapping[str, Opinion]) -> None:
    """Refuse a reading most of whose awards rest on words that nobody wrote."""
    kept = sum(bool(one.level) for one in opinions.values())
    invented = sum(one.level is None and one.dropped > 0 for one in opinions.values())
    if invented and invented > kept:
        raise NoAnswerError("Most of the second reader's quotes do not stand in the answer.")
