"""What a browser may say about the call, read strictly. Plain Python.

Two kinds of JSON text: `{"type": "call", "state": …}` about oneself, and
`{"type": "signal", "to": …, "data": …}` for one other person in the call. Who says it is never read from it.
"""

import json
import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

LARGEST = 16_384  # bytes; a description of two streams with all its codecs is some six thousand
LONGEST_CANDIDATE = 1_000
MOST_LINES = 16  # of media in one description
ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
DIRECTION = re.compile(r"a=(sendrecv|sendonly|recvonly|inactive)(?![^: ])")
RECEIVES = ({"recvonly"}, {"inactive"})


class BadCallMessageError(ValueError):
    """The text is not what this module describes; the words say where."""


@dataclass(frozen=True)
class Joined:
    """`tab` is a word of the page's own choice: its connection keeps its id over a lost socket."""

    tab: str
    audio: bool
    video: bool


@dataclass(frozen=True)
class Left:
    pass


@dataclass(frozen=True)
class Sending:
    """What goes out from now on: sound, picture, both or neither."""

    audio: bool
    video: bool


@dataclass(frozen=True)
class Signal:
    to: str
    data: dict[str, Any]

    @property
    def only_receives(self) -> bool:
        """Whether nothing would be sent: no description, or one whose every part says that it receives.

        A part that names no direction would send, and so would data. Lines end as browsers end them.
        """
        _, *parts = re.split(r"\nm=", "\n" + self.data.get("description", {"sdp": ""})["sdp"])
        return all(_directions(part) in RECEIVES for part in parts)


Message = Joined | Left | Sending | Signal


def read(text: str | None) -> Message:
    """Return what the text says; BadCallMessageError for anything else, whatever it is."""
    if text is None:
        raise BadCallMessageError("bytes, not text")
    if len(text) > LARGEST or len(encoded(text)) > LARGEST:
        raise BadCallMessageError("too long")
    try:
        said = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadCallMessageError("not JSON") from error
    if not isinstance(said, dict):
        raise BadCallMessageError("not an object")
    if said.get("type") == "signal":
        return _signal(said)
    if said.get("type") == "call":
        return _call(said)
    raise BadCallMessageError("unknown type")


def encoded(text: str) -> bytes:
    """Return the text as bytes; half a character, which JSON can spell, is refused: no layer carries it."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadCallMessageError("half a character") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _call(said: dict[str, Any]) -> Message:
    state = said.get("state")
    if state == "joined":
        _only(said, {"type", "state", "tab", "audio", "video"})
        return Joined(_id(said["tab"]), _flag(said["audio"]), _flag(said["video"]))
    if state == "sending":
        _only(said, {"type", "state", "audio", "video"})
        return Sending(_flag(said["audio"]), _flag(said["video"]))
    if state == "left":
        _only(said, {"type", "state"})
        return Left()
    raise BadCallMessageError("unknown state")


def _signal(said: dict[str, Any]) -> Signal:
    _only(said, {"type", "to", "data"})
    data = said["data"]
    if not isinstance(data, dict) or len(data) != 1:
        raise BadCallMessageError("data is one description or one candidate")
    if "description" in data:
        return Signal(_id(said["to"]), {"description": _description(data["description"])})
    if "candidate" in data:
        return Signal(_id(said["to"]), {"candidate": _candidate(data["candidate"])})
    raise BadCallMessageError("data is one description or one candidate")


def _description(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadCallMessageError("a description is an object")
    _only(given, {"type", "sdp"})
    if given["type"] not in ("offer", "answer"):
        raise BadCallMessageError("a description is an offer or an answer")
    return {"type": given["type"], "sdp": _text(given["sdp"], LARGEST)}


def _directions(part: str) -> set[str]:
    lines = (line.removesuffix("\r") for line in part.split("\n"))
    return {found[1] for line in lines if (found := DIRECTION.match(line))}


def _candidate(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadCallMessageError("a candidate is an object")
    _only(given, {"candidate"}, {"sdpMid", "sdpMLineIndex", "usernameFragment"})
    line = given.get("sdpMLineIndex")
    if line is not None and (type(line) is not int or not 0 <= line < MOST_LINES):
        raise BadCallMessageError("a line is a small number")
    return {
        "candidate": _text(given["candidate"], LONGEST_CANDIDATE),
        "sdpMid": _text_or_none(given.get("sdpMid"), 32),
        "sdpMLineIndex": line,
        "usernameFragment": _text_or_none(given.get("usernameFragment"), 256),
    }


def _only(given: dict[str, Any], needed: Set[str], allowed: Set[str] = frozenset()) -> None:
    if not needed <= given.keys() <= needed | allowed:
        raise BadCallMessageError("other keys than these: " + ", ".join(sorted(needed | allowed)))


def _id(given: Any) -> str:
    if not isinstance(given, str) or not ID.fullmatch(given):
        raise BadCallMessageError("not an id")
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise BadCallMessageError("neither true nor false")
    return given


def _text(given: Any, longest: int) -> str:
    if not isinstance(given, str) or len(given) > longest:
        raise BadCallMessageError("not a text of that length")
    encoded(given)
    return given


def _text_or_none(given: Any, longest: int) -> str | None:
    return None if given is None else _text(given, longest)
