"""A history nobody had: interviews with levels that grow, for looking at progress and for measuring it.

No design is drawn and no engine reads; every card says "made up". What is counted from it is counted by the
same code as for everybody.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction

from casestudies.models import CaseStudy, Dimension, Framework, Rubric
from interviews import making
from interviews.card_requests import MADE_UP
from interviews.models import (
    CriterionScore,
    Event,
    EventKind,
    Interview,
    Level,
    Mode,
    Participant,
    Phase,
    Role,
    Scorecard,
    Source,
    State,
    Submission,
)
from interviews.progress import recording
from interviews.progress.page import SAMPLE
from interviews.scoring import Rubric as ReadRubric
from interviews.scoring import totals
from interviews.scoring.values import CriterionScore as Score
from interviews.scoring.values import ScoreReport
from whiteboard.models import Board
from whiteboard.scene import file_of

if TYPE_CHECKING:
    from accounts.models import User

CHUNK = 100
SAMPLE_COUNT, SAMPLE_DAYS = 14, 90
SCENE: dict[str, Any] = file_of([])
GRAPH: dict[str, Any] = {"nodes": [], "edges": [], "frames": [], "text": []}


@dataclass(frozen=True)
class Library:
    """What interviews are made from: the cases, and per case and framework the rubric in force."""

    cases: list[CaseStudy]
    frameworks: list[tuple[Framework, list[Any]]]
    rubrics: dict[tuple[int, int], int]

    @classmethod
    def load(cls) -> "Library":
        cases = list(CaseStudy.objects.published().only("pk", "kind", "slug").order_by("slug"))
        frameworks = [
            (framework, sorted(framework.steps.all(), key=lambda step: step.position))
            for framework in Framework.objects.offered().with_steps()
        ]
        rubrics = {
            (case, framework): pk
            for pk, case, framework in Rubric.objects.current().values_list("pk", "case", "framework")
        }
        return cls([case for case in cases if (case.pk, frameworks[0][0].pk) in rubrics], frameworks, rubrics)


class Learner:
    """One person's made-up ability: a level per dimension that grows, and habits with the clock."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.start = {slug.value: dice.uniform(0.9, 2.2) for slug in Dimension}
        self.gain = {slug.value: dice.uniform(0.3, 1.6) for slug in Dimension}
        self.haste = {slug.value: dice.lognormvariate(0, 0.22) for slug in Dimension}
        self.flatters = dice.gauss(0.35, 0.35)

    def level(self, dimension: str, done: float, lean: float) -> int:
        """Return a level for one criterion when `done` of the history lies behind."""
        middle = self.start[dimension] + self.gain[dimension] * done + lean
        return min(4, max(0, round(self.dice.gauss(middle, 0.8))))

    def seconds(self, phase: Phase) -> int:
        return max(
            20, round(phase.budget_seconds * self.haste[phase.dimension] * self.dice.uniform(0.8, 1.2))
        )


def make(
    person: "User",
    count: int,
    *,
    until: datetime,
    days: int,
    seed: int = 1,
    partner: "User | None" = None,
    library: Library | None = None,
) -> int:
    """Give a person `count` submitted and scored interviews over the `days` before `until`."""
    library = library or Library.load()
    dice = random.Random(f"{seed}-{person.username}")
    learner = Learner(dice)
    moments = [
        until - timedelta(days=days * (count - place - dice.random()) / count) for place in range(count)
    ]
    tried: dict[int, Interview] = {}
    for start in range(0, count, CHUNK):
        makers = [
            Maker(library, learner, dice, person, partner, at, (start + place) / max(1, count - 1), tried)
            for place, at in enumerate(moments[start : start + CHUNK])
        ]
        store(makers)
    return count


def make_sample(*, now: datetime) -> bool:
    """Make the history that a person without one is shown, labelled; False when it is there already."""
    person, _ = get_user_model().objects.get_or_create(
        username=SAMPLE,
        defaults={"display_name": "Sample candidate", "is_active": False, "password": "!"},
    )
    partner, _ = get_user_model().objects.get_or_create(
        username=f"{SAMPLE}-partner",
        defaults={"display_name": "Sample interviewer", "is_active": False, "password": "!"},
    )
    if person.attempts.exists() or not Rubric.objects.current().exists():
        return False
    make(person, SAMPLE_COUNT, until=now - timedelta(days=1), days=SAMPLE_DAYS, seed=4, partner=partner)
    return True


