import json
from dataclasses import replace

import pytest
from django.core.management import call_command

from casestudies.pack import Pack
from interviews.models import EventKind, Interview, Scorecard, State, Submission
from whiteboard import past

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(library, monkeypatch, shipped_pack) -> Interview:
    """The sample of the front page, alone; test_all_samples.py holds them all."""
    first = dict(list(shipped_pack.samples.items())[:1])
    pack = replace(shipped_pack, samples=first)
    monkeypatch.setattr("interviews.management.commands.seed_demo.load", lambda path: pack)
    monkeypatch.setattr("interviews.made_history.SAMPLE_COUNT", 1)
    call_command("seed_demo", "--if-empty", verbosity=0)
    return Interview.objects.get(is_sample=True)


def test_the_sample_is_held_as_its_script_says_and_scored_by_the_engine(seeded, shipped_pack: Pack):
    script = shipped_pack.samples["payment-fraud-senior"]
    submission = Submission.objects.get(interview=seeded)
    assert seeded.state == State.SCORED
    for step, text in submission.answers.items():
        said = [
            event["text"]
            for event in script["events"]
            if (event["kind"], event.get("step")) == ("note", step)
        ]
        assert text == "\n\n".join(said)
    assert submission.seconds_per_step == script["seconds_per_step"]
    assert {node["id"] for node in submission.graph["nodes"]} >= {
        node["id"] for node in script["board"]["nodes"]
    }
    card = Scorecard.objects.get(submission=submission)
    assert card.source == "engine"
    assert 65 <= card.total < 95, "strong, and not perfect"


def test_the_log_of_the_sample_is_in_order_and_its_board_was_drawn_over_time(seeded):
    times = list(seeded.events.order_by("seq").values_list("at", flat=True))
    assert times == sorted(times[:-1]) + times[-1:]
    assert seeded.events.filter(kind=EventKind.PHASE_ENTERED).count() == 7
    came = past.arrivals(seeded.board)
    spread = max(came.elements.values()) - min(came.elements.values())
    assert spread.total_seconds() > 20 * 60
    assert len({step for _, step, _ in came.notes}) == 7
    assert seeded.started_at <= min(came.elements.values())
    assert max(came.elements.values()) <= seeded.ended_at


def test_seeding_again_changes_nothing(seeded):
    before = (Interview.objects.count(), Scorecard.objects.count())
    call_command("seed_demo", verbosity=0)
    call_command("seed_demo", "--if-empty", verbosity=0)
    assert (Interview.objects.count(), Scorecard.objects.count()) == before
    assert Interview.objects.filter(is_sample=True).count() == 1


def test_seed_demo_leaves_a_server_that_is_in_use_alone(interview):
    call_command("seed_demo", "--if-empty", verbosity=0)
    assert not Interview.objects.filter(is_sample=True).exists()


def test_a_visitor_sees_the_sample_replayed_and_may_read_its_scorecard(
    seeded, client, django_assert_max_num_queries
):
    client.get("/")
    with django_assert_max_num_queries(6):
        page = client.get("/").content.decode()
    moments = json.loads(page.split('id="sample-moments" type="application/json">')[1].split("</script>")[0])
    assert moments["total"] == sum(Submission.objects.get(interview=seeded).seconds_per_step.values())
    assert 'data-element="checkout"' in page
    assert moments["elements"]["checkout"] < moments["elements"]["monitoring"]
    assert client.get(f"/interviews/{seeded.pk}/scorecard/").status_code == 200


def test_nobody_can_sign_in_as_a_sample(seeded):
    person = seeded.participants.get().user
    assert (person.is_active, person.has_usable_password()) == (False, False)
