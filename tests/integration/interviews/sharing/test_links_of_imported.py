"""What is brought in from another place: whose boxes are whose comes along, and a link shows one's own."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from interviews import marking
from interviews.belongings import importing, record
from interviews.models import Interview, Job, Submission
from interviews.sharing import sealing
from interviews.sharing.sealing import Wanted
from tests.integration.interviews.sharing.conftest import after

pytestmark = pytest.mark.django_db


def kept(interview) -> dict:
    return json.loads(json.dumps(record.record_of(interview), cls=DjangoJSONEncoder))


def brought_in(person, given) -> Interview:
    interview, is_new = importing.bring_in(person, json.dumps(given).encode(), now=after(60))
    assert is_new
    marking.run(Job.objects.get(arguments__submission=interview.submission.pk).pk)
    return interview


def test_a_record_says_which_boxes_others_drew_or_named(held):
    given = kept(held)
    labels = {one["id"]: one.get("text", "") for one in given["scene"]["elements"]}
    theirs = given["drawn_by_others"]
    assert "their" in theirs
    assert "shop" not in theirs
    assert {labels[one] for one in theirs} >= {"THEIRBOX", "THEIRLABEL"}


def test_boxes_of_others_are_not_the_importers_and_stand_in_no_link(held, stranger, client, client_of):
    interview = brought_in(stranger, kept(held))
    assert Submission.objects.get(interview=interview).graph["nodes"], "the whole board is read"
    url = reverse("interviews:share", args=[interview.pk])
    browser = client_of(stranger)
    for kind in ("scorecard", "replay"):
        page = browser.get(url, {"kind": kind})
        given = {"kind": kind, "shown": ["board", "notes", "total", "criteria"], "days": "30"}
        made = browser.post(url, given | {"key": page.context["key"]})
        path = made.context["link"].removeprefix("http://testserver")
        shown = client.get(path).content + (client.get(f"{path}board/").content if kind == "replay" else b"")
        assert b"BOARDWORD" in shown
        assert b"THEIRBOX" not in shown
        assert b"THEIRLABEL" not in shown
        assert b"mported" in shown


def test_once_more_out_and_in_they_are_still_not_ones_own(held, stranger, observer):
    first = brought_in(stranger, kept(held))
    again = kept(first)
    assert "their" in again["drawn_by_others"]
    assert "shop" not in again["drawn_by_others"]


@pytest.mark.parametrize("all_of_it", [True, False])
def test_where_nothing_is_ones_own_nothing_is_shown(held, stranger, all_of_it):
    given = kept(held)
    if all_of_it:
        given["drawn_by_others"] = [one["id"] for one in given["scene"]["elements"]]
        given["notes"] = {}
    else:  # a file of an interview between people from before this was written down
        del given["drawn_by_others"]
        given["interview"]["mode"] = "peer"
    interview = brought_in(stranger, given)
    shown = sealing.sealed("scorecard", Wanted(stranger, interview, ["board"])).content
    assert (shown["drawn"], shown["left_out"]) == (False, True)


def test_a_link_says_the_day_it_was_where_its_owner_is(held, candidate):
    candidate.time_zone = "Pacific/Auckland"
    candidate.save(update_fields=["time_zone"])
    Submission.objects.filter(interview=held).update(at=after(60 * 3))  # 13:00 in UTC, past midnight there
    shown = sealing.sealed("scorecard", Wanted(candidate, held, ["total"])).content
    assert shown["on"] == "2026-11-19"
