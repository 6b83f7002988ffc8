"""The library's rows and files, each the least that is valid."""

import copy
import shutil
from pathlib import Path
from typing import Any

import factory
import yaml

from casestudies.models import CaseStudy, Criterion, Framework, Hint, Step
from casestudies.pack import DEFAULT_CONTENT

EIGHT = ("scope", "framing", "data", "features", "model", "evaluation", "serving", "monitoring")


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"C{n + 50}")
    name = "Names the goal"
    dimension = "scope"
    definition = "Says what the system is for."
    source = "text"
    weight = 1
    anchors = ["Absent", "Named", "Named for this case", "Explained", "Weighed"]
    next = ["name it.", "name it for this case.", "explain it.", "weigh it."]
    guide = "clarify-and-scope"


class FrameworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Framework
        django_get_or_create = ("slug",)

    slug = "seven-step"
    name = "Seven steps"
    summary = "Short steps, each with its minutes."
    position = 3


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Step

    framework = factory.SubFactory(FrameworkFactory)
    slug = factory.Sequence(lambda n: f"step-{n}")
    position = factory.Sequence(lambda n: n + 1)
    title = "Clarify requirements"
    short = "Clarify"
    dimensions = ["scope"]
    minutes = 5
    summary = "Ask until you know the goal."


class CaseStudyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseStudy

    slug = factory.Sequence(lambda n: f"case-{n}")
    pack = "classic"
    title = factory.Sequence(lambda n: f"Case {n}")
    one_line = "Decide on each payment before it is approved."
    prompt = "Design a system that decides on payments."
    kind = "classic"
    area = "Fraud"
    difficulty = 2
    minutes = 45
    status = "published"
    tags = ["streaming"]
    content_hash = "0" * 64


class HintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hint

    case = factory.SubFactory(CaseStudyFactory)
    dimension = "scope"
    rung = 1
    text = "What would you ask first?"


def case_document(slug: str = "toy-case", **changes: Any) -> dict[str, Any]:
    """Return what the file of a small valid case says."""
    document: dict[str, Any] = {
        "slug": slug,
        "title": "Toy case",
        "one_line": "A case that is only as long as it must be.",
        "kind": "classic",
        "area": "Tests",
        "difficulty": 1,
        "minutes": 45,
        "version": 1,
        "status": "published",
        "tags": ["toy"],
        "prompt": "Design a system that ranks toys for children, and say how you would know that it works.",
        "figures": {"toys": 1000, "requests_per_day": 864000, "mean_qps": 10, "peak_qps": 30},
        "checks": [
            {"expr": "requests_per_day / 86400", "equals": "mean_qps"},
            {"expr": "mean_qps * 3", "equals": "peak_qps", "within": 0.1},
            {"expr": "max(toys, 10) * 2", "equals": 2000},
        ],
        "requirements": [{"id": "fast", "text": "Answers in time.", "metric": "latency_ms", "at_most": 100}],
        "facts": [
            {
                "id": f"fact-{n}",
                "ask": f"What about number {n}?",
                "answer": f"Fact {n} is so.",
                "terms": ["what"],
            }
            for n in range(12)
        ],
        "hints": {slug: [f"Nudge {slug}.", f"Pointer {slug}.", f"Sketch {slug}."] for slug in EIGHT},
        "follow_ups": [{"id": f"ask-{n}", "criterion": "C01", "ask": f"And then {n}?"} for n in range(8)],
        "curveball": {
            "change": "Toys double.",
            "minutes": 5,
            "expects": ["More index."],
            "keeps": ["The goal."],
        },
        "expectations": [
            {
                "id": f"expected-{n}",
                "criterion": "C02",
                "weight": 1,
                "statement": f"Says thing {n}.",
                "rule": {"words": {"all_of": ["toy | toys", "rank"]}},
            }
            for n in range(8)
        ],
        "level_cues": {"mid": ["Names."], "senior": ["Explains."], "staff": ["Weighs."]},
        "mistakes": [f"Forgets part {n}." for n in range(5)],
        "brief": {
            "idea": "Rank toys by what children keep, not by what they touch first.",
            "weak_points": ["Labels."],
            "do_not_say": ["The answer."],
        },
        "run_sheet": [
            {"minutes": 15, "dimension": slug, "now": "Listen.", "say": "Go on."}
            for slug in ("scope", "data", "model")
        ],
        "reference": {
            "answers": dict.fromkeys(EIGHT, "word " * 100),
            "board": {
                "groups": [{"id": "online", "label": "Online"}],
                "nodes": [
                    {"id": f"box-{n}", "label": f"Box {n}", "kind": "service", "at": [n % 9, n // 9]}
                    for n in range(14)
                ],
                "edges": [{"from": "box-0", "to": "box-1"}],
            },
        },
    }
    return copy.deepcopy({**document, **changes})


class WrittenOut(yaml.SafeDumper):
    """Writes a value each time it occurs, where YAML would point back at the first."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_case(folder: Path, document: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document['slug']}.yaml"
    text = yaml.dump(document, Dumper=WrittenOut, sort_keys=False, allow_unicode=True)
    path.write_text(text, "utf-8")
    return path


def write_tree(root: Path, *documents: dict[str, Any]) -> Path:
    """Make a whole content tree: the real bank and frameworks, and these cases."""
    for folder in ("bank", "frameworks"):
        shutil.copytree(DEFAULT_CONTENT / folder, root / folder)
    for document in documents:
        write_case(root / document["kind"], document)
    return root
