"""Everything out, and an interview back in: closed, read anew, marked as imported."""

import copy
import io
import json
import threading
import zipfile
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews import marking, opened, tasks
from interviews.api import belongings
from interviews.belongings import importing
from interviews.models import Attempt, Event, EventKind, Interview, Job, Scorecard, Submission
from tests.integration.at_once import at_once
from whiteboard.models import Board

pytestmark = pytest.mark.django_db
IMPORT = "interviews/import"


@pytest.fixture
def record(scored, candidate, calling) -> dict:
    return calling(candidate).get(f"interviews/{scored.pk}/record").json()


def test_an_export_is_asked_for_followed_and_fetched(scored, candidate, stranger, calling):
    caller = calling(candidate)
    assert caller.get("export").status_code == 404
    asked = caller.post("export")
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    path = f"export/{asked.json()['id']}/file"
    assert caller.get(path).status_code == 404
    tasks.run_job(Job.objects.get(kind="export").pk)
    found = caller.get("export").json()
    assert found["state"] == "done"
    assert found["done"] == found["of"]
    assert calling(stranger).get(path).status_code == 404
    archive = zipfile.ZipFile(io.BytesIO(b"".join(caller.get(path).streaming_content)))
    assert "README.txt" in archive.namelist()


def test_an_exported_interview_comes_back_in(record, scored, stranger, calling, client_of):
    answer = calling(stranger).post(IMPORT, json.dumps(record))
    assert answer.status_code == 201, answer.content
    interview = Interview.objects.get(pk=answer.json()["id"])
    assert interview.imported_at is not None
    assert (interview.state, interview.case) == ("submitted", scored.case)
    assert abs(interview.started_at - scored.started_at) < timedelta(milliseconds=1)
    assert interview.submission.answers == scored.submission.answers
    assert interview.submission.graph == scored.submission.graph
    marking.run(Job.objects.get(arguments__submission=interview.submission.pk).pk)
    mine, theirs = (
        Scorecard.objects.get(submission=one) for one in (interview.submission, scored.submission)
    )
    assert mine.total == theirs.total
    assert list(Attempt.objects.values_list("interview", "imported").order_by("imported")) == [
        (scored.pk, False), (interview.pk, True),
    ]  # fmt: skip
    browser = client_of(stranger)
    for page in ("scorecard", "replay"):
        shown = browser.get(reverse(f"interviews:{page}", args=[interview.pk]))
        assert shown.status_code == 200
        assert "Imported" in shown.content.decode()


def test_an_interview_with_nothing_in_it_is_refused_in_words_that_fit(record, stranger, calling):
    record["notes"], record["scene"]["elements"] = {}, []
    answer = calling(stranger).post(IMPORT, json.dumps(record))
    assert answer.status_code == 422
    assert "nothing on its board and no notes" in answer.json()["error"]
    assert "clock" not in answer.json()["error"]


def test_scores_are_not_taken_over(record, stranger, calling):
    record["scorecards"][0]["total"] = 100.0
    answer = calling(stranger).post(IMPORT, json.dumps(record))
    assert not Scorecard.objects.filter(submission__interview=answer.json()["id"]).exists()


