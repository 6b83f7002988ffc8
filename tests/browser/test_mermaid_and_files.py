"""The board as text and as files: what one types another sees drawn, and files come back as they went."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.test_board_panels import panel, two_people
from tests.browser.test_every_page_is_accessible import overflow, serious_findings
from tests.browser.test_main_job import start_as_guest, wait_until_saved

pytestmark = pytest.mark.browser

TEXT = """flowchart LR
  %% the path of a request
  subgraph online[Online]
    gw(API gateway):::service -->|"asks"| rank[["Ranker · 20 ms"]]:::model
  end
  rank --> fs[(Feature store)]
"""
DROP = """([data, name]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([data], name));
  const target = document.querySelector(".excalidraw canvas.interactive");
  for (const kind of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, {
      bubbles: true, cancelable: true, dataTransfer: transfer, clientX: 500, clientY: 500,
    }));
  }
}"""
PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.querySelector(".excalidraw").dispatchEvent(paste);
}"""


def text_of(page: Page) -> Locator:
    """Open the Mermaid panel and return its text."""
    panel(page, "Mermaid")
    text = page.get_by_label("The board as Mermaid text")
    expect(text).to_be_editable()
    return text


def exported(page: Page, title: str, folder: Path) -> Path:
    page.get_by_role("button", name="Board menu").click()
    with page.expect_download() as download:
        page.get_by_text(title, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def graph_of(page: Page, folder: Path) -> dict[str, Any]:
    return json.loads(exported(page, "Graph, JSON", folder).read_text())


def open_file(page: Page, file: Path | FilePayload) -> None:
    page.get_by_role("button", name="Board menu").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Open…", exact=True).click()
    chooser.value.set_files(file)


def parts(page: Page, count: int) -> None:
    page.wait_for_function("count => document.body.dataset.boardParts === count", arg=str(count))


def test_one_person_types_and_the_other_draws_on_the_same_board(new_person: Callable[..., Page]) -> None:
    typing, drawing = two_people(new_person)
    text = text_of(typing)
    text.fill(TEXT)
    parts(typing, 3)
    parts(drawing, 3)
    read = text_of(drawing)
    expect(read).to_have_value(re.compile(r'gw\("API gateway"\):::service'))
    assert serious_findings(drawing) == []

    # The other renames a box on the canvas while the first goes on typing elsewhere: both are kept.
    drawing.get_by_role("button", name="Close Mermaid").click()
    listed = panel(drawing, "List")
    listed.get_by_role("button", name=re.compile("^Ranker")).click()
    name = listed.get_by_label("Name", exact=True)
    name.fill("Second ranker")
    name.press("Enter")
    text.press("Control+End")
    text.press_sequentially("  fs --> cache[(Cache)]:::cache\n")
    expect(text).to_have_value(re.compile(r"Second ranker · 20 ms"))
    expect(text).to_have_value(re.compile(r"%% the path of a request"))
    expect(text).to_have_value(re.compile(r"fs --> cache\[\(Cache\)\]:::cache"))
    parts(drawing, 4)
    wait_until_saved(typing)

    # What cannot be read is told with its line, and the board keeps what it had.
    text.press_sequentially("  oops -->")
    expect(typing.get_by_text("Line 8: an arrow needs a box on both sides.")).to_be_visible()
    parts(typing, 4)
    for _ in range(10):
        text.press("Backspace")
    expect(typing.get_by_text("Text and board say the same.")).to_be_visible()

    # Most of a board does not go by a slip; and what went comes back with the editor's own undo.
    text.fill("flowchart LR\n")
    expect(typing.get_by_text("off the board, for everybody")).to_be_visible()
    parts(drawing, 4)
    typing.get_by_role("button", name="Take them off").click()
    parts(drawing, 0)
    typing.get_by_role("button", name="Close Mermaid").click()
    typing.locator(".excalidraw canvas.interactive").click(position={"x": 40, "y": 400})
    typing.keyboard.press("Control+z")
    parts(drawing, 4)
    expect(text_of(typing)).to_have_value(re.compile("Second ranker"))


def test_files_come_back_as_they_went_and_broken_ones_change_nothing(
    new_person: Callable[..., Page], tmp_path: Path
) -> None:
    page = new_person(reduced_motion="reduce")
    start_as_guest(page)
    expect(page.locator(".excalidraw canvas").first).to_be_visible()
    wait_until_saved(page)
    # An empty board takes a file without a question.
    open_file(
        page, FilePayload(name="design.md", mimeType="", buffer=f"# It\n```mermaid\n{TEXT}```\n".encode())
    )
    parts(page, 3)
    graph = graph_of(page, tmp_path)
    assert [node["label"] for node in graph["nodes"]] == ["Online", "API gateway", "Ranker", "Feature store"]
    assert {node.get("mermaid_id") for node in graph["nodes"]} == {None, "gw", "rank", "fs"}

    files = {title: exported(page, title, tmp_path) for title in ("Picture, PNG", "Drawing, .excalidraw")}
    for path in files.values():
        assert re.fullmatch(r"payment-fraud-\d{4}-\d\d-\d\d\.(png|excalidraw)", path.name)
    assert 'gw("API gateway"):::service' in exported(page, "Text, Mermaid", tmp_path).read_text()
    assert b"payload-type:application/vnd.excalidraw" in exported(page, "Picture, SVG", tmp_path).read_bytes()

    for path in files.values():
        open_file(page, path)
        page.get_by_role("button", name="Replace the board").click()
        expect(page.get_by_text(f"“{path.name}” is on the board now.")).to_be_visible()
        assert graph_of(page, tmp_path) == graph
    wait_until_saved(page)

    for data, name, said in (
        ('{"type": "excalidraw", "elements": [{"id":', "torn.excalidraw", "may be damaged"),
        (
            '{"type": "excalidraw", "elements": [{"type": "iframe"}]}',
            "foreign.excalidraw",
            "nothing that a board can take",
        ),
        ("flowchart LR\n a[b", "half.mmd", "Line 2: a bracket is not closed."),
        (json.dumps(graph), "graph.json", "holds the graph of a board"),
    ):
        page.evaluate(DROP, [data, name])
        told = page.locator(".Toast", has_text=name)
        expect(told).to_contain_text(said)
        expect(told).to_contain_text("stays as it was")
        assert graph_of(page, tmp_path) == graph

    # Adding leaves what is there, and undo takes the file back as one step.
    page.evaluate(DROP, [files["Drawing, .excalidraw"].read_text(), "again.excalidraw"])
    dialog = page.get_by_role("dialog", name="Open “again.excalidraw”")
    expect(dialog).to_contain_text("It holds 3 boxes, 2 arrows and 1 other item.")
    assert serious_findings(page) == []
    dialog.get_by_role("button", name="Add to this board").click()
    parts(page, 6)
    kept = {node["id"] for node in graph["nodes"]}
    assert kept < {node["id"] for node in graph_of(page, tmp_path)["nodes"]}
    page.locator(".excalidraw canvas.interactive").click(position={"x": 40, "y": 600})
    page.keyboard.press("Control+z")
    parts(page, 3)
    page.evaluate(PASTE, "flowchart TD\n  p[Pasted] --> q{{Queue}}\n")
    parts(page, 5)
    wait_until_saved(page)
    page.reload()
    parts(page, 5)


def test_the_text_is_usable_on_a_phone_and_read_by_all(new_person: Callable[..., Page]) -> None:
    page = new_person(color_scheme="dark", reduced_motion="reduce")
    start_as_guest(page)
    text = text_of(page)
    page.get_by_role("button", name="Begin with an example").click()
    parts(page, 4)
    page.get_by_text("How it is written").click()
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    expect(text).to_be_visible()
    assert overflow(page) <= 0
    text.press("Control+End")
    text.press_sequentially("  store --> more")
    parts(page, 5)
    assert serious_findings(page) == []
