"""Pictures in the drawing that the server makes: where they lay, in part, mirrored, or as a box."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from whiteboard import drawing

FILE_ID = "img-" + "0a" * 18
ADDRESS = f"/interviews/1/board/images/{FILE_ID}/"


def element(**more: Any) -> dict[str, Any]:
    place = {"x": 10, "y": 20, "width": 200, "height": 100, "angle": 0}
    return {"id": "photo", "type": "image", "fileId": FILE_ID, "scale": [1, 1], "crop": None, **place, **more}


def drawn(pictures: dict[str, str] | None = None, **more: Any) -> str:
    svg = drawing.svg(
        [element(**more)], title="A board", pictures={FILE_ID: ADDRESS} if pictures is None else pictures
    )
    ElementTree.fromstring(svg)
    assert "style=" not in svg
    return svg


def test_a_picture_lies_where_it_lay() -> None:
    assert f'<image href="{ADDRESS}" x="10.0" y="20.0" width="200.0" height="100.0"' in drawn()
    assert 'transform="rotate(90.0 110.0 70.0)"' in drawn(angle=1.5707963)


def test_of_a_cropped_picture_the_part_is_seen() -> None:
    crop = {"x": 50, "y": 0, "width": 100, "height": 50, "naturalWidth": 400, "naturalHeight": 300}
    svg = drawn(crop=crop)
    assert 'viewBox="50.00 0.00 100.00 50.00" preserveAspectRatio="none"' in svg
    assert f'<image href="{ADDRESS}" width="400.00" height="300.00"' in svg


def test_a_mirrored_picture_is_mirrored_in_its_place() -> None:
    assert 'transform="translate(220.0 0.0) scale(-1 1)"' in drawn(scale=[-1, 1])
    assert 'transform="translate(0.0 140.0) scale(1 -1)"' in drawn(scale=[1, -1])


@pytest.mark.parametrize("more", [{"fileId": None}, {"fileId": "other"}, {"fileId": ["x"]}, {"width": 0}])
def test_what_cannot_be_shown_is_a_box_that_says_so(more: dict[str, Any]) -> None:
    svg = drawn(**more)
    assert "<image" not in svg
    assert ">Picture<" in svg


def test_on_paper_it_is_a_box() -> None:
    assert ">Picture<" in drawn({})


def test_an_address_cannot_break_out() -> None:
    svg = drawn({FILE_ID: '/x"><script>alert(1)</script>'})
    assert "<script" not in svg


@pytest.mark.parametrize("more", [
    {"crop": {}}, {"crop": "x"}, {"crop": {"x": "1", "width": float("inf")}},
    {"crop": {"x": 0, "y": 0, "width": 0, "height": 1, "naturalWidth": 1, "naturalHeight": 1}},
    {"scale": "x"}, {"scale": [1]}, {"scale": ["a", None]}, {"scale": None},
])  # fmt: skip
def test_nonsense_is_drawn_whole(more: dict[str, Any]) -> None:
    assert len(re.findall("<image ", drawn(**more))) == 1
    assert "<svg x=" not in drawn(**more)
