"""What a question is worth. Plain Python: a report and the questions that were asked in, a report out.

The rubric of the first three criteria counts asking: who asks for the load knows that the load matters. So a
question that a fact of the case answers is evidence there, and only there. One question shows level 1, two on
different facts level 2; what the candidate makes of the answers shows in the notes, and is read from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from interviews.matching import Fact, subject_of
from interviews.scoring import totals
from interviews.scoring.values import CriterionScore, Rubric, ScoreReport

STEP = "asked"  # under which questions are cited, beside the steps of the framework
COUNTS_FOR = {
    "C01": frozenset({"goal", "mistakes"}),
    "C02": frozenset({"volume", "deadline"}),
    "C03": frozenset({"privacy", "scope", "machines", "languages"}),
}
MOST = 2


class Asked(NamedTuple):
    """One question: its place in `words_of`, its words, and the fact that answered it."""

    start: int
    end: int
    text: str
    fact: str


def words_of(asked: Sequence[Mapping[str, Any]]) -> str:
    """Return the candidate's questions, one on a line: the text that citations of questions point into."""
    return "\n".join(" ".join(str(entry.get("text") or "").split()) for entry in asked)


def placed(asked: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """Return the questions with their places in `words_of`."""
    found, at = [], 0
    for entry, line in zip(asked, words_of(asked).split("\n"), strict=True) if asked else ():
        found.append(Asked(at, at + len(line), line, str(entry.get("fact") or "")))
        at += len(line) + 1
    return found


def credited(report: ScoreReport, rubric: Rubric, asked: Sequence[Mapping[str, Any]]) -> ScoreReport:
    """Return the report with the questions counted where the rubric says so."""
    worth = by_criterion(rubric, placed(asked))
    criteria = tuple(with_questions(one, worth.get(one.criterion.code, [])) for one in report.criteria)
    if criteria == report.criteria:
        return report
    middle, low, high = totals.total(list(criteria), rubric)
    return replace(
        report,
        criteria=criteria,
        dimensions=totals.by_dimension(list(criteria), rubric),
        steps=totals.by_step(list(criteria), rubric),
        total=middle,
        total_low=low,
        total_high=high,
        level_estimate=totals.estimate(middle),
    )


def by_criterion(rubric: Rubric, asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """Return the questions that count for each criterion: the first on each fact that belongs to it."""
    facts = (rubric.case or {}).get("facts") or ()
    subjects = {
        str(fact["id"]): subject_of(Fact(str(fact["id"]), fact["ask"], tuple(fact["terms"])))
        for fact in facts
    }
    found: dict[str, list[Asked]] = {}
    for code, wanted in COUNTS_FOR.items():
        first = {one.fact: one for one in reversed(asked) if one.text and subjects.get(one.fact) in wanted}
        found[code] = sorted(first.values())
    return found


def with_questions(score: CriterionScore, questions: Sequence[Asked]) -> CriterionScore:
    """Return a score raised to what the questions show, and citing them, when the words showed less."""
    level = min(len(questions), MOST)
    if score.level is None or score.level >= level:
        return score
    cited = tuple(
        {"kind": "text", "step": STEP, "start": one.start, "end": one.end, "quote": one.text}
        for one in questions[:3]
    )
    said = (
        "Asked for, and answered by the interviewer" if level == 1 else "Asked for in two ways, and answered"
    )
    return replace(
        score,
        level=level,
        evidence=(*score.evidence, *cited),
        rationale=f"{said}; what follows from the answer is not in the notes yet.",
    )
