from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casestudies.models import CaseStudy
from interviews import card_requests
from interviews.models import Submission


class Command(BaseCommand):
    help = (
        "Ask for a new scorecard wherever the rubric or the engine has changed since the last one. "
        "Old cards stay. A worker does the reading."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", metavar="SLUG", help="only designs of this case")
        parser.add_argument("--reason", help="what the new cards say why they were made")
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *args: Any, **options: Any) -> None:
        submissions = Submission.objects.order_by("pk")
        if slug := options["case"]:
            if not CaseStudy.objects.filter(slug=slug).exists():
                raise CommandError(f"There is no case {slug}.")
            submissions = submissions.filter(interview__case__slug=slug)
        reason = (options["reason"] or "").strip() or "The rubric or the engine has changed."
        if len(reason) > 200:
            raise CommandError("Keep the reason within 200 characters.")
        count = 0
        for submission, rubric in card_requests.outdated(submissions):
            count += 1
            if not options["dry_run"]:
                card_requests.ask_for_card(submission, rubric.framework, now=timezone.now(), reason=reason)
        noun, are = ("design", "is") if count == 1 else ("designs", "are")
        would = "would be" if options["dry_run"] else f"{are} being"
        self.stdout.write(f"{count} {noun} {would} scored again.")
