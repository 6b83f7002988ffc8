"""As whom the embedded servers run: PostgreSQL refuses to be root, and initdb wants its user to be known."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack.say import Trouble

LAUNCH = Path(__file__).with_name("launch.py")
NOBODY = 65534
# Numbers of <linux/capability.h>: look into any folder; where a container lacks that one, write there too.
CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE = 2, 1


@dataclass(frozen=True)
class Way:
    """How devstack.launch changes who it is before it becomes a server; `uid` owns the files on disk."""

    spec: str
    uid: int

    def argv(self, death_signal: int) -> list[str]:
        """Return what to put before a command so that it runs this way and dies with us."""
        return [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(death_signal)), self.spec]

    def reaches(self, files: list[Path], folder: Path) -> bool:
        """Say whether someone who goes this way can read the files and write in the folder."""
        command = [*self.argv(9), "probe", *map(str, files), str(folder)]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd="/").returncode == 0


def plain() -> Way:
    """Return the way that changes nothing."""
    return Way("plain", os.geteuid())


def mapped() -> Way:
    """Return the way through a user namespace: another number, the same files."""
    return Way(f"map:{NOBODY}:{NOBODY}", os.geteuid())


def become(uid: int, gid: int, capability: int | None = None) -> Way:
    """Return the way to another user, for root only."""
    return Way(f"become:{uid}:{gid}:{'' if capability is None else capability}", uid)


def has_a_name(uid: int) -> bool:
    """Say whether the system's user list knows `uid`; in some containers it does not."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def choose(folder: Path, programs: list[Path]) -> Way:
    """Return the way in which servers can run `programs` and keep their files in `folder`, which exists.

    Files of an earlier start keep their owner. When root starts us, `folder` may be given to another user.
    """
    if os.geteuid() != 0:
        if sys.platform == "linux" and not has_a_name(os.geteuid()) and mapped().reaches(programs, folder):
            return mapped()
        return plain()
    owner = folder.stat()
    if owner.st_uid == 0:
        if sys.platform == "linux" and mapped().reaches(programs, folder):
            return mapped()
        give(folder, NOBODY, NOBODY)
        owner = folder.stat()
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)  # to pass through; what is inside stays closed
    capabilities = (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if sys.platform == "linux" else (None,)
    for capability in capabilities:
        way = become(owner.st_uid, owner.st_gid, capability)
        if way.reaches(programs, folder):
            return way
    raise Trouble(
        f"PostgreSQL may not run as root, and no other user can reach {folder} and {programs[0]}. "
        "Start Mockboard as an ordinary user, or move it to a folder that everybody may enter."
    )


def give(folder: Path, uid: int, gid: int) -> None:
    """Make a user the owner of a folder and of all in it."""
    for path, _, names in os.walk(folder, topdown=False):
        for name in names:
            os.chown(os.path.join(path, name), uid, gid, follow_symlinks=False)
        os.chown(path, uid, gid)
