"""One submission a line: the format, its errors, and the command around it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from interviews.scoring.lines import answer_lines, generic_rubric, score_line
from interviews.scoring.values import SubmissionError

ROOT = Path(__file__).parents[4]
TEXT = {
    "type": "text",
    "id": "a",
    "case": {"id": "c", "title": "t", "prompt": "p"},
    "answers": {"monitoring": "We retrain weekly."},
}
GRAPH = {
    "type": "graph",
    "id": "g",
    "case_id": "c",
    "nodes": [{"id": "n", "label": "Monitoring"}],
    "edges": [],
}


def answers(*lines: str) -> list[dict]:
    return [answer.body for answer in answer_lines(io.StringIO("\n".join(lines)), generic_rubric())]


def test_a_text_gets_levels_evidence_and_flags():
    result = score_line(TEXT)
    assert result["levels"]["C21"] >= 3
    assert result["evidence"]["C21"] == [
        {"step": "monitoring", "start": 0, "end": 18, "quote": "We retrain weekly."}
    ]
    assert result["flags"] == []
    assert set(result["levels"]) == {f"C{number:02d}" for number in range(1, 23)}


def test_a_drawing_gets_the_levels_of_the_graph_criteria():
    result = score_line(GRAPH)
    assert set(result["levels"]) == {f"G{number:02d}" for number in range(1, 11)}
    assert result["evidence"]["G05"] == [{"node": "n"}]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        "3",
        '{"type":"song"}',
        '{"type":"text"}',
        '{"type":"text","answers":[1]}',
        '{"type":"text","answers":{"a":1}}',
        '{"type":"text","case":[],"answers":{}, "x":NaN}',
        '{"type":"graph","nodes":{}}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_scored_says_why_in_its_place(line):
    before, bad, after = answers(json.dumps(TEXT), line, json.dumps(TEXT))
    assert before == after == score_line(TEXT)
    assert list(bad) == ["error"]
    assert bad["error"].endswith(".")


def test_empty_lines_are_passed_over():
    assert len(answers("", json.dumps(TEXT), "   ")) == 1


def test_a_wrong_line_is_a_value_error_for_programs():
    with pytest.raises(SubmissionError):
        score_line({"type": "text", "answers": {"a": 1}})


def run(*arguments: str, given: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if not key.endswith("_URL")} | surroundings
    command = [sys.executable, "manage.py", "score", *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=ROOT, env=bare, check=False
    )


def test_the_command_answers_every_line_and_fails_at_the_end_when_one_was_bad():
    done = run(given=f"{json.dumps(TEXT)}\nnonsense\n{json.dumps(GRAPH)}\n")
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["levels"]["C21"], list(second), "G05" in third["levels"]) == (
        score_line(TEXT)["levels"]["C21"],
        ["error"],
        True,
    )
    assert "Traceback" not in done.stderr


def test_the_command_prints_the_full_report_of_a_case_for_people():
    done = run(
        "--case", "feed-ranking", "--framework", "four-step", "--format", "text", given=json.dumps(TEXT)
    )
    assert done.returncode == 0, done.stderr
    assert "C21" in done.stdout
    assert "What this case expects" in done.stdout


def test_an_unknown_case_is_told_in_words():
    done = run("--case", "no-such-case", given="")
    assert done.returncode == 1
    assert "no-such-case" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_processes_give_the_same_bytes():
    path = ROOT / "tests" / "data" / "scoring" / "answers" / "ow05.json"
    line = json.dumps({"type": "text", **json.loads(path.read_text(encoding="utf-8"))})
    first, second = (run("--framework", "six-step", given=line, PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second
    assert json.loads(first)["total"] > 0


def test_bytes_that_are_no_text_get_an_answer_too():
    command = [sys.executable, "manage.py", "score"]
    done = subprocess.run(command, input=b"\xff\xfe\n", capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert list(json.loads(done.stdout)) == ["error"]
