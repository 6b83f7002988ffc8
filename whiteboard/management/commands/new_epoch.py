from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F

from whiteboard import wakeups
from whiteboard.models import Board


class Command(BaseCommand):
    help = (
        "Say that boards have another history from now on, because a backup was put back. Pages that are "
        "still open keep a copy of their drawing and load the board anew, and write nothing of before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("boards", nargs="*", metavar="BOARD", help="ids of boards")
        parser.add_argument("--all", action="store_true", help="all boards there are")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["boards"]) == options["all"]:
            raise CommandError("Name boards, or say --all.")
        boards = Board.objects.all()
        if not options["all"]:
            try:
                boards = boards.filter(pk__in=options["boards"])
            except ValidationError:
                raise CommandError("The id of a board stands in the address of its socket.") from None
            if boards.count() != len(set(options["boards"])):
                raise CommandError("Not all of these boards are there; nothing was changed.")
        with transaction.atomic():
            count = boards.update(epoch=F("epoch") + 1)
            transaction.on_commit(wakeups.boards_replaced, robust=True)
        self.stdout.write(f"{count} {'board has' if count == 1 else 'boards have'} a new epoch.")
