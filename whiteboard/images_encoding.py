"""Uploads written anew in a process of their own: bytes of a stranger in, a sound picture or a sentence out.

The web process never decodes what people upload. It starts `images_process` for each picture, without
any of our secrets, at most two at a time, and ends it when it takes too long.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from whiteboard.images_process import LARGEST_ANSWER, LONGEST_SIDE

SECONDS_FOR_ONE = 20.0
SECONDS_TO_WAIT = 20.0
CONTENT_TYPES = {"image/png", "image/jpeg", "image/webp"}
INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
PROGRAM = Path(__file__).resolve().with_name("images_process.py")

SENTENCES = {
    "unknown": (415, "This file is not a picture that a board can show. Use a PNG, JPEG, WebP or GIF."),
    "animated": (422, "Animated pictures cannot be on a board. Save one of its frames and add that."),
    "pixels": (422, "This picture has more than 40 million pixels. Make it smaller and add it again."),
    "broken": (422, "This picture is damaged or cut off. Save it anew and add it again."),
    "costly": (422, "This picture took too much time or memory to open. Save it anew and add it again."),
    "busy": (503, "Too many pictures are being added just now. Nothing is lost; try again in a moment."),
}
_slots = threading.BoundedSemaphore(2)


class ImageRefusedError(ValueError):
    """A picture may not be on a board; the text is a sentence for people, `status` the one of HTTP."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we encoded it."""

    content_type: str
    width: int
    height: int
    data: bytes


def refusal(word: str) -> ImageRefusedError:
    """Return the error for one of the words of SENTENCES."""
    status, sentence = SENTENCES[word]
    return ImageRefusedError(sentence, status)


def encode(upload: bytes) -> Picture:
    """Return an upload as a picture of ours; ImageRefusedError says why it cannot be one."""
    if not _slots.acquire(timeout=SECONDS_TO_WAIT):
        raise refusal("busy")
    try:
        return _read(_answer_to(upload))
    finally:
        _slots.release()


def _answer_to(upload: bytes) -> bytes:
    """Return what the process says to an upload.

    Files, not pipes: nobody waits for anybody, and the process cannot write more than it may.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
        given.write(upload)
        given.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM)],
            stdin=given,
            stdout=made,
            stderr=subprocess.DEVNULL,
            cwd="/",
            # Nothing of our secrets: this is the process that reads what strangers send.
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
        )
        try:
            code = child.wait(SECONDS_FOR_ONE)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            child.kill()
            child.wait()
        if code != 0:
            raise refusal("costly")
        made.seek(0)
        return made.read(LARGEST_ANSWER)


def _read(answer: bytes) -> Picture:
    """Return the picture in an answer, believing nothing of it: a decoder may have been led astray."""
    text, _, data = answer.partition(b"\n")
    try:
        head = json.loads(text)
        word = head.get("refused")
        if word in SENTENCES:
            raise refusal(word)
        picture = Picture(head["content_type"], head["width"], head["height"], data)
    except (AttributeError, KeyError, TypeError, json.JSONDecodeError, RecursionError):
        raise refusal("costly") from None
    sides_are_sound = all(
        type(side) is int and 1 <= side <= LONGEST_SIDE for side in (picture.width, picture.height)
    )
    if picture.content_type not in CONTENT_TYPES or not sides_are_sound or not data:
        raise refusal("costly")
    return picture
