"""One submission a line: the format, its errors, and the command around it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

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


def run(*arguments: str, given: str | bytes, **surroundings: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if not key.endswith("_URL")} | surroundings
    command = [sys.executable, "manage.py", "score", *arguments]
    said = given if isinstance(given, bytes) else given.encode()
    done = subprocess.run(command, input=said, capture_output=True, cwd=ROOT, env=bare, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_command_answers_every_line_and_fails_at_the_end_when_one_was_bad():
    lines = [json.dumps(TEXT).encode(), b"nonsense", b"\xff\xfe", json.dumps(GRAPH).encode()]
    done = run(given=b"\n".join([*lines, b""]))
    first, second, third, last = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["levels"]["C21"], list(second), "G05" in last["levels"]) == (
        score_line(TEXT)["levels"]["C21"],
        ["error"],
        True,
    )
    assert list(third) == ["error"], "bytes that are no text get an answer too"
    assert "Traceback" not in done.stderr


def test_the_command_prints_the_full_report_of_a_case_for_people():
    done = run(
        "--case", "feed-ranking", "--framework", "four-step", "--format", "text", given=json.dumps(TEXT)
    )
    assert done.returncode == 0, done.stderr
    assert "C21" in done.stdout
    assert "What this case expects" in done.stdout


def test_an_unknown_case_is_told_in_words():
    with pytest.raises(CommandError, match="no-such-case") as told:  # which manage.py prints, and ends with 1
        call_command("score", "--case", "no-such-case")
    assert told.value.returncode == 1


def test_two_processes_give_the_same_bytes():
    path = ROOT / "tests" / "data" / "scoring" / "answers" / "ow05.json"
    line = json.dumps({"type": "text", **json.loads(path.read_text(encoding="utf-8"))})
    first, second = (run("--framework", "six-step", given=line, PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second
    assert json.loads(first)["total"] > 0
