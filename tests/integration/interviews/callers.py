"""People with the room open who press the call's button: one socket each, asked only about the call."""

import json
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from interviews.models import Interview, Role
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.interviews.sockets import open_socket

OFFER = {"description": {"type": "offer", "sdp": "v=0\r\n"}}


def room_for_a_call(candidate: User, interviewer: User, observer: User) -> Interview:
    """Return a room with all three in it and nobody in its call."""
    cache.clear()
    interview = small_room(candidate)
    seat(interview, interviewer, Role.INTERVIEWER)
    seat(interview, observer, Role.OBSERVER)
    return interview


def one_way(direction: str) -> dict[str, Any]:
    """Return the description of a browser whose two lines go in `direction`."""
    lines = "".join(f"m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\na={direction}\r\n" for kind in ("audio", "video"))
    return {"description": {"type": "answer", "sdp": f"v=0\r\n{lines}"}}


class Caller:
    """One page of one person."""

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket, self.id, self.welcome = socket, "", {}

    @classmethod
    async def arrive(cls, interview: Interview, client_of, user) -> "Caller":
        browser: Client = await database_sync_to_async(client_of)(user)
        caller = cls(open_socket(f"/ws/interviews/{interview.pk}/?after=999", browser))
        accepted, _ = await caller.socket.connect(timeout=20)
        assert accepted
        return caller

    @classmethod
    async def in_call(
        cls, interview: Interview, client_of, user, tab: str = "first-tab", *, audio: bool = True
    ) -> "Caller":
        caller = await cls.arrive(interview, client_of, user)
        await caller.join(tab, audio=audio)
        caller.welcome = await caller.hear("welcome")
        caller.id = caller.welcome["you"]
        return caller

    async def join(self, tab: str = "first-tab", *, audio: bool = True, video: bool = False) -> None:
        await self.say({"type": "call", "state": "joined", "tab": tab, "audio": audio, "video": video})

    async def say(self, message: dict[str, Any]) -> None:
        await self.socket.send_to(text_data=json.dumps(message))

    async def signal(self, to: str, data: dict[str, Any] = OFFER) -> None:
        await self.say({"type": "signal", "to": to, "data": data})

    async def hear(self, state: str) -> dict[str, Any]:
        """Return the next word about the call's `state`, or the next signal; others are passed over."""
        deadline = time.monotonic() + 20  # the room's beats go on whatever else is silent
        while True:
            assert time.monotonic() < deadline, f"not told in time: {state}"
            message = await self.socket.receive_json_from(timeout=20)
            if message["type"] == state == "signal" or (
                message["type"] == "call" and message["state"] == state
            ):
                return message

    async def sees(self, *names: str) -> list[dict[str, Any]]:
        """Wait until exactly these people are in the call, as this page is told."""
        while True:
            members = (await self.hear("members"))["members"]
            if [member["name"] for member in members] == list(names):
                return members

    async def end(self) -> int:
        """Wait until the server closes, and return the code."""
        while True:
            message = await self.socket.receive_output(timeout=20)
            if message["type"] == "websocket.close":
                await self.socket.disconnect()
                return int(message["code"])

    async def hears_no_signal(self) -> bool:
        """Whether nothing addressed to this page came before the answer to what it asks last."""
        await self.say({"type": "call", "state": "sending", "audio": False, "video": False})
        while True:
            message = await self.socket.receive_json_from(timeout=20)
            if message["type"] == "signal":
                return False
            if message["type"] == "call" and any(
                member["id"] == self.id and not member["audio"] for member in message.get("members", [])
            ):
                return True

    async def leave(self) -> None:
        await self.socket.disconnect()
