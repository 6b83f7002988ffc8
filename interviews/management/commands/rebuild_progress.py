from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from interviews.progress import recording


class Command(BaseCommand):
    help = "Make the rows that progress is read from again, from interviews and scorecards. Safe at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", metavar="USERNAME", help="only this person's")

    def handle(self, *args: Any, **options: Any) -> None:
        person = None
        if options["person"]:
            person = User.objects.filter(username=options["person"]).first()
            if person is None:
                raise CommandError(f"There is nobody called {options['person']}.")
        count = recording.rebuild(person)
        self.stdout.write(f"{count} {'attempt' if count == 1 else 'attempts'} counted again.")
