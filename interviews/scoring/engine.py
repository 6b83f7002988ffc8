"""The scoring engine: a submission and a rubric in, a report out. Same input, same bytes.

Only with a second reader (`judge`) does anything but the input decide.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from interviews.scoring import diagram, totals, wording
from interviews.scoring.cases import placed
from interviews.scoring.expectations import Evidence, met, quote
from interviews.scoring.judge.quotes import Words
from interviews.scoring.judge.reader import SecondReader
from interviews.scoring.judge.report import judged, what_it_was
from interviews.scoring.levels import Decision, rules
from interviews.scoring.reading import Reading, read
from interviews.scoring.topic import DOUBT, ELSEWHERE, Embedder, standing
from interviews.scoring.values import Criterion, CriterionScore, Rubric, ScoreReport, Submission
from interviews.scoring.verdict import decide_all

MAX_FLAG_QUOTES = 3
FLAG_TEXTS = {
    ELSEWHERE: "The answer speaks of another case, so it earns nothing here.",
    DOUBT: "Much of the answer speaks of another field than this case. Check whether it is about this case.",
}


def score(
    submission: Submission,
    rubric: Rubric,
    *,
    embedder: Embedder | None = None,
    judge: SecondReader | None = None,
) -> ScoreReport:
    """Return the report on a submission under a rubric.

    Words are scored on the criteria that are read from text, the drawing on those read from the graph;
    what only people can judge has no level. `embedder` gives a second opinion on whether the answer
    is about the case, and moves no level otherwise. With `judge` the report is the second reader's: its
    levels take the place of the engine's on the criteria read from words, gates and drawing stay the
    engine's, and where both differ by two levels the report says so; NoAnswerError when it gives none.
    """
    reading = read_words(submission, rubric) if submission.has_words else None
    drawing = diagram.read(submission.graph) if submission.graph is not None else None
    verdict = stand(reading, submission, rubric, embedder) if reading else ""
    expectations = expected(rubric, reading if verdict != ELSEWHERE else None, drawing)
    scores = [
        *text_scores(rubric, reading, expectations, verdict),
        *drawing_scores(rubric, drawing, expectations),
        *(
            CriterionScore(one, None, rationale="Only a person can judge this.")
            for one in rubric.criteria
            if one.source == "person"
        ),
    ]
    record = None
    if judge is not None and reading is not None and verdict != ELSEWHERE:
        second = judge.read(
            about_case(submission, rubric), judged(rubric), Words(submission.answers or {}, reading)
        )
        scores, record = what_it_was(scores, second)
    order = {criterion.code: position for position, criterion in enumerate(rubric.criteria)}
    scores.sort(key=lambda one: order[one.criterion.code])
    return totals.report(
        scores,
        rubric,
        flags=tuple(flags(reading, verdict)) if reading else (),
        expectations=tuple(expectations),
        expectations_share=share_met(expectations),
        checks=tuple(diagram.run_checks(drawing, rubric.case)) if drawing is not None else (),
        judge=record,
    )


def about_case(submission: Submission, rubric: Rubric) -> dict[str, str]:
    """Return title and prompt: the submission's own, or those of the rubric's case."""
    case = rubric.case or {}
    return {key: submission.case[key] or str(case.get(key, "")) for key in ("title", "prompt")}


def read_words(submission: Submission, rubric: Rubric) -> Reading:
    about = about_case(submission, rubric)
    return read(submission.answers or {}, about["title"], about["prompt"])


def stand(reading: Reading, submission: Submission, rubric: Rubric, embedder: Embedder | None) -> str:
    """Return where the answers belong, told by what the rubric knows of its case or by title and prompt."""
    if rubric.case and rubric.case.get("facts"):
        return placed(reading, rubric.case, rubric.expectations)
    about = " ".join(about_case(submission, rubric).values())
    if not about.strip():
        return ""
    return standing(reading, about, embedder)


def expected(rubric: Rubric, reading: Reading | None, drawing: Any) -> list[dict[str, Any]]:
    """Return each expectation of the case, met or not, with what shows it."""

    def on_drawing(rule: Mapping[str, Any]) -> Sequence[Evidence] | None:
        return diagram.meets(rule, drawing)

    found = []
    for entry in rubric.expectations:
        is_met, evidence = met(entry["rule"], reading, on_drawing if drawing is not None else None)
        found.append(
            {
                "id": entry["id"],
                "criterion": entry["criterion"],
                "weight": entry["weight"],
                "statement": entry["statement"],
                "met": is_met,
                "evidence": evidence,
            }
        )
    return found


def share_met(expectations: Sequence[Mapping[str, Any]]) -> float | None:
    whole = sum(float(entry["weight"]) for entry in expectations)
    if not whole:
        return None
    return round(sum(float(entry["weight"]) for entry in expectations if entry["met"]) / whole, 3)


def falls_short(code: str, expectations: Sequence[Mapping[str, Any]]) -> bool:
    """Does the case expect something of a criterion, and was none of it said or drawn?"""
    tied = [entry for entry in expectations if entry["criterion"] == code]
    return bool(tied) and not any(entry["met"] for entry in tied)


def text_scores(
    rubric: Rubric, reading: Reading | None, expectations: Sequence[Mapping[str, Any]], verdict: str
) -> list[CriterionScore]:
    found = []
    decided = decide_all(reading) if reading is not None and verdict != ELSEWHERE else {}
    for criterion in rubric.criteria:
        if criterion.source != "text":
            continue
        if reading is None or criterion.code not in rules():
            found.append(CriterionScore(criterion, None, rationale="There are no words to read."))
        elif verdict == ELSEWHERE:
            found.append(
                CriterionScore(
                    criterion, 0, rationale=wording.rationale(Decision(0), elsewhere=True), confidence=0.7
                )
            )
        else:
            found.append(text_score(criterion, decided[criterion.code], expectations))
    return found


def text_score(
    criterion: Criterion, decision: Decision, expectations: Sequence[Mapping[str, Any]]
) -> CriterionScore:
    capped = decision.level == 4 and falls_short(criterion.code, expectations)
    return CriterionScore(
        criterion,
        3 if capped else decision.level,
        tuple(quote(one) for one in decision.units),
        wording.rationale(decision, capped=capped),
        tuple(decision.missing) if decision.level < 4 else (),
        decision.confidence,
    )


def drawing_scores(
    rubric: Rubric, drawing: Any, expectations: Sequence[Mapping[str, Any]]
) -> list[CriterionScore]:
    criteria = [criterion for criterion in rubric.criteria if criterion.source == "graph"]
    if drawing is None:
        return [
            CriterionScore(criterion, None, rationale="There is no drawing to read.")
            for criterion in criteria
        ]
    read_off = diagram.score_criteria(drawing, [criterion.code for criterion in criteria])
    found = []
    for criterion in criteria:
        one = read_off.get(criterion.code)
        if one is None:
            found.append(CriterionScore(criterion, None, rationale="There is no drawing to read."))
            continue
        capped = one.level == 4 and falls_short(criterion.code, expectations)
        found.append(
            CriterionScore(
                criterion,
                3 if capped else one.level,
                tuple(one.evidence),
                one.rationale,
                tuple(one.missing),
                confidence=0.85,
            )
        )
    return found


def flags(reading: Reading, verdict: str) -> list[dict[str, Any]]:
    """Return what a reader of the card should know, each with the words it is about."""
    found: list[dict[str, Any]] = []
    if verdict in FLAG_TEXTS:
        found.append({"kind": "off_topic", "text": FLAG_TEXTS[verdict], "evidence": []})
    for finding in reading.findings:
        seen = [reading.seen[index] for index in finding.units[:MAX_FLAG_QUOTES]]
        found.append({"kind": finding.kind, "text": finding.text, "evidence": [quote(one) for one in seen]})
    return found
