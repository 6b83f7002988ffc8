"""What a model answers, or why it does not."""

from dataclasses import dataclass


class NoAnswerError(Exception):
    """The model gave no answer that can be used; the message is a sentence for people."""


@dataclass(frozen=True)
class Answer:
    """What the model wrote, and the tokens it says this took (None: it does not say)."""

    text: str
    tokens: int | None
