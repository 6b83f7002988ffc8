"""A design is read again when rubric or engine changed: a new card with its reason, the old one as it was."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from casestudies.models import Rubric
from interviews import card_requests, marking, submitting
from interviews.models import Job, Scorecard, Submission
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(interview, candidate) -> Submission:
    """A design that has its first card."""
    design(interview)
    submitting.submit(interview, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    return Submission.objects.get()


@pytest.fixture
def changed_rubric(submission) -> Rubric:
    """The rubric of the design's case as it is after somebody edited the content."""
    old = Rubric.objects.get(
        case=submission.interview.case, framework=submission.interview.framework, is_current=True
    )
    Rubric.objects.filter(pk=old.pk).update(is_current=False)
    body = old.body | {"case": old.body["case"] | {"title": "Another title"}}
    return Rubric.objects.create(
        framework=old.framework,
        case=old.case,
        hash="f" * 64,
        body=body,
        created_at=timezone.now(),
        is_current=True,
    )


def run_all() -> None:
    for pk in Job.objects.exclude(state="done").values_list("pk", flat=True):
        marking.run(pk)


def test_nothing_is_read_again_while_nothing_has_changed(submission, capsys):
    call_command("rescore")
    assert "0 designs are being scored again." in capsys.readouterr().out
    assert Job.objects.count() == 1


def test_a_changed_rubric_makes_a_new_card_with_the_reason(submission, changed_rubric, capsys):
    before = Scorecard.objects.get()
    call_command("rescore", reason="Anchors were made clearer.")
    assert "1 design is being scored again." in capsys.readouterr().out
    run_all()
    old, new = Scorecard.objects.order_by("created_at")
    assert (old.pk, old.report, old.reason) == (before.pk, before.report, "")
    assert new.reason == "Anchors were made clearer."
    assert new.rubric == changed_rubric.body
    call_command("rescore")
    assert Job.objects.count() == 2, "asked twice, read once"


def test_a_changed_engine_makes_a_new_card(submission, monkeypatch):
    for module in ("interviews.card_requests", "interviews.scoring.values"):
        monkeypatch.setattr(f"{module}.ENGINE_VERSION", "99.0.0")
    assert len(list(card_requests.outdated(Submission.objects.all()))) == 1
    call_command("rescore", "--dry-run")
    assert Job.objects.count() == 1


def test_only_the_case_asked_for_is_read_again(submission, changed_rubric):
    call_command("rescore", case="ad-click")
    assert Job.objects.count() == 1
    call_command("rescore", case=submission.interview.case.slug)
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "says"), [({"case": "no-such-case"}, "no case"), ({"reason": "x" * 201}, "200 characters")]
)
def test_bad_options_are_refused_in_words(submission, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("rescore", **options)
