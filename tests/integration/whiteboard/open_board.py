# ruff: noqa: E402  (Django must be set up before the rest is imported)
"""The board socket without interviews: who may do what is written in the address.

Also an ASGI application of its own, for tests with a real server: `python -m config.web --app …`.
"""

import os
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from asgiref.sync import sync_to_async
from channels.routing import ProtocolTypeRouter
from django.db import connection

from whiteboard.consumers import BoardConsumer
from whiteboard.lifespan import lifespan
from whiteboard.models import Board
from whiteboard.presence import Person
from whiteboard.protocol import Close
from whiteboard.room import Admission, Right


def _board(board_id: str) -> Board | None:
    try:
        return Board.objects.filter(pk=board_id).first()
    finally:
        connection.close()  # channels.testing keeps Channels from doing so


class OpenBoardConsumer(BoardConsumer):
    """Lets in whoever the address says: ?board=…&as=ana&right=write."""

    revoked: set[str] = set()
    read_only: set[str] = set()

    async def admit(self) -> Admission | Close | None:
        asked = {name: values[0] for name, values in parse_qs(self.scope["query_string"].decode()).items()}
        name = asked.get("as", "ana")
        if name in self.revoked or name == "stranger":
            return Close.MAY_NOT
        board = await sync_to_async(_board, thread_sensitive=False)(asked["board"])
        if board is None:
            return None
        right = Right.READ if name in self.read_only else Right(asked.get("right", "write"))
        person = Person(name, name.title(), "candidate", "#2456d6")
        return Admission(board.pk, board.epoch, right, person, head=board.seq)


application = ProtocolTypeRouter({"websocket": OpenBoardConsumer.as_asgi(), "lifespan": lifespan()})
