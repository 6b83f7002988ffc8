"""What a program reads: the library without spoilers, one's own interviews, nobody else's."""

import pytest
from django.utils import timezone

from interviews import events, opened
from interviews.models import EventKind, Interview
from tests.factories.rooms import small_room

pytestmark = pytest.mark.django_db
PARTS = ("", "/submission", "/scene", "/record", "/scorecards")


def test_a_case_has_no_spoilers_until_it_is_open(scored, stranger, calling):
    case = scored.case
    case.facts.create(key="load", position=1, ask="How much?", answer="CANARY-FACT", terms=[])
    case.hints.create(dimension="data", rung=1, text="CANARY-HINT")
    case.mistakes = ["CANARY-MISTAKE"]
    case.save(update_fields=["mistakes"])
    caller = calling(stranger)
    closed = caller.get(f"cases/{case.slug}")
    assert closed.json()["spoilers"] is None
    assert "CANARY" not in closed.content.decode()
    assert "CANARY" not in caller.get("cases").content.decode()
    opened.reveal_case(stranger, case, now=timezone.now())
    spoilers = caller.get(f"cases/{case.slug}").json()["spoilers"]
    assert spoilers["facts"] == [{"key": "load", "ask": "How much?", "answer": "CANARY-FACT"}]
    assert spoilers["mistakes"] == ["CANARY-MISTAKE"]


def test_an_unknown_case_names_one_that_is_near(room, candidate, calling):
    answer = calling(candidate).get("cases/none-of-ours")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("There is no case at this address.")


@pytest.mark.parametrize("part", PARTS)
def test_an_interview_is_its_candidates_alone(scored, request, calling, part):
    path = f"interviews/{scored.pk}{part}"
    people = {"candidate": 200, "interviewer": 403, "observer": 403, "stranger": 404}
    for who, status in people.items():
        assert calling(request.getfixturevalue(who)).get(path).status_code == status, who


def test_the_list_holds_ones_own_newest_first(candidate, stranger, calling):
    ids = [str(small_room(candidate).pk) for _ in range(3)]
    small_room(stranger)
    listed = calling(candidate).get("interviews").json()
    assert [one["id"] for one in listed["items"]] == ids[::-1]
    assert listed["next"] is None


def test_pages_follow_each_other_without_gaps(candidate, calling):
    ids = {str(small_room(candidate).pk) for _ in range(5)}
    Interview.objects.update(created_at=timezone.now())  # all at once: the id decides
    caller, found, cursor = calling(candidate), [], ""
    for _ in range(3):
        page = caller.get("interviews", limit=2, cursor=cursor).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert (len(found), set(found)) == (5, ids)


@pytest.mark.parametrize(
    "query",
    [{"cursor": "x"}, {"cursor": "bnVsbA"}, {"cursor": "W10"}, {"limit": 0}, {"limit": 999}, {"limit": "a"}],
)
def test_a_page_that_is_none_is_refused_in_words(candidate, calling, query):
    answer = calling(candidate).get("interviews", **query)
    assert answer.status_code == 422
    assert set(answer.json()) == {"error"}


def test_an_id_that_is_none_is_refused(candidate, calling):
    assert calling(candidate).get("interviews/abc").status_code == 422


def test_what_was_handed_in_and_how_it_was_read(scored, candidate, calling):
    caller = calling(candidate)
    submission = caller.get(f"interviews/{scored.pk}/submission").json()
    assert submission["hash"] == scored.submission.hash
    assert submission["answers"] == scored.submission.answers
    scene = caller.get(f"interviews/{scored.pk}/scene").json()
    assert (scene["type"], scene["version"]) == ("excalidraw", 2)
    [card] = caller.get(f"interviews/{scored.pk}/scorecards").json()["items"]
    stored = scored.submission.scorecards.get()
    assert (card["total"], card["source"]) == (stored.total, "engine")
    assert card["report"]["criteria"] == stored.report["criteria"]
    # Who has read this knows it before scoring themselves.
    assert scored.events.filter(kind=EventKind.REVEALED, actor=candidate).count() == 1


def test_a_running_interview_shows_its_board_and_has_no_submission(room, candidate, calling):
    caller = calling(candidate)
    assert caller.get(f"interviews/{room.pk}/scene").json()["elements"] == []
    for part in ("submission", "scorecards"):
        answer = caller.get(f"interviews/{room.pk}/{part}")
        assert answer.status_code == 404
        assert "error" in answer.json()


def test_private_notes_are_in_nothing_a_candidates_program_reads(scored, candidate, interviewer, calling):
    note = {"text": "CANARY-NOTE", "step": "data"}
    events.record(scored, EventKind.NOTE_STAMPED, actor=interviewer, now=timezone.now(), payload=note)
    caller = calling(candidate)
    for part in PARTS:
        assert "CANARY-NOTE" not in caller.get(f"interviews/{scored.pk}{part}").content.decode()


def test_progress_has_a_line_for_each_design(scored, candidate, stranger, calling):
    [line] = calling(candidate).get("progress").json()["items"]
    card = scored.submission.scorecards.get()
    assert (line["interview"], line["total"]) == (str(scored.pk), card.total)
    assert line["dimensions"] == {one["slug"]: one["level"] for one in card.dimensions}
    assert calling(stranger).get("progress").json()["items"] == []


@pytest.mark.parametrize("path", ["interviews", "progress"])
def test_queries_do_not_grow_with_the_history(candidate, calling, path, django_assert_max_num_queries):
    for _ in range(6):
        small_room(candidate)
    with django_assert_max_num_queries(6):
        calling(candidate).get(path)
