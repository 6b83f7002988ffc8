"""One browser's line to the call: what it says is checked and passed on; what it should know is told."""

import asyncio
import contextlib
import json
import logging
import time
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils.crypto import salted_hmac

from interviews import events
from interviews.calls import messages, roster
from interviews.calls.messages import BadCallMessageError, Joined, Left, Sending, Signal
from interviews.calls.pace import Bucket
from interviews.calls.roster import Place, Roster

log = logging.getLogger(__name__)
# Three others, a dozen addresses each, descriptions on top: all at once when somebody joins.
TOKENS = 150
TOKENS_PER_SECOND = 15
BYTES_PER_TOKEN = 2048
FAN_OUT = 4  # more for what everybody in the room hears of
BAD_MESSAGE = 4422
TOO_FAST = 4429
RENEW_EVERY = 3  # checks of rights, which come every second and a half
LOOK_EVERY = 5


class Line:
    """The call as one socket of the room knows it. The roster is the truth; it only knows its own place."""

    def __init__(self, socket: AsyncWebsocketConsumer, interview_id: UUID, user_id: int) -> None:
        self.socket, self.interview_id, self.user_id = socket, interview_id, user_id
        self.tab = ""
        self.place: Place | None = None
        self.told: list[dict[str, Any]] | None = []  # an empty call need not be announced
        self.cut = False
        self.turn = 0
        self.pace = Bucket.full(TOKENS, TOKENS_PER_SECOND, time.monotonic())
        self.busy = asyncio.Lock()

    async def hear(self, text: str | None, data: bytes | None) -> None:
        """Do what one message asks for; one that nobody's page sends ends the socket."""
        if self.cut:
            return
        size = len(text.encode(errors="replace")) if text is not None else len(data or b"")
        if not self.pace.take(1 + size / BYTES_PER_TOKEN, time.monotonic()):
            return await self.end(TOO_FAST)
        try:
            said = messages.read(text)
        except BadCallMessageError as error:
            log.info("room %s: a message about the call was refused: %s", self.interview_id, error)
            return await self.end(BAD_MESSAGE)
        if not isinstance(said, Signal) and not self.pace.take(FAN_OUT, time.monotonic()):
            return await self.end(TOO_FAST)
        try:
            async with self.busy:
                await self.do(said)
        except Exception:  # the cache or the layer is away: the room goes on without a call
            log.exception("the call of room %s could not be reached", self.interview_id)
            with contextlib.suppress(Exception):
                await self.say("unreachable")

    async def do(self, said: messages.Message) -> None:
        if isinstance(said, Joined):
            await self.join(said)
        elif self.place is None:
            return  # says something about a call it has just dropped out of
        elif isinstance(said, Signal):
            await self.pass_on(said)
        elif isinstance(said, Sending):
            await self.change(said)
        elif isinstance(said, Left):
            await self.leave()

    async def join(self, said: Joined) -> None:
        """Take a place, or say why not. Whoever is in the call from another page moves here."""
        self.tab = said.tab
        before = await self.held()
        kept = before is not None and before.connection == self.connection_of(before.joined, before.listens)
        await self.enter(
            before.joined if before is not None and kept else time.time(), said.audio, said.video
        )

    async def enter(self, joined: float, audio: bool, video: bool) -> None:
        self.place = None
        before = await self.roster()
        if self.user_id not in before.allowed:
            return await self.say("refused")
        listens = self.user_id in before.listeners
        if listens and (audio or video):
            return await self.refuse_to_hear()
        connection = self.connection_of(joined, listens)
        self.place = Place(connection, self.socket.channel_name, joined, audio, video, listens)
        await self.keep()
        now = await self.roster()
        if now.of(self.user_id) is None:
            await self.leave()
            return await self.say("full" if now.is_full_for(self.user_id) else "refused")
        self.told = now.shown_to(self.user_id)
        await self.announce()  # before the others hear from this page, they know of it
        await self.say("welcome", you=connection, ice=self.ice(), members=self.told)

    async def refuse_to_hear(self) -> None:
        """Put out an observer's page that wants to be heard: the others were told that it only listens."""
        await self.leave()
        await self.say("listener")

    def connection_of(self, joined: float, listens: bool) -> str:
        """Return this page's id: the same over a lost socket while its place is kept, never anybody else's.

        Once the place was given up the others have let go of their connections, and there must be a new id.
        """
        about = json.dumps([str(self.interview_id), self.user_id, self.tab, joined, listens])
        return salted_hmac("interviews.calls", about, algorithm="sha256").hexdigest()[:20]

    def ice(self) -> dict[str, Any]:
        configuration: dict[str, Any] = settings.ICE_SERVERS.configuration(str(self.user_id))
        return configuration

    async def change(self, said: Sending) -> None:
        before = await self.held()
        if before is None:
            return await self.enter(time.time(), said.audio, said.video)
        if before.listens and (said.audio or said.video):
            return await self.refuse_to_hear()
        if before.channel == self.socket.channel_name:
            await self.keep(audio=said.audio, video=said.video)
            await self.announce()

    async def pass_on(self, said: Signal) -> None:
        """Hand a message to one person in this call, with who it is from as the database says."""
        now = await self.roster()
        mine, other = now.of(self.user_id), now.at(said.to)
        if mine is None or other is None or mine.place.channel != self.socket.channel_name or mine == other:
            return
        if mine.place.listens and (other.place.listens or not said.only_receives):
            return
        message = {"type": "call.signal", "to": said.to, "from": mine.sender(), "data": said.data}
        await self.socket.channel_layer.send(other.place.channel, message)

    async def hand_over(self, message: dict[str, Any]) -> None:
        """Give the browser what somebody in the call sent to it."""
        if self.cut or self.place is None or message["to"] != self.place.connection:
            return
        told = {"type": "signal", "from": message["from"], "data": message["data"]}
        await self.socket.send(text_data=json.dumps(told))

    async def look(self, *, renew: bool = False) -> None:
        """See who is in the call, tell the browser if that has changed, and notice that one is out of it."""
        if self.cut:
            return
        try:
            async with self.busy:
                await self.see(await self.roster())
                if renew and self.place is not None:
                    await self.keep()
        except Exception:
            log.warning("the call of room %s could not be read", self.interview_id, exc_info=True)

    async def see(self, now: Roster) -> None:
        mine = now.of(self.user_id)
        if self.place is not None and (mine is None or mine.place.channel != self.socket.channel_name):
            why = self.why_out(now)
            if why is None:  # the cache was emptied, and the others may have let go already
                return await self.enter(time.time(), self.place.audio, self.place.video)
            await self.drop_out(why)
        shown = now.shown_to(self.user_id)
        if shown != self.told:
            self.told = shown
            await self.say("members", members=shown)

    def why_out(self, now: Roster) -> str | None:
        """Return why this page is out of the call, though it has not left; None when it need not be."""
        assert self.place is not None
        if self.user_id not in now.allowed:
            return "ended"
        if now.of(self.user_id) is not None:
            return "elsewhere"
        if self.place.listens != (self.user_id in now.listeners):
            return "ended"  # speaking and listening are not the same thing to agree to
        return "full" if now.is_full_for(self.user_id) else None

    async def tick(self) -> None:
        """Keep the place, and look whether a word about others was lost; called at each check of rights."""
        self.turn += 1
        if self.place is None and self.turn % LOOK_EVERY:
            return
        await self.look(renew=self.turn % RENEW_EVERY == 0)

    async def hang_up(self, *, wait: bool) -> None:
        """The socket has closed: free the place, unless the page is waited for."""
        self.cut = True
        if self.place is None:
            return
        try:
            if not wait:  # else the place lasts some more seconds, for a page that comes back
                await self.give_up()
                await self.announce()
        except Exception:
            log.warning("the call of room %s could not be left", self.interview_id, exc_info=True)

    async def leave(self) -> None:
        await self.give_up()
        self.place = None
        await self.announce()

    async def drop_out(self, why: str) -> None:
        await self.give_up()
        self.place = None
        self.told = None  # what the page knew was of the call it was in
        await self.say(why)

    async def keep(self, **changes: bool) -> None:
        assert self.place is not None
        self.place = Place(**{**vars(self.place), **changes})
        await database_sync_to_async(roster.keep)(self.interview_id, self.user_id, self.place)

    async def give_up(self) -> None:
        channel = self.socket.channel_name
        await database_sync_to_async(roster.give_up)(self.interview_id, self.user_id, channel)

    async def held(self) -> Place | None:
        return await database_sync_to_async(roster.held)(self.interview_id, self.user_id)

    async def roster(self) -> Roster:
        return await database_sync_to_async(roster.read)(self.interview_id)

    async def announce(self) -> None:
        """Have everybody in the room look who is in the call."""
        group = events.group_of(self.interview_id)
        await self.socket.channel_layer.group_send(group, {"type": "call.changed"})

    async def say(self, state: str, **more: Any) -> None:
        await self.socket.send(text_data=json.dumps({"type": "call", "state": state, **more}))

    async def end(self, code: int) -> None:
        self.cut = True
        await self.hang_up(wait=False)
        await self.socket.close(code=code)


class OnCall:
    """What the room's socket needs for the call: its line, and the words that reach it from other sockets."""

    line: Line | None = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Everything else that a person does goes over HTTP, where refusals have words."""
        if self.line is not None:
            await self.line.hear(text_data, bytes_data)

    async def call_changed(self, message: dict[str, Any]) -> None:
        if self.line is not None:
            await self.line.look()

    async def call_signal(self, message: dict[str, Any]) -> None:
        if self.line is not None:
            await self.line.hand_over(message)