class Maker:
    """One interview and everything that hangs on it, not yet stored."""

    def __init__(
        self,
        library: Library,
        learner: Learner,
        dice: random.Random,
        person: "User",
        partner: "User | None",
        at: datetime,
        done: float,
        tried: dict[int, Interview],
    ) -> None:
        case = dice.choice(library.cases)
        framework, steps = dice.choices(
            library.frameworks, weights=[1 + 4 * (one.slug == "seven-step") for one, _ in library.frameworks]
        )[0]
        before = tried.get(case.pk)
        peer = partner is not None and dice.random() < 0.3
        self.learner, self.dice, self.done, self.person = learner, dice, done, person
        self.partner = partner if peer else None
        self.board = Board()
        self.interview = Interview(
            case=case,
            framework=framework,
            level=dice.choices(Level.values, weights=(2, 4, 1))[0],
            minutes=dice.choices((35, 45, 60), weights=(2, 6, 1))[0],
            mode=Mode.PEER if peer else Mode.SOLO,
            state=State.SCORED,
            seen=before is not None,
            retry_of=before if before is not None and dice.random() < 0.3 else None,
            board=self.board,
            host=person,
            created_by=person,
            created_at=at,
            cards_opened_at=at + timedelta(hours=1) if peer else None,
            started_at=at,
        )
        tried[case.pk] = self.interview
        self.phases = making.phases_of(self.interview, steps)
        self.rubric_id = library.rubrics[case.pk, framework.pk]
        spent = self.run(at)
        questions = dice.randint(1, 8)
        self.submission = Submission(
            interview=self.interview,
            at=self.ended,
            scene=SCENE,
            graph=GRAPH,
            answers={phase.step: "" for phase in self.phases},
            seconds_per_step=spent,
            hints=[
                {"dimension": slug, "rung": dice.randint(1, 3)}
                for slug in dice.sample(Dimension.values[:8], dice.choice((0, 1, 2, 3)) if done < 0.6 else 1)
                if dice.random() < 1.1 - done
            ],
            asked=[{"fact": "", "text": f"Question {n + 1}", "answer": ""} for n in range(questions)],
            board_seq=0,
            hash="0" * 64,
        )
        self.events = self.log()
        self.interview.seq = len(self.events)

    def run(self, at: datetime) -> dict[str, int]:
        """Let the clock run through the steps until the time is up; return the seconds of each."""
        left, spent = self.interview.minutes * 60 + self.dice.randint(-300, 120), {}
        self.times = []
        for phase in self.phases:
            seconds = min(max(0, left), self.learner.seconds(phase))
            end = at + timedelta(seconds=seconds)
            phase.started_at, phase.ended_at = at, end
            self.times.append((phase, at, end))
            spent[phase.step], left, at = seconds, left - seconds, end
        self.interview.ended_at = self.ended = at
        return spent

    def log(self) -> list[Event]:
        """Return what the log keeps of it: the steps, follow-ups, the end."""
        said: list[tuple[EventKind, datetime, dict[str, Any]]] = [
            (EventKind.STARTED, self.interview.created_at, {})
        ]
        for phase, start, end in self.times:
            said.append((EventKind.PHASE_ENTERED, start, {"step": phase.step}))
            if self.dice.random() < 0.4:
                key = {"follow_up": f"made-up-{phase.position}"}
                said.append((EventKind.FOLLOW_UP, end, key | {"text": "And then?", "step": phase.step}))
                said.append((EventKind.FOLLOW_UP_CLOSED, end, key | {"skipped": self.dice.random() < 0.35}))
        said.append((EventKind.SUBMITTED, self.ended, {}))
        return [
            Event(interview=self.interview, seq=seq, at=at, actor=self.person, kind=kind, payload=payload)
            for seq, (kind, at, payload) in enumerate(said, start=1)
        ]

    def cards(self, rubric: ReadRubric) -> Iterator[tuple[Scorecard, list[CriterionScore]]]:
        """Yield the engine's card, and those of people where they gave one."""
        day, dice = self.dice.gauss(0, 0.3), self.dice
        levels = {
            criterion.code: self.learner.level(criterion.dimension, self.done, day)
            for criterion in rubric.criteria
        }
        yield self.card(rubric, levels, Source.ENGINE)
        if dice.random() < 0.5:
            shift = self.learner.flatters * (1 - 0.6 * self.done)
            own = {code: off(level, shift, dice) for code, level in levels.items()}
            yield self.card(rubric, own, Source.SELF, self.person)
        if self.partner is not None:
            theirs = {code: off(level, -0.15, dice) for code, level in levels.items()}
            yield self.card(rubric, theirs, Source.PERSON, self.partner)

    def card(
        self, rubric: ReadRubric, levels: dict[str, int], source: Source, author: "User | None" = None
    ) -> tuple[Scorecard, list[CriterionScore]]:
        by_engine = source == Source.ENGINE
        scores = [
            Score(
                criterion,
                None if by_engine and criterion.source == "person" else levels[criterion.code],
                rationale="Made up.",
                confidence=round(self.dice.uniform(0.55, 0.95), 2) if by_engine else 1.0,
                source=str(source),
            )
            for criterion in rubric.criteria
        ]
        total, low, high = totals.total(scores, rubric)
        report = ScoreReport(
            rubric_hash=rubric.hash,
            criteria=tuple(scores),
            dimensions=totals.by_dimension(scores, rubric),
            steps=totals.by_step(scores, rubric),
            total=total,
            total_low=low if by_engine else None,
            total_high=high if by_engine else None,
            level_estimate=totals.estimate(total),
            engine_version=MADE_UP if by_engine else "",
        ).to_json()
        card = Scorecard(
            id=uuid.UUID(int=self.dice.getrandbits(128), version=4),
            submission=self.submission,
            source=source,
            author=author,
            framework=self.interview.framework,
            rubric=rubric.body,
            rubric_hash=rubric.hash,
            engine_version=report["engine_version"],
            report=report,
            dimensions=report["dimensions"],
            total=total,
            total_low=report["total_low"],
            total_high=report["total_high"],
            level_estimate=report["level_estimate"] or "",
            created_at=self.submission.at + timedelta(minutes=1),
        )
        kept = [
            CriterionScore(
                scorecard=card,
                position=position,
                criterion=score.criterion.code,
                dimension=score.criterion.dimension,
                step=score.criterion.step or "",
                level=score.level,
                weight=score.criterion.weight,
                confidence=score.confidence,
                rationale=score.rationale,
            )
            for position, score in enumerate(scores)
        ]
        return card, kept


