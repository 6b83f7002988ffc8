from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from interviews import made_history


class Command(BaseCommand):
    help = "Make interviews up that nobody held, for looking at progress and for measuring it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--person", metavar="NAME", help="e-mail address or username of an account")
        who.add_argument(
            "--people", type=int, metavar="N", help="N new accounts nobody can sign in to, for a group"
        )
        parser.add_argument("--interviews", type=int, default=30, help="for each (default 30)")
        parser.add_argument("--days", type=int, default=365, help="over how many days up to now")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another history")

    def handle(self, *args: Any, **options: Any) -> None:
        count, days = options["interviews"], options["days"]
        if not (1 <= count <= 5000 and 1 <= days <= 3650 and (options["people"] or 1) in range(1, 1001)):
            raise CommandError("At most 5,000 interviews for each of 1,000 people, over at most 3,650 days.")
        partner = made_up("partner")
        library = made_history.Library.load()
        if not library.cases:
            raise CommandError("The library is empty. Run load_content first.")
        for person in self.people(options):
            made_history.make(
                person,
                count,
                until=timezone.now(),
                days=days,
                seed=options["seed"],
                partner=partner,
                library=library,
            )
            self.stdout.write(f"{person.username}: {count} interviews made up.")

    def people(self, options: dict[str, Any]) -> list[User]:
        if options["people"]:
            return [made_up(f"{number:03}") for number in range(1, options["people"] + 1)]
        name = options["person"]
        person = User.objects.filter(email__iexact=name).first() or User.objects.filter(username=name).first()
        if person is None:
            raise CommandError(f"There is nobody called {name}. Give an e-mail address or a username.")
        return [person]


def made_up(name: str) -> User:
    """Return an account that nobody signs in with."""
    person, _ = User.objects.get_or_create(
        username=f"made-up-{name}",
        defaults={"display_name": f"Made up {name}", "is_active": False, "password": "!"},
    )
    return person
