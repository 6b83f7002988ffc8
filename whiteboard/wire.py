"""uvicorn's websocket with a short way through for boards: bytes in, bytes out, no task in between.

`uvicorn --ws whiteboard.wire:Wire`. Everything is uvicorn's own until a consumer asks to `listen`;
from then on each binary message is read here and given to it at once. Through ASGI a message costs a
queue, a dict, a task's turn and two system calls that stop and start reading. What is not one whole
binary message (a ping, a close, words, pieces) still goes to uvicorn's reader, frame by frame.
"""

import contextlib
import logging
from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask

from whiteboard.intake import Intake

EXTENSION = "mockboard.wire"
SECONDS_TO_GO = 1.0
_WHOLE_BINARY = 0x82
_quiet = logging.getLogger("websockets.server")


class Listener(Protocol):
    """Who hears the messages of one socket."""

    def heard(self, message: bytes) -> None:
        """Take one binary message."""

    def heard_other(self, size: int) -> None:
        """Take note of a frame that is none: a ping, words, a piece."""


class Wire(WebSocketsSansIOProtocol):
    """One websocket of uvicorn's."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.conn.logger = _quiet  # uvicorn says itself who has come; "connection open" adds nothing to that
        self.is_behind = False  # the browser takes less than it is sent
        self._listener: Listener | None = None
        self._held = False
        self._in_pieces = False
        self._left = bytearray()  # of a frame that has not come whole, or that came while held
        self._wanted = 0  # how much of it has to be there before it is looked at again
        self._intake: Intake | None = None
        self._number = -1

    # -- for the consumer ----------------------------------------------------------------------

    def listen(self, listener: Listener) -> None:
        """Give messages to `listener` from now on, beginning with `resume`."""
        self._listener = listener
        self.hold()

    def hold(self) -> None:
        """Take nothing more in: what the browser sends waits with the browser."""
        if not self._held and not self.transport.is_closing():
            self._held = True
            if self._intake is None:
                self.transport.pause_reading()
            else:
                self._intake.remove(self)

    def resume(self, intake: Intake | None = None) -> None:
        """Go on after `hold`, with what had come already; from now on by way of `intake`, if one is given."""
        if not self._held:
            return
        self._held = False
        if self._left:
            self._read_left()
        if self._held or self.transport.is_closing():
            return
        if intake is not None and self.transport.get_extra_info("sslcontext") is None:
            self._intake = intake
            self._number = self.transport.get_extra_info("socket").fileno()
        if self._intake is None:
            self.transport.resume_reading()
        else:
            self._intake.add(self)

    def fileno(self) -> int:
        """Return the number of the socket, for the intake."""
        return self._number

    def give_back(self) -> None:
        """Let the transport read itself again."""
        if self._intake is not None:
            self._intake.remove(self)
            self._intake = None
            if not self._held and not self.transport.is_closing():
                self.transport.resume_reading()

    def cut(self) -> None:
        """Read nothing more and be gone in a second, though the browser may neither read nor stop sending."""
        self.hold()
        self.loop.call_later(SECONDS_TO_GO, self.transport.abort)

    def abort(self, code: int) -> None:
        """Drop the connection, with all that still waits to be read."""
        with contextlib.suppress(Exception):
            self.transport.write(b"\x88\x02" + code.to_bytes(2, "big"))
        self.transport.abort()

    # -- what comes in -------------------------------------------------------------------------

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # else it was no handshake, and nobody was called
            extensions: dict[Any, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def data_received(self, data: bytes) -> None:
        if self._listener is None:
            super().data_received(data)
        elif self._left or self._held:
            self._left += data
            if not self._held and len(self._left) >= self._wanted:
                self._read_left()
        else:
            read = self._read(data, self._listener)
            if read < len(data):
                self._left += data[read:]

    def _read_left(self) -> None:
        assert self._listener is not None
        data = bytes(self._left)
        self._left.clear()
        read = self._read(data, self._listener)
        self._left[:0] = data[read:]

    def _read(self, data: bytes, listener: Listener) -> int:
        """Take whole frames from the start of `data` (RFC 6455 §5.2) and return where the rest starts."""
        at, size = 0, len(data)
        self._wanted = 0
        while not self._held and not self.close_sent:
            if size - at < 2:
                return at
            first, length, start = data[at], data[at + 1] - 0x80, at + 6
            if length >= 0x7E:
                start += 2 if length == 0x7E else 8
                if size < start:
                    return at
                length = int.from_bytes(data[at + 2 : start - 4], "big")
            if not 0 <= length <= self.config.ws_max_size:
                break  # not masked, or too large
            end = start + length
            if end > size:
                self._wanted = end - at
                return at
            if first == _WHOLE_BINARY and not self._in_pieces:
                listener.heard(apply_mask(data[start:end], data[start - 4 : start]))
            else:
                if not first & 0x08:
                    self._in_pieces = not first & 0x80
                # The bytes of a message in pieces count once, when it is whole.
                kind = first & 0x0F
                is_piece = kind == 2 or (not kind and self.curr_msg_data_type == "bytes")
                listener.heard_other(0 if is_piece else length)
                super().data_received(data[at:end])
            at = end
        if self._held:
            return at
        super().data_received(data[at:])  # it answers what is wrong, and waits for the browser's own close
        return size

    def send_receive_event_to_app(self) -> None:
        if self._listener is None:
            super().send_receive_event_to_app()
            return
        message = b"".join(self.frames)
        self.frames = []
        if self.curr_msg_data_type == "bytes" and not self.close_sent:
            self._listener.heard(message)

    # -- the end -------------------------------------------------------------------------------

    def connection_lost(self, exc: Exception | None) -> None:
        if self._intake is not None:
            self._intake.remove(self)
            self._intake = None
        super().connection_lost(exc)

    def shutdown(self) -> None:
        super().shutdown()  # says 1012
        # A browser that does not read what still waits for it holds up nobody.
        self.loop.call_later(SECONDS_TO_GO, self.transport.abort)

    # -- what goes out -------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_behind = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.is_behind = False

    @property
    def waiting(self) -> int:
        """How many bytes the browser has not taken yet, beyond what the kernel holds."""
        return int(self.transport.get_write_buffer_size())


def wire_of(scope: Any) -> Wire | None:
    """Return the wire a socket came by, None under another server or in a test."""
    wire = scope.get("extensions", {}).get(EXTENSION)
    return wire if isinstance(wire, Wire) else None
