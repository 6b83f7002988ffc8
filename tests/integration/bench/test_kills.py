"""The drill of `./run bench kills`, short: each server is killed once, on servers of the test's own."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SHORT = ("kills", "--short", "--kills", "5", "--edits", "250", "--rooms", "1", "--webs", "1", "--rate", "60")


def test_nothing_acknowledged_is_lost_or_doubled_when_each_server_is_killed():
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    ran = subprocess.run(
        [sys.executable, "-m", "bench", *SHORT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 web, 1 gate, 1 worker, 1 redis, 1 postgres" in ran.stdout
    assert int(re.search(r"edits acknowledged +([\d,]+)", ran.stdout)[1].replace(",", "")) >= 250
    assert re.search(r"lost / doubled +0 / 0$", ran.stdout, re.MULTILINE)
    assert re.search(r"pages that differ / wait +0 / 0$", ran.stdout, re.MULTILINE)
