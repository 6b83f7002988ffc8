"""manage.py new_case SLUG: write the file of a new case, valid as a draft, to be filled."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casestudies.pack import DEFAULT_CONTENT, KINDS, PackError, load
from casestudies.skeleton import case_text

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Command(BaseCommand):
    help = "Writes the file of a new case: a draft that is valid, with advice where your words will stand."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="small letters, digits and single hyphens, like payment-fraud")
        parser.add_argument("--kind", choices=KINDS, default=KINDS[0])
        parser.add_argument(
            "--into", type=Path, help="a directory of cases of your own (default: the library it comes with)"
        )

    def handle(self, *args: Any, slug: str, kind: str, into: Path | None, **options: Any) -> None:
        if not SLUG.fullmatch(slug) or not 3 <= len(slug) <= 60:
            raise CommandError(
                f"`{slug}` is no slug. Write small letters, digits and single hyphens, 3 to 60 of them."
            )
        folder = into or DEFAULT_CONTENT / kind
        taken = [
            path
            for path in (*DEFAULT_CONTENT.rglob(f"{slug}.yaml"), folder / f"{slug}.yaml")
            if path.exists()
        ]
        if taken:
            raise CommandError(f"{taken[0]} is there already. Choose another slug; nothing was written.")
        file = folder / f"{slug}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(case_text(slug, kind), "utf-8")
        try:
            load(file)
        except PackError as refusal:
            file.unlink()
            raise CommandError(
                f"The new case would not be valid, so it was not written.\n{refusal}"
            ) from None
        self.stdout.write(
            f"{file} written. Change it part by part; `check_content` says what it still lacks."
        )
