"""manage.py seed_demo [--if-empty]: hold the sample interviews, for a new server to have some to show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from casestudies.pack import DEFAULT_CONTENT, load
from interviews import made_history, samples
from interviews.groups import demo
from interviews.models import Interview


class Command(BaseCommand):
    help = "Holds the sample interviews that are not there yet and scores them with the engine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is any interview already"
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        if if_empty and Interview.objects.exists():
            return
        held = set(
            Interview.objects.filter(is_sample=True).values_list(
                "case__slug", "participants__user__display_name"
            )
        )
        for sample in load(DEFAULT_CONTENT).samples.values():
            if (sample["case"], sample["candidate"]) not in held:
                interview = samples.play(sample, now=timezone.now())
                self.stdout.write(f"{sample['title']}: /interviews/{interview.pk}/scorecard/")
        if made_history.make_sample(now=timezone.now()):
            self.stdout.write("Three months of a sample candidate, who does not exist: /progress/")
        joining = demo.seed(timezone.now())
        if joining:
            self.stdout.write(f"{demo.NAME}, to join for a week: {joining}")
