import gc
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client

from accounts.models import User
from interviews.progress import rows
from whiteboard.lifespan import GARBAGE_AFTER

ADDRESSES = (
    "/progress/", "/progress/?period=3m", "/progress/ask/?metric=level&by=dimension",
    "/progress/attempts.csv", "/",
)  # fmt: skip


class Command(BaseCommand):
    help = "Ask for the pages of somebody's progress some times and print what they cost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", metavar="NAME", required=True, help="a username")
        parser.add_argument("--times", type=int, default=20)
        parser.add_argument("addresses", nargs="*", help="other pages than those of progress")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["person"]).first()
        if person is None or options["times"] < 3:
            raise CommandError("Name somebody who is there, and at least three times.")
        client = Client(
            headers={"host": settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"}
        )
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.stdout.write(
            "| page | queries | first look, ms | … least | again, ms | … least | processor | kB |"
        )
        self.stdout.write("|---|---:|---:|---:|---:|---:|---:|---:|")
        for address in options["addresses"] or ADDRESSES:
            self.stdout.write(self.row(client, address, options["times"]))

    def row(self, client: Client, address: str, times: int) -> str:
        """Return a line of the table: medians, and the least, of a first look after a change and of a next.

        The first two requests only warm up. Processor is the time of this process in a next look.
        """
        queries = 0

        def count(execute: Any, *args: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*args)

        firsts: list[float] = []
        walls: list[float] = []
        cores: list[float] = []
        size = 0
        for number in range(2 * times + 2):
            if number == 2:  # as the web server does when it has started (whiteboard.lifespan)
                gc.collect()
                gc.freeze()
                gc.set_threshold(*GARBAGE_AFTER)
            is_first = number % 2 == 0
            if is_first:
                rows.history.cache_clear()
            queries, wall, core = 0, time.perf_counter(), time.process_time()
            with connection.execute_wrapper(count):
                answer = client.get(address)
            if answer.status_code != 200:
                raise CommandError(f"{address} answered {answer.status_code}.")
            size = len(answer.content)
            if number > 1:
                (firsts if is_first else walls).append(1000 * (time.perf_counter() - wall))
                if not is_first:
                    cores.append(1000 * (time.process_time() - core))
        middles = [sorted(figures)[times // 2] for figures in (firsts, walls, cores)]
        return (
            f"| {address} | {queries} | {middles[0]:.0f} | {min(firsts):.0f} "
            f"| {middles[1]:.0f} | {min(walls):.0f} | {middles[2]:.0f} | {size / 1000:.0f} |"
        )
