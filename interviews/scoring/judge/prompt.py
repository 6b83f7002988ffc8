"""What the second reader is asked: one call per step, the candidate's words fenced off as material."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from interviews.scoring.values import Criterion

PROMPT_VERSION = "1"
MOST_QUOTES = 3
_FOLDER = Path(__file__).with_name("prompts")


@cache
def template() -> str:
    """Return the text of the prompt in force; each version is a file that is never changed."""
    return (_FOLDER / f"{PROMPT_VERSION}.md").read_text(encoding="utf-8")


def prompt_hash() -> str:
    """Return the start of the SHA-256 of the prompt's text, in hex."""
    return hashlib.sha256(template().encode()).hexdigest()[:16]


def fence_for(words: str) -> str:
    """Return a line that does not occur in the words, and is the same for the same words."""
    for turn in range(1000):
        line = "=== " + hashlib.sha256(f"{turn}:{words}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
        if line not in words:
            return line
    raise AssertionError("a hash that stands in its own text a thousand times")


def messages_for(case: Mapping[str, str], criteria: Sequence[Criterion], words: str) -> list[dict[str, str]]:
    """Return the two messages of one call."""
    fence = fence_for(words)
    listed = "\n".join(
        f"{one.code} {one.name}: {one.definition}" + (f" Level 4: {one.anchors[4]}" if one.anchors else "")
        for one in criteria
    )
    system = Template(template()).substitute(
        title=case.get("title", ""), prompt=case.get("prompt", ""), criteria=listed, fence=fence
    )
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": f"{fence}\n{words}\n{fence}"},
    ]


def schema_for(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Return the JSON schema of an answer about these criteria."""
    reading = {
        "type": "object",
        "additionalProperties": False,
        "required": ["code", "level", "quotes", "reason"],
        "properties": {
            "code": {"type": "string", "enum": [one.code for one in criteria]},
            "level": {"type": "integer", "enum": [0, 1, 2, 3, 4]},
            "quotes": {"type": "array", "items": {"type": "string"}},
            "reason": {"type": "string"},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["criteria"],
        "properties": {"criteria": {"type": "array", "items": reading}},
    }
