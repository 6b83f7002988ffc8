"""manage.py score: read submissions on standard input, one a line, and write one report a line.

It reads its rubric from the content files and needs no database, broker or network.
"""

import io
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casestudies.pack import PackError, load
from casestudies.rubrics import compile_rubric
from interviews.scoring import lines
from interviews.scoring.values import Rubric
from interviews.scoring.wording import page


class Command(BaseCommand):
    help = (
        "Score designs from standard input: one JSON submission per line in, one JSON result per line out. "
        "With --case the full report for the rubric of that case."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--case", metavar="SLUG", help="score against this case and print the full report"
        )
        parser.add_argument(
            "--framework", metavar="SLUG", help="the framework of the rubric (default: seven-step)"
        )
        parser.add_argument(
            "--format", choices=("json", "text"), default="json", help="the form of the full report"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        full = bool(options["case"] or options["framework"] or options["format"] == "text")
        rubric = self.rubric(options["case"], options["framework"])
        failed = False
        given = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        for answer in lines.answer_lines(given, rubric, full=full):
            failed = failed or not answer.scored
            as_page = options["format"] == "text" and answer.scored
            self.stdout.write(page(answer.body, rubric) if as_page else lines.dumped(answer.body))
        if failed:
            # Every line has had its answer; the code tells scripts that not all could be scored.
            sys.exit(1)

    def rubric(self, case: str | None, framework: str | None) -> Rubric:
        """Return the rubric asked for; CommandError tells which case or framework there is none of."""
        if case is None and framework is None:
            return lines.generic_rubric()
        try:
            pack = load() if case else lines.bank()
            return Rubric.from_json(compile_rubric(pack, framework or lines.GENERIC_FRAMEWORK, case))
        except LookupError as error:
            raise CommandError(str(error.args[0])) from error
        except PackError as error:
            raise CommandError(f"The content cannot be read:\n{error}") from error
