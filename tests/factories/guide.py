"""Pages of the guide, as rows and as files."""

import copy
from typing import Any

import factory

from casestudies.models import GuidePage


def page_document(slug: str = "toy-page", **changes: Any) -> dict[str, Any]:
    """Return what the file of a small valid page says."""
    document: dict[str, Any] = {
        "slug": slug,
        "title": "Toys in two stages",
        "one_line": "Few toys looked at closely, after many looked at quickly.",
        "group": "models",
        "position": 1,
        "criteria": [],
        "body": "## Why two\n\nA cheap stage keeps a hundred toys.\n\n"
        + "| Stage | Toys |\n|---|---|\n| First | 100 |\n\n"
        + "Every word counts here and so it does there. " * 40,
        "example": {
            "title": "A shelf of a thousand",
            "body": "A shelf of **1,000** toys, of which 100 are looked at. " + "So it goes on and on. " * 15,
        },
        "figures": {"toys": 1000, "kept": 100, "share": 0.1},
        "checks": [{"expr": "kept / toys", "equals": "share", "within": 0.001}],
        "board": {
            "nodes": [
                {"id": f"box-{n}", "label": f"Box {n}", "kind": "service", "at": [n, 0]} for n in range(4)
            ],
            "edges": [{"from": "box-0", "to": "box-1"}],
        },
        "say": [f"I would say line {n} aloud." for n in range(3)],
        "pitfalls": [f"Falling into pit {n}." for n in range(3)],
        "see_also": ["other-page", "third-page"],
    }
    return copy.deepcopy({**document, **changes})


def three_pages(**changes: Any) -> list[dict[str, Any]]:
    """Return pages that point to each other; `changes` are of the first."""
    return [
        page_document(**changes),
        page_document("other-page", title="Other page", position=2, see_also=["toy-page", "third-page"]),
        page_document("third-page", title="Third page", group="data", see_also=["toy-page", "other-page"]),
    ]


class GuidePageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GuidePage
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"page-{n}")
    title = factory.Sequence(lambda n: f"Page {n}")
    one_line = "One line about one idea."
    group = "data"
    position = factory.Sequence(lambda n: n + 1)
    body = "## Heading\n\nSome *words* about labels."
    example = {"title": "An example", "body": "Ten labels a day."}
    board = {
        "nodes": [{"id": f"box-{n}", "label": f"Box {n}", "kind": "store", "at": [n, 0]} for n in range(4)],
        "edges": [{"from": "box-0", "to": "box-1"}],
    }
    say = ["I would ask for labels.", "I would wait.", "I would check."]
    pitfalls = ["Not asking.", "Not waiting.", "Not checking."]
    see_also: list[str] = []
    content_hash = "0" * 64
    text = "Heading Some words about labels. An example Ten labels a day."

    @factory.post_generation
    def criteria(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.criteria.set(extracted)
