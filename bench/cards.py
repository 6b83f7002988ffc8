"""`./run bench cards`: designs are handed in while the worker is killed and its queue thrown away.

At the end every design has exactly one scorecard, every job is done, and every room was told once.
"""

import argparse
import asyncio
import hashlib
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from bench import seating
from bench.mortal import Mortals, mortals

SECONDS_BETWEEN_SWEEPS = 1.0
# What nobody finished is taken over once its lease has run out, a minute later at the latest.
SECONDS_OF_GRACE = 60.0
SENTENCE = (
    "Labels come from chargebacks, which arrive up to {} days late, so we train on older payments, because "
    "younger ones would look honest. "
)


@dataclass
class Report:
    """What a run found."""

    designs: int
    kills: int
    flushes: int
    seconds: float
    attempts: int
    findings: list[str] = field(default_factory=list)


def hand_in(count: int) -> None:
    """Make submissions of a shipped case and ask for their cards; needs Django set up."""
    from django.core.management import call_command
    from django.utils import timezone

    from casestudies.models import CaseStudy, Framework
    from interviews import card_requests
    from interviews.models import Interview, State, Submission

    call_command("load_content", verbosity=0)
    places = seating.rooms(count, people=1)
    case, framework = CaseStudy.objects.get(slug="payment-fraud"), Framework.objects.get(slug="seven-step")
    wanted = [place.interview_id for place in places]
    now = timezone.now()
    Interview.objects.filter(pk__in=wanted).update(
        case=case, framework=framework, state=State.SUBMITTED, ended_at=now
    )
    for number, interview in enumerate(Interview.objects.filter(pk__in=wanted)):
        words = "".join(SENTENCE.format(day) for day in range(20, 60)) + str(number)
        submission = Submission.objects.create(
            interview=interview,
            at=now,
            scene={"elements": []},
            graph={"nodes": [], "edges": [], "frames": [], "text": []},
            answers={"data": words},
            seconds_per_step={},
            board_seq=0,
            hash=hashlib.sha256(words.encode()).hexdigest(),
        )
        card_requests.ask_for_card(submission, framework, now=now)


def left() -> int:
    """Return how many jobs are not done."""
    from interviews.models import Job, JobState

    return Job.objects.exclude(state=JobState.DONE).count()


def sweep() -> None:
    """Do what beat does every few seconds."""
    from interviews import schedule

    schedule.sweep_jobs()


async def drill(home: Mortals, kills: int, seed: int) -> tuple[int, int]:
    """Kill the worker that often, until no job is left; return the kills and how often the queue went."""
    import redis
    from asgiref.sync import sync_to_async

    from interviews.models.job import LEASE

    assert home.worker is not None
    dice = random.Random(seed)
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    done = flushes = 0
    until = 0.0
    while True:
        await asyncio.sleep(dice.uniform(0.1, SECONDS_BETWEEN_SWEEPS))
        open_jobs = await sync_to_async(left)()
        if open_jobs and done < kills:
            home.worker.kill()
            done += 1
            if dice.random() < 0.3:
                broker.flushall()
                flushes += 1
            await home.worker.come_back()
        elif not open_jobs:
            return done, flushes
        elif not until:
            until = time.monotonic() + LEASE.total_seconds() + SECONDS_OF_GRACE
        elif time.monotonic() > until:
            return done, flushes
        await sync_to_async(sweep)()


def findings() -> list[str]:
    """Return what is not as promised."""
    from django.db.models import Count

    from interviews.models import EventKind, Interview, Job, JobState, State, Submission

    found = []
    cards = Counter(Submission.objects.annotate(cards=Count("scorecards")).values_list("cards", flat=True))
    found += [
        f"{many} designs have {cards_each} cards" for cards_each, many in cards.items() if cards_each != 1
    ]
    states = Counter(Job.objects.values_list("state", flat=True))
    found += [f"{many} jobs are {state}" for state, many in states.items() if state != JobState.DONE]
    told = Counter(Interview.objects.annotate(told=Count("events")).values_list("state", "told"))
    scored = Interview.objects.filter(events__kind=EventKind.SCORED).annotate(told=Count("events"))
    twice = sum(one.told != 1 for one in scored)
    if twice:
        found.append(f"{twice} rooms were told more than once")
    found += [f"{many} interviews are {state}" for (state, _), many in told.items() if state != State.SCORED]
    return found


def run(designs: int, kills: int, seed: int) -> Report:
    """Hand designs in, kill, and return what came of it."""
    with mortals() as home:
        hand_in(designs)
        begun = time.monotonic()
        home.start(0, worker=True)
        done, flushes = asyncio.run(drill(home, kills, seed))
        from django.db.models import Sum

        from interviews.models import Job

        attempts = Job.objects.aggregate(all=Sum("attempts"))["all"] or 0
        return Report(designs, done, flushes, time.monotonic() - begun, attempts, findings())


def main(arguments: list[str]) -> int:
    """Run the drill and print what it found; 1 when a design has no card, or two."""
    parser = argparse.ArgumentParser(prog="./run bench cards", description=__doc__)
    parser.add_argument("--designs", type=int, default=600)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    report = run(given.designs, given.kills, given.seed)
    print(
        f"{report.designs} designs, {report.kills} kill -9 of the worker, queue thrown away "
        f"{report.flushes} times, {report.attempts} attempts, {report.seconds:.0f} s (seed {given.seed})"
    )
    for line in report.findings:
        print(f"  broken: {line}")
    print("Exactly one scorecard each." if not report.findings else "The promise is broken.")
    return 1 if report.findings else 0
