"""A mail server that answers as told, in place of one over the network."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "tests.factories.mail_server.Line"


class Line(BaseEmailBackend):
    """A line to the server. `answer` is asked before each mail, and raises what smtplib would."""

    taken: ClassVar[list[EmailMessage]] = []
    tried: ClassVar[list[str]] = []
    opened: ClassVar[int] = 0
    away: ClassVar[Exception | None] = None
    answer: ClassVar[Callable[[str], None]]

    @classmethod
    def up(cls, answer: Callable[[str], None] = lambda to: None) -> None:
        cls.taken, cls.tried, cls.opened, cls.away = [], [], 0, None
        cls.answer = staticmethod(answer)  # type: ignore[assignment]

    def open(self) -> bool:
        if Line.away is not None:
            raise Line.away
        Line.opened += 1
        return True

    def send_messages(self, letters: Sequence[EmailMessage]) -> int:
        for letter in letters:
            if Line.away is not None:
                raise Line.away
            Line.tried.append(letter.to[0])
            Line.answer(letter.to[0])
            letter.message()
            Line.taken.append(letter)
        return len(letters)
