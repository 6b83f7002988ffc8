"""One submission a line, one result a line: the format in which anyone can measure the engine."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from casestudies.pack import DEFAULT_CONTENT, Pack, PackError, Reading, files
from casestudies.rubrics import compile_rubric
from interviews.scoring.engine import score
from interviews.scoring.values import Rubric, ScoreReport, Submission, SubmissionError

GENERIC_FRAMEWORK = "seven-step"


@cache
def generic_rubric() -> Rubric:
    """Return the rubric without a case: the whole bank, seen through the seven steps."""
    return Rubric.from_json(compile_rubric(bank(), GENERIC_FRAMEWORK))


def bank() -> Pack:
    """Return the default content without its cases: a case with a slip must not stop generic scoring."""
    reading = Reading(DEFAULT_CONTENT)
    for folder in ("bank", "frameworks"):
        for file in files(DEFAULT_CONTENT / folder):
            reading.read(file)
    if reading.problems:
        raise PackError(reading.problems)
    pack = reading.whole()
    if reading.problems:
        raise PackError(reading.problems)
    return pack


def score_line(body: Mapping[str, Any], rubric: Rubric | None = None) -> dict[str, Any]:
    """Return levels, evidence and flags of one submission; SubmissionError says what is wrong with it."""
    return brief(score(submission_of(body), rubric or generic_rubric()))


def submission_of(body: Any) -> Submission:
    """Return the submission of one line, words or drawing."""
    if not isinstance(body, Mapping):
        raise SubmissionError("A line must hold one JSON object.")
    kind = body.get("type", "graph" if "nodes" in body else "text")
    if kind == "text":
        if body.get("answers") is None:
            raise SubmissionError("A text submission needs answers: an object with one text per step.")
        return Submission(body.get("case") or {}, body["answers"])
    if kind == "graph":
        if not isinstance(body.get("nodes"), list):
            raise SubmissionError("A graph submission needs nodes: a list of boxes.")
        return Submission(body.get("case") or {}, None, {**body, "edges": body.get("edges") or []})
    raise SubmissionError(f"The type must be text or graph, not {kind!r}.")


def brief(report: ScoreReport) -> dict[str, Any]:
    """Return a report cut down to levels, evidence and flags."""
    assessed = [one for one in report.criteria if one.level is not None]
    return {
        "levels": {one.criterion.code: one.level for one in assessed},
        "evidence": {
            one.criterion.code: [short(entry) for entry in one.evidence] for one in assessed if one.evidence
        },
        "flags": [flag["kind"] for flag in report.flags],
    }


def short(entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry["kind"] == "text":
        return {key: entry[key] for key in ("step", "start", "end", "quote")}
    if entry["kind"] == "node":
        return {"node": entry["element"]}
    return {"edge": [entry["source"], entry["target"]]}


def parsed(line: str) -> Any:
    """Return the JSON of a line; SubmissionError when it is none."""
    try:
        return json.loads(line, parse_constant=refuse_constant)
    except RecursionError as error:
        raise SubmissionError("The line is nested too deeply.") from error
    except ValueError as error:
        raise SubmissionError(f"The line is not JSON: {error}.") from error


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


class Answer(NamedTuple):
    """What one line got: a result or an error, and whether it could be scored."""

    body: dict[str, Any]
    scored: bool


def answer_lines(lines: Iterable[str], rubric: Rubric, *, full: bool = False) -> Iterator[Answer]:
    """Yield one answer for each line that holds something."""
    for line in lines:
        if not line.strip():
            continue
        try:
            report = score(submission_of(parsed(line)), rubric)
        except SubmissionError as error:
            yield Answer({"error": str(error)}, False)
        else:
            yield Answer(report.to_json() if full else brief(report), True)


def dumped(body: Any) -> str:
    """Return one line of JSON; lone surrogates stay escaped, so that any terminal can print it."""
    return json.dumps(body, ensure_ascii=True, sort_keys=False)