def test_the_same_record_twice_is_one_interview(record, scored, candidate, stranger, calling):
    caller = calling(stranger)
    first, second = (caller.post(IMPORT, json.dumps(record)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    before = Interview.objects.count(), Board.objects.count()
    own = calling(candidate).post(IMPORT, json.dumps(record))
    assert (own.status_code, own.json()) == (200, {"id": str(scored.pk), "new": False})
    assert (Interview.objects.count(), Board.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_the_same_record_twice_at_once_is_one_interview(record, scored, stranger, monkeypatch):
    opened.mark_seen(stranger, scored.case_id, now=timezone.now())  # else the second waits to write that
    both, store = threading.Barrier(2), importing._store

    def store_and_look_around(*given):
        stored = store(*given)
        with suppress(threading.BrokenBarrierError):  # the other one must not come so far
            both.wait(1)
        return stored

    monkeypatch.setattr(importing, "_store", store_and_look_around)
    body = json.dumps(record).encode()
    found = at_once([partial(importing.bring_in, stranger, body, now=timezone.now())] * 2)
    assert sorted(is_new for _, is_new in found) == [False, True]
    assert len({interview.pk for interview, _ in found}) == 1
    assert Interview.objects.of_candidate(stranger).count() == 1


def test_an_import_opens_the_case_and_says_it_was_seen(record, scored, stranger, calling):
    calling(stranger).post(IMPORT, json.dumps(record))
    assert calling(stranger).get(f"cases/{scored.case.slug}").json()["open"] is True
    assert Event.objects.filter(kind=EventKind.SUBMITTED, payload__by="import").count() == 1


def broken(record: dict, *path: str, to: object) -> str:
    changed = copy.deepcopy(record)
    *before, last = path
    place = changed
    for name in before:
        place = place[name]
    place[last] = to
    return json.dumps(changed)


REFUSED = {
    "not JSON": "nonsense",
    "no record": "{}",
    "a list": "[]",
    "null": "null",
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep within bounds of the parser": "[" * 200 + "]" * 200,
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_no_record_is_refused(candidate, calling, body):
    answer = calling(candidate).post(IMPORT, body)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Interview.objects.exists()


CHANGES = {
    "another format": (("format",), "other"),
    "another version": (("version",), 99),
    "unknown case": (("interview", "case", "slug"), "none"),
    "unknown framework": (("interview", "framework"), "none"),
    "not ended": (("interview", "ended_at"), None),
    "ends before it starts": (("interview", "ended_at"), "2001-01-01T00:00:00Z"),
    "ends in the future": (("interview", "ended_at"), "2999-01-01T00:00:00Z"),
    "no zone": (("interview", "ended_at"), "2026-01-01T00:00:00"),
    "no time": (("interview", "ended_at"), "99999-99-99T00:00:00Z"),
    "before there was a calendar": (("interview", "started_at"), "0001-01-01T00:00:00+14:00"),
    "after its end": (("interview", "ended_at"), "9999-12-31T23:59:59-14:00"),
    "before there was a board": (("interview", "started_at"), "1999-12-31T23:59:59Z"),
    "half a character": (("submission", "asked"), [{"text": "x", "step": "\ud800"}]),
    "half a character for a name": (("scene", "elements", 0, "customData"), {"\udfff": 1}),
    "others' boxes that are numbers": (("drawn_by_others",), [1]),
    "other steps": (("notes",), {"elsewhere": "x"}),
    "a note too long": (("notes",), {"clarify": "x" * 50_001}),
    "notes that are numbers": (("notes",), {"clarify": 1}),
    "nothing in it": (("notes",), {}),
    "not a number": (("scene", "elements", 0, "x"), float("nan")),
    "infinite": (("scene", "elements", 0, "x"), float("inf")),
    "an element of no type": (("scene", "elements", 0), {"id": "a"}),
    "a frame with a page in it": (("scene", "elements", 0), {"id": "a", "type": "iframe", "link": "https://x.y"}),
    "a script for a link": (("scene", "elements", 0, "link"), "javascript:alert(1)"),
    "elements that are words": (("scene", "elements"), "x"),
    "seconds below nought": (("submission", "seconds_per_step"), {"clarify": -1}),
}  # fmt: skip


@pytest.mark.parametrize(("path", "to"), CHANGES.values(), ids=CHANGES)
def test_what_is_not_as_it_was_written_is_refused(record, stranger, calling, path, to):
    body = broken(record, *path, to=to)
    if path == ("notes",) and to == {}:
        body = broken(json.loads(body), "scene", "elements", to=[])
    before = Interview.objects.count(), Board.objects.count(), Submission.objects.count()
    answer = calling(stranger).post(IMPORT, body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]
    assert (Interview.objects.count(), Board.objects.count(), Submission.objects.count()) == before


def test_a_number_too_large_for_a_number_is_refused(record, stranger, calling):
    body = json.dumps(record).replace('"version": 1', '"version": 1, "more": 1e999')
    assert calling(stranger).post(IMPORT, body).status_code == 422


def test_a_file_that_is_too_large_is_refused(candidate, calling):
    answer = calling(candidate).post(IMPORT, b" " * (importing.MOST_BYTES + 1))
    assert answer.status_code == 422
    assert "larger than 4 MB" in answer.json()["error"]


def test_nul_characters_are_left_out(record, stranger, calling):
    answer = calling(stranger).post(IMPORT, broken(record, "notes", "clarify", to="a\x00b"))
    assert answer.status_code == 201
    assert Submission.objects.get(interview=answer.json()["id"]).answers["clarify"] == "ab"


def test_facts_the_case_does_not_have_do_not_count(record, stranger, calling):
    asked = [{"text": "x", "answer": "y", "step": "data", "fact": "invented"}]
    record["submission"]["asked"] = asked
    answer = calling(stranger).post(IMPORT, json.dumps(record))
    assert Submission.objects.get(interview=answer.json()["id"]).asked[0]["fact"] == ""


def test_bringing_in_is_limited(record, stranger, calling, monkeypatch):
    monkeypatch.setattr(belongings, "IMPORTS_PER_HOUR", 1)
    caller = calling(stranger)
    answers = [caller.post(IMPORT, json.dumps(record)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
