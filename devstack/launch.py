"""Become another program that dies with the one that started it.

Run as a script: `launch.py PARENT SIGNAL WAY PROGRAM [ARGUMENT …]`. WAY says as whom (see devstack.ways):
`plain`, `map:UID:GID` or `become:UID:GID:CAPABILITY`. With `probe` for PROGRAM nothing is started: the
exit code says whether the files named next can be read and a file made in the folder named last.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWUSER = 0x10000000


def libc_call(name: str, *arguments: object) -> None:
    """Call a function of the C library; OSError when it says no."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def map_to(uid: int, gid: int) -> None:
    """Enter a user namespace in which we are called `uid`, and own all we owned outside it."""
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    libc_call("unshare", CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),  # the kernel asks for this before it takes a gid_map
        ("uid_map", f"{uid} {outside_uid} 1"),
        ("gid_map", f"{gid} {outside_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def become(uid: int, gid: int, capability: int | None) -> None:
    """Change to another user, keeping one capability (by number) across the exec that follows."""
    if capability is not None:
        # Keeps capabilities across the change of user, and lets access(2), which PostgreSQL's programs ask
        # about their own files, take them into account (capabilities(7), "The securebits flags").
        libc_call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        bits = 1 << capability
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        libc_call("capset", header, (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0))
        libc_call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def switch(way: str) -> None:
    """Become whom `way` names."""
    kind, *values = way.split(":")
    if kind == "map":
        map_to(int(values[0]), int(values[1]))
    elif kind == "become":
        become(int(values[0]), int(values[1]), int(values[2]) if values[2] else None)


def probe(files: list[str], folder: str) -> None:
    """Read each file and write in `folder`, or raise OSError.

    os.access would not do: it leaves capabilities out of account.
    """
    for name in files:
        os.close(os.open(name, os.O_RDONLY))
    trial = os.path.join(folder, f".probe-{os.getpid()}")
    os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(trial)


def main(parent: int, death_signal: int, way: str, command: list[str]) -> None:
    """Switch, tie our life to the parent's, and become the command; comes back only from a probe."""
    switch(way)
    if command[0] == "probe":
        return probe(command[1:-1], command[-1])
    if sys.platform == "linux":
        # After the switch, because a change of user clears it. Elsewhere devstack.guard does this alone.
        libc_call("prctl", PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)
    os.execv(command[0], command)  # a full path: what a search would import may be out of reach now


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
    except OSError as problem:
        sys.exit(f"{sys.argv[4]}: {problem}")
