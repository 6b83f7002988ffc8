import json
from collections import Counter
from datetime import timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from casestudies.loading import load_pack
from casestudies.pack import Pack
from interviews import access, events, samples
from interviews.models import CriterionScore, EventKind, Interview, Mode, Role, Scorecard, Source, State
from whiteboard import past, replay
from whiteboard.models import Update, Version

pytestmark = pytest.mark.django_db

PEERS = ("support-assistant-staff", "harmful-content-mid")


@pytest.fixture(scope="module")
def held(django_db_setup, django_db_blocker, shipped_pack: Pack):
    """All samples that ship, by slug, held once for this file; each test's own changes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_pack(shipped_pack)
        yield {
            slug: samples.play(script, now=timezone.now()) for slug, script in shipped_pack.samples.items()
        }
        transaction.set_rollback(True)


def automatic(interview: Interview) -> Scorecard:
    return Scorecard.objects.get(submission__interview=interview, source=Source.ENGINE)


def test_there_are_two_strong_ones_a_middling_and_a_weak_one_clearly_apart(held):
    strong, other, middling, weak = (automatic(held[slug]).total for slug in held)
    assert min(strong, other) >= 80
    assert 45 <= middling <= min(strong, other) - 15
    assert weak <= middling - 20
    assert {interview.state for interview in held.values()} == {State.SCORED}


def test_solo_and_peer_and_generated_text_and_several_frameworks_occur(held):
    assert Counter(interview.mode for interview in held.values()) == {Mode.SOLO: 2, Mode.PEER: 2}
    assert "genai" in {interview.case.kind for interview in held.values()}
    assert len({interview.framework_id for interview in held.values()}) >= 3


def test_each_is_held_as_its_script_says(held, shipped_pack: Pack):
    for slug, interview in held.items():
        script, submission = shipped_pack.samples[slug], interview.submission
        assert submission.seconds_per_step == script["seconds_per_step"]
        for step, text in submission.answers.items():
            said = [
                one["text"] for one in script["events"] if (one["kind"], one.get("step")) == ("note", step)
            ]
            assert text == "\n\n".join(said)
        nodes = {node["id"]: node["label"] for node in submission.graph["nodes"]}
        frames = {group["id"]: group["label"] for group in script["board"].get("groups", [])}
        assert nodes == {node["id"]: node["label"] for node in script["board"]["nodes"]} | frames
        assert len(submission.graph["edges"]) == len(script["board"]["edges"])
        times = list(
            interview.events.exclude(kind=EventKind.SCORED).order_by("seq").values_list("at", flat=True)
        )
        assert times == sorted(times)
        assert (times[0], times[-1]) == (interview.started_at, interview.ended_at)


def test_every_follow_up_is_answered_in_the_notes_before_the_next_thing_is_asked(shipped_pack: Pack):
    for slug, script in shipped_pack.samples.items():
        told = [one for one in script["events"] if one["kind"] in ("note", "follow_up", "asked", "curveball")]
        for one, following in pairwise(told):
            if one["kind"] in ("follow_up", "curveball"):
                assert following["kind"] == "note", f"{slug} at {one['at']}"
                assert following["at"] - one["at"] <= 180


@pytest.mark.parametrize("slug", ["payment-fraud-senior", *PEERS, "video-recommendation-mid"])
def test_the_board_was_moved_about_renamed_and_cleared_up_while_it_was_drawn(held, shipped_pack, slug):
    interview, script = held[slug], shipped_pack.samples[slug]
    by_kind = {
        kind: [one for one in script["events"] if one["kind"] == kind]
        for kind in ("moved", "renamed", "removed")
    }
    for kind, found in by_kind.items():
        assert found, f"nothing was {kind}"
    came = past.arrivals(interview.board)
    spread = max(came.elements.values()) - min(came.elements.values())
    assert spread.total_seconds() > 25 * 60
    for change in (one for found in by_kind.values() for one in found):
        at = interview.started_at + timedelta(seconds=change["at"])
        before = elements(replay.scene_at(interview.board, at=at - timedelta(seconds=1)))
        after = elements(replay.scene_at(interview.board, at=at))
        name = change["node"]
        if change["kind"] == "removed":
            assert name in before
            assert name not in after
            assert not any(bound_to(one, name) for one in after.values())
        elif change["kind"] == "moved":
            assert (before[name]["x"], before[name]["y"]) != (after[name]["x"], after[name]["y"])
            for arrow in [one for one in after.values() if bound_to(one, name)]:
                assert (
                    arrow["points"] != before[arrow["id"]]["points"] or arrow["x"] != before[arrow["id"]]["x"]
                )
        else:
            assert before[f"{name}-label"]["originalText"] == change["was"]
            assert after[f"{name}-label"]["originalText"] != change["was"]


def elements(design) -> dict[str, dict]:
    return {one["id"]: one for one in design.scene["elements"]}


def bound_to(element: dict, name: str) -> bool:
    ends = (element.get("startBinding"), element.get("endBinding"))
    return any(end and end["elementId"] == name for end in ends)


def test_questions_keep_the_answer_and_what_an_interviewer_does_is_the_interviewers(held):
    interview = held["support-assistant-staff"]
    people = {seat.role: seat.user for seat in interview.participants.all()}
    assert set(people) == {Role.CANDIDATE, Role.INTERVIEWER}
    asked = interview.events.filter(kind=EventKind.ASKED)
    answers = dict(interview.case.facts.values_list("key", "answer"))
    assert {one.payload["fact"]: one.payload["answer"] for one in asked}.items() <= answers.items()
    assert {one.actor for one in asked} == {people[Role.CANDIDATE]}
    given = (EventKind.HINT_GIVEN, EventKind.FOLLOW_UP, EventKind.CURVEBALL, EventKind.NOTE_STAMPED)
    theirs = interview.events.filter(kind__in=given)
    assert {one.kind for one in theirs} == set(given)
    assert {one.actor for one in theirs} == {people[Role.INTERVIEWER]}
    asks = dict(interview.case.follow_ups.values_list("key", "ask"))
    follow_ups = interview.events.filter(kind=EventKind.FOLLOW_UP)
    assert all(one.payload["text"] == asks[one.payload["follow_up"]] for one in follow_ups)
    assert not interview.invitations.filter(revoked_at=None).exists()


def test_the_curveball_freezes_the_board_as_a_version_and_the_design_goes_on(held):
    thrown = {slug: one.events.filter(kind=EventKind.CURVEBALL).first() for slug, one in held.items()}
    (curveball,) = [event for event in thrown.values() if event]
    interview = curveball.interview
    assert curveball.payload["text"] == interview.case.curveball["change"]
    version = Version.objects.get(board=interview.board)
    rows = Update.objects.filter(board=interview.board)
    assert rows.get(seq=version.seq).at <= curveball.at < rows.get(seq=version.seq + 1).at
    frozen = elements(replay.scene_at(interview.board, version.seq))
    assert "canary" in frozen
    assert "outage" not in frozen
    assert "outage" in elements(replay.scene_at(interview.board))


def test_stamped_notes_know_the_row_of_the_board_they_were_written_at(held):
    for slug in PEERS:
        stamped = list(held[slug].events.filter(kind=EventKind.NOTE_STAMPED))
        assert len(stamped) >= 6
        for note in stamped:
            came = Update.objects.filter(board=held[slug].board, at__lte=note.at).count()
            assert note.payload["board_seq"] == came


def test_the_weak_one_runs_out_of_time_and_never_begins_the_last_step(held):
    interview = held["harmful-content-mid"]
    last = interview.phases.order_by("position").last()
    assert (last.step, last.started_at) == ("monitoring", None)
    assert sum(hint["rung"] for hint in interview.submission.hints) == 6


@pytest.mark.parametrize("slug", PEERS)
def test_a_peer_sample_has_what_the_candidate_and_the_interviewer_gave(held, shipped_pack, slug):
    interview, script = held[slug], shipped_pack.samples[slug]
    engine = automatic(interview)
    for key, source, role in (
        ("self", Source.SELF, Role.CANDIDATE),
        ("interviewer", Source.PERSON, Role.INTERVIEWER),
    ):
        card = Scorecard.objects.get(submission__interview=interview, source=source)
        assert card.author == interview.participants.get(role=role).user
        assert (card.rubric_hash, card.framework_id) == (engine.rubric_hash, engine.framework_id)
        assert card.created_at > interview.ended_at
        assert (card.total_low, card.total_high) == (None, None)
        given = {code: mark["level"] for code, mark in script["scores"][key].items()}
        stored = dict(card.scores.values_list("criterion", "level"))
        assert stored == dict.fromkeys(stored) | given
        assert {"P01", "P02", "P03"} <= {code for code, level in stored.items() if level is not None}
        assert {entry["source"] for entry in card.report["criteria"]} == {source}
    own = Scorecard.objects.get(submission__interview=interview, source=Source.PERSON)
    not_observed = own.scores.filter(level=None).values_list("criterion", flat=True)
    assert set(not_observed) == ({"C20", "C21", "C22"} if slug == "harmful-content-mid" else set())


def test_the_front_page_shows_the_strong_solo_one(held, client):
    page = client.get("/").content.decode()
    moments = json.loads(page.split('id="sample-moments" type="application/json">')[1].split("</script>")[0])
    first = held["payment-fraud-senior"]
    assert moments["total"] == sum(first.submission.seconds_per_step.values())
    assert samples.shown_on_home().interview == first


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_visitors_read_the_scorecards_and_nothing_of_what_was_private(
    held, client, django_user_model, is_signed_in
):
    if is_signed_in:
        client.force_login(django_user_model.objects.create_user("stranger", password="long enough to pass"))
    for slug in PEERS:
        interview, root = held[slug], f"/interviews/{held[slug].pk}/"
        cards = interview.submission.scorecards.exclude(source=Source.ENGINE)
        private = {
            *interview.events.filter(kind=EventKind.NOTE_STAMPED).values_list("payload__text", flat=True),
            *CriterionScore.objects.filter(scorecard__in=cards).values_list("rationale", flat=True),
        } - {""}
        assert len(private) > 15
        # The board is watched in the replay; what interviewers stamped is not in it.
        for name in ("scorecard/", "scorecard/reference/", "replay/", "board/history/"):
            address = f"{root}{name}"
            answer = client.get(address)
            assert answer.status_code == 200, address
            page = unescape(answer.content.decode(errors="replace"))
            assert not [text for text in private if text in page], address
        assert not [text for text in private if text in unescape(client.get("/").content.decode())]
        for card in cards:
            assert client.get(f"{root}scorecard/?card={card.pk}").status_code == 404
        for name in ("", "events/", "people/", "board/versions/"):
            answer = client.get(f"{root}{name}")
            asks_to_sign_in = answer.status_code == 302 and answer.url.startswith("/accounts/login/")
            assert answer.status_code == 404 or (asks_to_sign_in and not is_signed_in), name


def test_only_the_interviewer_hears_of_stamped_notes_and_nobody_can_sit_down(held):
    interview = held["support-assistant-staff"]
    for role, hears in ((Role.CANDIDATE, False), (Role.OBSERVER, False), (Role.INTERVIEWER, True)):
        told, _ = events.since(interview.pk, 0, role)
        assert ("note.stamped" in {one["type"] for one in told}) is hears
    for seat in interview.participants.all():
        assert (seat.user.is_active, seat.user.has_usable_password()) == (False, False)
        assert access.seat_of(seat.user, interview.pk) is None
