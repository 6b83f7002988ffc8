"""The servers that are measured: how they are reached, and what they are installed from."""

import json

from bench.callers import Caller
from bench.node_servers import SOURCES, Hocuspocus
from bench.wire import Address
from devstack import lockfile, node
from whiteboard import protocol


def test_the_other_servers_are_pinned_by_hash_and_by_no_address():
    assert lockfile.node_problems(SOURCES / "package.json", SOURCES / "package-lock.json") == []


def test_all_servers_use_the_yjs_of_our_pages():
    ours = json.loads((node.FRONTEND / "package.json").read_text())["dependencies"]
    theirs = json.loads((SOURCES / "package.json").read_text())["dependencies"]
    assert {name: theirs[name] for name in ("yjs", "y-protocols")} == {
        name: ours[name] for name in ("yjs", "y-protocols")
    }


def test_how_somebody_is_reached_survives_the_way_to_another_process():
    caller = Caller(Address(80, "/room", {"Cookie": "a=b"}), b"\x04room", (b"\x01", b""), 8)
    assert Caller.from_plan(json.loads(json.dumps(caller.plan()))) == caller


def test_hocuspocus_is_told_the_room_in_each_message_and_a_token_first():
    server = Hocuspocus.__new__(Hocuspocus)
    server.port = 1
    caller = server.caller("room")
    assert protocol.read_string(caller.prefix, 0) == ("room", len(caller.prefix))
    assert caller.greeting[0].startswith(caller.prefix + b"\x02\x00")
