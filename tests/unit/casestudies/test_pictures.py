"""Drawings on a page have the width below which their words would be too small."""

from django.utils.safestring import SafeString, mark_safe

from casestudies.views.pictures import readable
from whiteboard import drawing

BOX = {"id": "a", "type": "rectangle", "x": 0, "y": 0, "width": 944, "height": 144}


def test_a_drawing_says_how_wide_it_has_to_be():
    picture = mark_safe(drawing.svg([BOX], title="A box"))
    sized = readable(picture, 0.5)
    assert sized.startswith('<svg width="500" height="100" xmlns=')
    assert sized.replace(' width="500" height="100"', "", 1) == picture
    assert isinstance(sized, SafeString)


def test_what_is_inside_a_drawing_stays_as_it_is():
    inner = '<svg xmlns="x" viewBox="0 0 10 20"><svg viewBox="0 0 5 5"></svg></svg>'
    assert readable(mark_safe(inner), 1).count("width=") == 1


def test_no_drawing_stays_no_drawing():
    assert readable(mark_safe("")) == ""