def off(level: int, shift: float, dice: random.Random) -> int:
    """Return a level as somebody else sees it who leans by `shift`."""
    return min(4, max(0, round(dice.gauss(level + shift, 0.6))))


@transaction.atomic
def store(makers: list[Maker]) -> None:
    """Write made-up interviews in a few statements, and count them."""
    Board.objects.bulk_create([maker.board for maker in makers])
    Interview.objects.bulk_create([maker.interview for maker in makers])
    Participant.objects.bulk_create(
        Participant(interview=maker.interview, user=user, role=role, joined_at=maker.interview.created_at)
        for maker in makers
        for user, role in ((maker.person, Role.CANDIDATE), (maker.partner, Role.INTERVIEWER))
        if user is not None
    )
    Phase.objects.bulk_create(phase for maker in makers for phase in maker.phases)
    Event.objects.bulk_create(event for maker in makers for event in maker.events)
    submissions = Submission.objects.bulk_create([maker.submission for maker in makers])
    bodies = dict(
        Rubric.objects.filter(pk__in={maker.rubric_id for maker in makers}).values_list("pk", "body")
    )
    read = {pk: ReadRubric.from_json(body) for pk, body in bodies.items()}
    made = [pair for maker in makers for pair in maker.cards(read[maker.rubric_id])]
    Scorecard.objects.bulk_create([card for card, _ in made], batch_size=50)
    CriterionScore.objects.bulk_create([score for _, scores in made for score in scores], batch_size=2000)
    recording.write([submission.pk for submission in submissions])
