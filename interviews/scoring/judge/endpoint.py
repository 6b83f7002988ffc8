"""One question to a language model behind any address that speaks OpenAI's chat completions."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from interviews.scoring.judge.answer import Answer, NoAnswerError

LARGEST_ANSWER = 256 * 1024
TRIES = 3
LONGEST_WAIT_SECONDS = 10.0
BUSY = (408, 409, 425, 429, 500, 502, 503, 504)

Message = Mapping[str, str]


@dataclass(frozen=True)
class Endpoint:
    """Where the model is. `timeout_seconds` is the time for one whole answer, not for each of its bytes."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_seconds: float = 60.0
    wait: Callable[[float], None] = time.sleep
    tries: int = TRIES

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any], *, most_tokens: int) -> Answer:
        """Return the answer; NoAnswerError after `tries` of them, or at once when asking again is no use."""
        body: dict[str, Any] = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": most_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reading", "strict": True, "schema": schema},
            },
        }
        for attempt in range(1, self.tries + 1):
            status, reply, wait = self._post(body)
            if status == 200:
                return _answer(reply)
            if status == 400 and "response_format" in body:
                del body[
                    "response_format"
                ]  # older servers do not know schemas; the prompt asks for JSON, too
            elif status not in BUSY:
                raise NoAnswerError(f"The second reader refused the request (status {status}).")
            elif attempt < self.tries:
                self.wait(min(wait if wait is not None else 2.0**attempt, LONGEST_WAIT_SECONDS))
        raise NoAnswerError(f"The second reader is busy or out of order (status {status}).")

    def _post(self, body: Mapping[str, Any]) -> tuple[int, bytes, float | None]:
        """Return status, body and how long to wait, reading no longer and no more than is allowed."""
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        until = time.monotonic() + self.timeout_seconds
        reply = bytearray()
        try:
            with (
                httpx.Client(timeout=self.timeout_seconds, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self._url, json=body, headers=headers) as response,
            ):
                for piece in response.iter_bytes():
                    reply += piece
                    if len(reply) > LARGEST_ANSWER:
                        raise NoAnswerError("The second reader's answer is far too long.")
                    if time.monotonic() > until:
                        raise NoAnswerError("The second reader did not finish its answer in time.")
                return response.status_code, bytes(reply), _seconds(response.headers.get("retry-after"))
        except httpx.TimeoutException as error:
            raise NoAnswerError("The second reader did not answer in time.") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise NoAnswerError("The second reader could not be reached.") from error

    @property
    def _url(self) -> str:
        return f"{self.base_url.rstrip('/')}/chat/completions"


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None  # a date: our own pause will do


def _answer(reply: bytes) -> Answer:
    try:
        body = json.loads(reply)
        choice = body["choices"][0]
        text = choice["message"]["content"]
        finished = choice.get("finish_reason")
        used = (body.get("usage") or {}).get("total_tokens")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NoAnswerError("The second reader sent something that is no answer.") from error
    if not isinstance(text, str) or not text.strip():
        raise NoAnswerError("The second reader declined to answer.")
    if finished == "length":
        raise NoAnswerError("The second reader's answer broke off.")
    known = isinstance(used, int) and not isinstance(used, bool) and 0 <= used <= 10_000_000
    return Answer(text, used if known else None)
