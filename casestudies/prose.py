"""Reference answers as safe HTML. Plain Python."""

import nh3
from markdown_it import MarkdownIt

# Markdown's worst cases are quadratic in the length; the longest reference answer has some 2 kB.
MAX_LENGTH = 20_000
# No links are guessed (quadratic too), no HTML is passed through, and what comes out is cleaned again.
PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h4", "h5", "h6", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
HEADING = {f"h{level}": f"h{min(level + 3, 6)}" for level in range(1, 7)}


def to_html(text: str) -> str:
    """Return Markdown as HTML without images, scripts or styles; beyond 20 kB the rest is left out."""
    tokens = PARSER.parse(text[:MAX_LENGTH])
    for token in tokens:
        # A page has its own headings down to the third level.
        token.tag = HEADING.get(token.tag, token.tag)
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
