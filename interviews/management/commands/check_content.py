"""manage.py check_content [PATH]: what can be found wrong with content without reading it as a person."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casestudies import wording_checks
from casestudies.pack import DEFAULT_CONTENT, Pack, PackError, load
from casestudies.source import Problem
from interviews import reference_check
from interviews.scoring.diagram.checks import CHECKS


class Command(BaseCommand):
    help = (
        "Checks content files: schema, links, numbers, spelling, prompts told twice, and every reference "
        "design scored by the engine. A line per finding; the exit code is 1 when there is one."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=DEFAULT_CONTENT)
        parser.add_argument("--case", metavar="SLUG", action="append", help="only what concerns this case")
        parser.add_argument("--no-scores", action="store_true", help="leave the references unscored: seconds")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            pack = load(path)
            asked = frozenset(options["case"] or ())
            if not pack.is_whole:
                # Cases of one's own are held against those that come with it, which are in order.
                asked = asked or frozenset(pack.cases)
                pack = replace(pack, cases={**load().cases, **pack.cases})
        except PackError as refusal:
            for problem in refusal.problems:
                self.stdout.write(str(problem))
            raise CommandError(counted(len(refusal.problems), "finding")) from None
        if unknown := sorted(asked - pack.cases.keys()):
            known = ", ".join(sorted(pack.cases))
            raise CommandError(f"There is no case `{unknown[0]}` here. Known: {known}.")
        count = 0
        for line in lines(pack, path, asked, scores=not options["no_scores"]):
            self.stdout.write(line)
            # What a draft still lacks is told, and holds up nobody.
            count += not line.startswith("draft ")
        if count:
            raise CommandError(counted(count, "finding"))
        cases = counted(len(asked) or len(pack.cases), "case")
        self.stdout.write(f"{cases[:-1]} and {counted(len(pack.guide), 'page')[:-1]} of the guide: in order.")


def lines(pack: Pack, path: Path, asked: frozenset[str], *, scores: bool) -> Iterator[str]:
    """Yield the findings, one a line; with `asked` the cases are judged only as far as they concern these."""
    yield from map(str, links(pack))
    yield from map(str, wording_checks.misspellings(path))
    for one, other, share in wording_checks.told_twice(pack.cases):
        if not asked or asked & {one, other}:
            says = f"Its title is that of `{other}`, or {share:.0%} of its prompt. Rewrite one of them."
            yield about(pack, one, says)
    if scores:
        for finding in reference_check.findings(pack, asked or None):
            yield about(pack, finding.slug, finding.says)


def about(pack: Pack, slug: str, says: str) -> str:
    case = pack.cases[slug]
    line = str(Problem(f"{case['pack']}/{slug}.yaml", 1, says))
    return f"draft {line}" if case["status"] == "draft" else line


def links(pack: Pack) -> Iterator[Problem]:
    """Yield criteria and design checks that send their readers to a page there is none of."""
    if not pack.guide or not pack.is_whole:
        return
    for code, criterion in pack.criteria.items():
        if criterion["guide"] not in pack.guide:
            says = f"{code} sends its readers to the page `{criterion['guide']}`. There is none: write it."
            yield Problem("bank/criteria.yaml", 1, says)
    for check in CHECKS:
        if check.guide not in pack.guide:
            says = (
                f"The design check `{check.id}` sends its readers here, and there is no such page. Write it."
            )
            yield Problem(f"guide/{check.guide}.yaml", 1, says)


def counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}."
