"""Reference answers and pages of the guide as safe HTML, or as bare words. Plain Python."""

import html
from collections import Counter
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Markdown's worst cases are quadratic in the length; the longest reference answer has some 2 kB.
MAX_LENGTH = 20_000
# No links are guessed (quadratic too), no HTML is passed through, and what comes out is cleaned again.
PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "h4",
    "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
APART = ("softbreak", "hardbreak", "image")  # where words stop that are not told apart by a space
# A wide table scrolls by itself, so that the page need not. Cleaned HTML has these tags in no other form.
WINDOW = '<div class="table-wrap" role="region" aria-label="{}" tabindex="0"><table>'
TABLES = {"</table>": "</table></div>", "<th>": '<th scope="col">'}


def to_html(text: str, shift: int = 3) -> str:
    """Return Markdown as HTML without images, scripts or styles; beyond 20 kB the rest is left out.

    Headings go down by `shift` levels: a page has its own above them.
    """
    tokens = PARSER.parse(text[:MAX_LENGTH])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    page = PARSER.renderer.render(tokens, PARSER.options, {})
    page = nh3.clean(page, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
    before, *tables = page.split("<table>")
    named = zip(table_names(tokens), tables, strict=True)
    page = before + "".join(WINDOW.format(html.escape(name)) + rest for name, rest in named)
    for tag, instead in TABLES.items():
        page = page.replace(tag, instead)
    return page


def table_names(tokens: Sequence[Token]) -> list[str]:
    """Return what each table is called, by the headings of its columns; no two are called the same."""
    names: list[str] = []
    heads: list[str] = []
    seen: Counter[str] = Counter()
    for at, token in enumerate(tokens):
        if token.type == "th_open":
            heads.append(words_of(tokens[at + 1]))
        elif token.type == "thead_close":
            name = f"Table: {', '.join(filter(None, heads))}"
            seen[name] += 1
            names.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
            heads = []
    return names


def words_of(token: Token) -> str:
    """Return the words of a passage on one line, without its marks."""
    parts = (" " if one.type in APART else one.content for one in token.children or ())
    return " ".join("".join(parts).split())


def to_text(text: str) -> str:
    """Return Markdown as its words alone, on one line."""
    words = [
        words_of(token) if token.children else token.content
        for token in PARSER.parse(text[:MAX_LENGTH])
        if token.type in ("inline", "code_block", "fence")
    ]
    return " ".join(" ".join(words).split())
