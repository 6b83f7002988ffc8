import gc
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client

from accounts.models import User
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
            "| page | queries | ms, median | ms, least | processor, ms | … least | waiting, least | kB |"
        )
        self.stdout.write("|---|---:|---:|---:|---:|---:|---:|---:|")
        for address in options["addresses"] or ADDRESSES:
            self.stdout.write(self.row(client, address, options["times"]))

    def row(self, client: Client, address: str, times: int) -> str:
        """Return a line of the table; the first two requests only warm up.

        Processor and waiting are the time of this process, and that in which it waited for PostgreSQL.
        """
        queries, waited = 0, 0.0

        def count(execute: Any, *args: Any) -> Any:
            nonlocal queries, waited
            queries += 1
            waited -= time.perf_counter() - time.process_time()
            answer = execute(*args)
            waited += time.perf_counter() - time.process_time()
            return answer

        walls, cores, waits, size = [], [], [], 0
        for number in range(times + 2):
            if number == 2:  # as the web server does when it has started (whiteboard.lifespan)
                gc.collect()
                gc.freeze()
                gc.set_threshold(*GARBAGE_AFTER)
            queries, waited, wall, core = 0, 0.0, time.perf_counter(), time.process_time()
            with connection.execute_wrapper(count):
                answer = client.get(address)
            if answer.status_code != 200:
                raise CommandError(f"{address} answered {answer.status_code}.")
            size = len(answer.content)
            if number > 1:
                walls.append(1000 * (time.perf_counter() - wall))
                cores.append(1000 * (time.process_time() - core))
                waits.append(1000 * waited)
        walls.sort()
        middle, core = walls[len(walls) // 2], sorted(cores)[len(cores) // 2]
        return (
            f"| {address} | {queries} | {middle:.0f} | {walls[0]:.0f} | {core:.0f} | {min(cores):.0f} "
            f"| {min(waits):.0f} | {size / 1000:.0f} |"
        )
