"""manage.py export_content PATH: write the library of the database as content files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casestudies import exporting
from casestudies.pack import kind_of
from casestudies.written import in_key_order, key_order, to_yaml


class Command(BaseCommand):
    help = "Writes the library as content files; load_content of them changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a directory that is empty or not there yet")
        parser.add_argument(
            "--pack", metavar="NAME", help="only the cases of this pack, into PATH/NAME (default: everything)"
        )

    def handle(self, *args: Any, path: Path, pack: str | None, **options: Any) -> None:
        root = path / pack if pack else path
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise CommandError(f"{root} is not an empty directory. Choose another; nothing is overwritten.")
        written = list(exporting.cases(pack) if pack else exporting.whole())
        if pack and not written:
            raise CommandError(f"There is no case in the pack `{pack}`. Nothing was written.")
        for name, document in written:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            ranks = key_order(kind_of(file, document))
            file.write_text(to_yaml(in_key_order(document, ranks)), "utf-8")
        count = len(written)
        self.stdout.write(f"{count} file{'s' * (count != 1)} written to {root}.")
