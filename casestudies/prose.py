"""Reference answers and pages of the guide as safe HTML, or as bare words. Plain Python."""

import nh3
from markdown_it import MarkdownIt

# Markdown's worst cases are quadratic in the length; the longest reference answer has some 2 kB.
MAX_LENGTH = 20_000
# No links are guessed (quadratic too), no HTML is passed through, and what comes out is cleaned again.
PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "h4",
    "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
# A wide table scrolls by itself, so that the page need not. Cleaned HTML has these tags in no other form.
TABLES = {
    "<table>": '<div class="table-wrap" role="region" aria-label="Table" tabindex="0"><table>',
    "</table>": "</table></div>",
    "<th>": '<th scope="col">',
}


def to_html(text: str, shift: int = 3) -> str:
    """Return Markdown as HTML without images, scripts or styles; beyond 20 kB the rest is left out.

    Headings go down by `shift` levels: a page has its own above them.
    """
    tokens = PARSER.parse(text[:MAX_LENGTH])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    html = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
    for tag, instead in TABLES.items():
        html = html.replace(tag, instead)
    return html


def to_text(text: str) -> str:
    """Return Markdown as its words alone, on one line."""
    words: list[str] = []
    for token in PARSER.parse(text[:MAX_LENGTH]):
        words += [
            part.content if part.type in ("text", "code_inline") else " " for part in token.children or ()
        ]
        if token.type in ("inline", "code_block", "fence"):
            words.append(" " if token.children else f" {token.content} ")
    return " ".join("".join(words).split())
