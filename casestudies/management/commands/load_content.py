"""manage.py load_content [PATH]: bring the library up to the content files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from casestudies.loading import load_pack
from casestudies.pack import DEFAULT_CONTENT, Pack, PackError, load


class Command(BaseCommand):
    help = "Validates content files and loads them into the library; on any error nothing is changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=DEFAULT_CONTENT,
            help="a content tree, a directory of cases, or one file (default: the library it comes with)",
        )
        parser.add_argument("--check", action="store_true", help="validate only; needs no database")

    def handle(self, *args: Any, path: Path, check: bool, **options: Any) -> None:
        try:
            pack = load(path)
        except PackError as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            count = len(refusal.problems)
            raise CommandError(f"{count} problem{'s' * (count != 1)} found. Nothing was changed.") from None
        if check:
            self.stdout.write(f"{contents(pack)}: all valid.")
            return
        try:
            changes = load_pack(pack)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(f"{contents(pack)}. {changes.summary()}")


def contents(pack: Pack) -> str:
    """Return what a pack holds, in one phrase."""
    return ", ".join(
        (
            f"{len(pack.cases)} case{'s' * (len(pack.cases) != 1)}",
            f"{len(pack.frameworks)} framework{'s' * (len(pack.frameworks) != 1)}",
            f"{len(pack.criteria)} criteria",
            f"{len(pack.guide)} page{'s' * (len(pack.guide) != 1)} of the guide",
        )
    )
