"""What the schema cannot say about a page of the guide: its criteria, neighbours, sums and length."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from casestudies import checks
from casestudies.checks import Found, unknown
from casestudies.source import Where

FEWEST_WORDS, MOST_WORDS = 450, 900
# Bare marks, such as the bars of a table or the signs of a heading, are no words.
WORD = re.compile(r"\w")


def page(document: Mapping[str, Any], bank: Mapping[str, Any], known: Mapping[str, Any]) -> Found:
    """Yield what is wrong with one page; `known` holds every page there is, this one among them."""
    slug = document["slug"]
    count = words(document)
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        advice = "Say more" if count < FEWEST_WORDS else "Shorten them"
        yield (
            ("body",),
            f"Body, example, lines to say and pitfalls have {count} words together; "
            f"{FEWEST_WORDS} to {MOST_WORDS} are right. {advice}.",
        )
    yield from taught(document, bank)
    for position, other in enumerate(document["see_also"]):
        where: Where = ("see_also", position)
        if other == slug:
            yield where, "This page points to itself. Name another page."
        elif other not in known:
            near = difflib.get_close_matches(other, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else "Write it, or name another."
            yield where, f"There is no page of the guide `{other}`. {hint}"
    for other in known.values():
        if other["slug"] < slug and (other["group"], other["position"]) == place_of(document):
            yield (
                ("position",),
                f"`{other['slug']}` already stands at {document['position']} in `{document['group']}`. "
                "Choose another position.",
            )
    if bool(document.get("figures")) != bool(document.get("checks")):
        yield ("figures",), "Figures and checks come together. Add the missing one, or remove both."
    elif document.get("checks"):
        yield from checks.arithmetic(dict(document))
    yield from checks.board(document["board"], ("board",))


def place_of(document: Mapping[str, Any]) -> tuple[str, int]:
    return document["group"], document["position"]


def taught(document: Mapping[str, Any], bank: Mapping[str, Any]) -> Found:
    """Yield what is wrong with the criteria a page says it teaches."""
    listed = document["criteria"]
    for position, code in enumerate(listed):
        if code not in bank:
            yield ("criteria", position), unknown(code, "criterion", ())
    missing = [code for code, entry in bank.items() if entry["guide"] == document["slug"]]
    missing = [code for code in missing if code not in listed]
    if missing:
        yield (
            ("criteria",),
            f"The bank sends readers of {', '.join(missing)} to this page. List what is missing.",
        )


def words(document: Mapping[str, Any]) -> int:
    """Return how many words a reader of the page reads."""
    example = document["example"]
    texts = [document["body"], example["title"], example["body"], *document["say"], *document["pitfalls"]]
    return sum(bool(WORD.search(word)) for text in texts for word in text.split())
