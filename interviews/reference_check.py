"""The reference designs of the library, read by our own engine: strong on their own case, and on no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casestudies.pack import Pack
from casestudies.rubrics import compile_rubric
from interviews.scoring import diagram, engine
from interviews.scoring.expectations import alternatives, met, usable
from interviews.scoring.reading import Reading
from interviews.scoring.values import Rubric, ScoreReport, Submission
from whiteboard.graph import read_graph
from whiteboard.layout import elements_of

FRAMEWORK = "seven-step"  # the total is over all criteria, so any framework gives the same
LEAST_TOTAL = 85.0
LEVEL = "staff"
MOST_OF_ANOTHER = 0.25


@dataclass(frozen=True)
class Finding:
    """One thing the engine says against a case, in a sentence to its author."""

    slug: str
    says: str


@dataclass
class Design:
    """A reference design: its words and drawing, each read once and judged under many rubrics."""

    slug: str
    submission: Submission
    rubric: Rubric
    window_masks: dict[str, int] = field(default_factory=dict)

    @cached_property
    def reading(self) -> Reading:
        return engine.read_words(self.submission, self.rubric)

    @cached_property
    def drawing(self) -> Any:
        return diagram.read(self.submission.graph or {})

    def masks(self) -> dict[str, int]:
        """Return the passages every stem stands in, as bits; a passage is a sentence and its neighbours."""
        if not self.window_masks:
            units = usable(self.reading)
            for middle, one in enumerate(units):
                for near in units[max(0, middle - 1) : middle + 2]:
                    if near.unit.step == one.unit.step:
                        for token in near.unit.tokens:
                            self.window_masks[token.stem] = self.window_masks.get(token.stem, 0) | 1 << middle
        return self.window_masks

    def may_say(self, words: Mapping[str, Any]) -> bool:
        """Whether some passage has the stems a rule asks for; quick, and never wrongly no."""
        masks = self.masks()

        def passages(item: str) -> int:
            found = 0
            for phrase in alternatives(item):
                every = -1
                for stem in phrase:
                    every &= masks.get(stem, 0)
                found |= every
            return found

        every = -1
        for item in words.get("all_of") or ():
            every &= passages(item)
        if any_of := words.get("any_of"):
            found = 0
            for item in any_of:
                found |= passages(item)
            every &= found
        return every != 0

    def share_of(self, rubric: Rubric) -> float:
        """Return the share of another case's expectations that this design's words and drawing meet."""
        whole = sum(float(entry["weight"]) for entry in rubric.expectations)
        share = sum(float(entry["weight"]) for entry in rubric.expectations if self.meets(entry["rule"]))
        return share / whole if whole else 0.0

    def meets(self, rule: Mapping[str, Any]) -> bool:
        if "words" in rule and not self.may_say(rule["words"]):
            if rule.get("require") == "all":
                return False
            rule = {key: value for key, value in rule.items() if key != "words"}
        is_met, _ = met(rule, self.reading, lambda asked: diagram.meets(asked, self.drawing))
        return is_met


def findings(pack: Pack, slugs: frozenset[str] | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the references of a pack; with `slugs` only what concerns these cases."""
    designs = {slug: design_of(pack, slug) for slug in pack.cases}
    for slug, design in designs.items():
        if slugs is None or slug in slugs:
            for says in against(engine.score(design.submission, design.rubric)):
                yield Finding(slug, says)
    for slug, design in designs.items():
        for other, theirs in designs.items():
            concerns = slugs is None or slug in slugs or other in slugs
            if other == slug or not concerns or design.share_of(theirs.rubric) <= MOST_OF_ANOTHER:
                continue
            # The quick share knows nothing of the other prompt; the engine, which does, has the last word.
            share = engine.score(
                design_of(pack, slug, about=other).submission, theirs.rubric
            ).expectations_share
            if share is not None and share > MOST_OF_ANOTHER:
                yield Finding(
                    other,
                    f"The reference of `{slug}` meets {share:.0%} of what this case expects, more than "
                    f"{MOST_OF_ANOTHER:.0%}. Make the expectations more its own.",
                )


def against(report: ScoreReport) -> Iterator[str]:
    """Yield what a report says against a reference at its level."""
    total = report.total or 0.0
    if total < LEAST_TOTAL:
        low = ", ".join(
            one.criterion.code for one in report.criteria if one.level is not None and one.level < 4
        )
        yield f"The reference scores {total:.0f} of 100; {LEAST_TOTAL:.0f} are needed. Below level 4: {low}."
    elif report.level_estimate != LEVEL:
        yield f"The reference reads as {report.level_estimate}. Bring it to {LEVEL} level."
    for entry in report.expectations:
        if not entry["met"]:
            yield f"The reference misses the expectation `{entry['id']}`. Correct the rule or the text."
    for check in report.checks:
        if check["passed"] is False:
            yield f"The reference board fails the check “{check['title']}”: {check['reason']}"


def design_of(pack: Pack, slug: str, about: str | None = None) -> Design:
    """Return the reference of a case, handed in for that case or as if it were about another."""
    case, subject = pack.cases[slug], pack.cases[about or slug]
    body = {
        "case": {"id": subject["slug"], "title": subject["title"], "prompt": subject["prompt"]},
        "answers": case["reference"]["answers"],
        "graph": read_graph(elements_of(case["reference"]["board"])),
    }
    return Design(slug, Submission.from_json(body), Rubric.from_json(compile_rubric(pack, FRAMEWORK, slug)))
