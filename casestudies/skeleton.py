"""A new case as a file that is valid from its first minute, with advice where your words will stand."""

from pathlib import Path

from casestudies.checks import DIMENSIONS
from casestudies.pack import DEFAULT_CONTENT, Pack, Reading

SKELETON = Path(__file__).resolve().parent / "skeletons" / "case.yaml"
# Long enough for the smallest dimension, whose criteria alone would be too few words.
ADVICE = (
    "Write here what a staff engineer would say about this part of the case, in whole sentences and with "
    "its numbers. For every large choice give the reason, then either the alternative you weighed or what "
    "the choice costs in a number. Use the words of the case, not of a textbook, and repeat nothing that "
    "another part says. Whoever reads it should be able to build it."
)


def case_text(slug: str, kind: str) -> str:
    """Return the file of a new case of a kind, as text."""
    bank = Reading(DEFAULT_CONTENT, only=("bank", "frameworks")).pack()
    text = SKELETON.read_text("utf-8")
    title = slug.replace("-", " ").capitalize()
    # In quotes: a slug such as `1984` or `null` would be read as something else.
    for mark, words in (("@SLUG@", slug), ("@TITLE@", f'"{title}"'), ("@KIND@", kind)):
        text = text.replace(f"slug: {mark}", f'slug: "{words}"').replace(mark, words)
    return text.replace("@ANSWERS@", "\n".join(answer(bank, dimension) for dimension in DIMENSIONS[:8]))


def answer(bank: Pack, dimension: str) -> str:
    """Return advice on one part of the reference: what its criteria ask for at the top level."""
    lines = [f"    {dimension}: |", f"      {ADVICE}", ""]
    lines += [
        f"      - **{one['code']} {one['name']}.** {one['definition']} Level 4: {one['anchors'][4]}."
        for one in bank.criteria.values()
        if one["dimension"] == dimension and one["source"] == "text"
    ]
    return "\n".join(lines)
