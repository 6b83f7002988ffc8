"""`python -m bench NAME …`: one of the commands below, against servers of a scratch database."""

import importlib
import sys

# name → the module with main(arguments) -> exit code, and what it does in a line
COMMANDS = {
    "compare": ("bench.compare", "ours beside y-websocket and Hocuspocus: the table of docs/performance.md"),
    "load": ("bench.load", "people who draw, point and type against ours alone: CPU and delivery times"),
    "joins": ("bench.joins", "twenty people who open a board of 10,000 updates at once"),
    "kills": ("bench.kills", "edits shown as saved, and fifty kill -9"),
    "histories": ("bench.histories", "random histories with drops, reordering, restarts, two processes"),
    "hostile": ("bench.hostile", "mutated and hostile frames"),
    "replay": ("bench.replay", "the scene at any moment: right, and how fast"),
    "soak": ("bench.soak", "many rooms for a long time: delays and memory"),
    "cards": ("bench.cards", "exactly one scorecard each, with workers killed and queues thrown away"),
    "rights": ("bench.rights", "how soon rights end"),
}


def usage() -> str:
    """Return what can be asked for."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {line}" for name, (_, line) in COMMANDS.items()]
    return "\n".join(
        [
            "./run bench [NAME] [OPTIONS]    (without a name: compare; --help after a name: its options)",
            *lines,
        ]
    )


def main(arguments: list[str]) -> int:
    """Run the command named first, `compare` if none is, and return its exit code."""
    if arguments and arguments[0] in ("help", "-h", "--help"):
        print(usage())
        return 0
    name, rest = (
        ("compare", arguments)
        if not arguments or arguments[0].startswith("-")
        else (arguments[0], arguments[1:])
    )
    if name not in COMMANDS:
        print(f"bench knows no “{name}”.\n\n{usage()}", file=sys.stderr)
        return 2
    if sys.platform != "linux":
        print("The bench reads /proc, so it needs Linux.", file=sys.stderr)
        return 2
    return int(importlib.import_module(COMMANDS[name][0]).main(rest))


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
