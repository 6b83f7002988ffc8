"""How people reach a room: the address, and what a server wants to hear besides the messages of Yjs."""

from dataclasses import dataclass
from typing import Any

from bench.wire import Address


@dataclass(frozen=True, slots=True)
class Caller:
    """Where somebody connects, what stands before each message both ways, what is said first."""

    address: Address
    prefix: bytes = b""
    greeting: tuple[bytes, ...] = ()
    ack: int = -1  # the kind of message that says how many edits were taken; -1 when there is none

    def plan(self) -> dict[str, Any]:
        """Return this in words of JSON, for a process of people."""
        return {
            "port": self.address.port,
            "path": self.address.path,
            "headers": dict(self.address.headers),
            "prefix": self.prefix.hex(),
            "greeting": [each.hex() for each in self.greeting],
            "ack": self.ack,
        }

    @classmethod
    def from_plan(cls, plan: dict[str, Any]) -> "Caller":
        """Return what `plan` wrote down."""
        return cls(
            Address(plan["port"], plan["path"], plan["headers"]),
            bytes.fromhex(plan["prefix"]),
            tuple(bytes.fromhex(each) for each in plan["greeting"]),
            plan["ack"],
        )


Callers = list[Caller]  # the people of one room; the first three write
