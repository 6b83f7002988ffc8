import re
import time

import pytest

from casestudies.prose import MAX_LENGTH, to_html


def test_markdown_becomes_html():
    html = to_html("# Top\n\nWe *rank* `k` items:\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    for part in ("<h4>Top</h4>", "<em>rank</em>", "<code>k</code>", "<li>one</li>", "<td>1</td>"):
        assert part in html


def test_tables_are_called_by_their_columns_and_no_two_the_same():
    table = '| *Step*, "said" | `p95` < 1 |\n|---|---|\n| 1 | 2 |\n\n'
    html = to_html(f"{table}Between.\n\n{table}| a | |\n|-|-|\n| <table> | 4 |\n")
    labels = re.findall(r'role="region" aria-label="([^"]*)"', html)
    first = "Table: Step, &quot;said&quot;, p95 &lt; 1"
    assert labels == [first, f"{first} (2)", "Table: a"]
    assert html.count("<table>") == html.count("</table></div>") == 3


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='//elsewhere.example' onclick=alert(1)>x</a>",
        "<iframe src=https://elsewhere.example></iframe>",
        "<style>body{display:none}</style>",
        "`<svg onload=alert(1)>`",
    ],
)
def test_nothing_that_runs_or_loads_comes_through(attack):
    html = to_html(f"before\n\n{attack}\n\nafter")
    for part in ("<script", "<img", "<iframe", "<style", "<svg", 'href="java', 'href="data', ' onclick="'):
        assert part not in html
    assert "after" in html


@pytest.mark.parametrize("piece", ["a.b/", "*a_ ", "[", "`", "> ", "![[](", "|a|\n|-|\n"])
def test_a_long_text_is_cut_and_quick(piece):
    started = time.process_time()
    html = to_html(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 5
    assert len(html) < MAX_LENGTH * 20


def test_html_in_the_text_is_shown_as_it_was_written():
    assert to_html("a <b>bold</b> claim") == "<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>\n"
