"""A database from before the rows of progress were kept: migrating it counts what it holds, once."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from interviews.apps import count_what_is_not_counted
from interviews.models import Attempt, AttemptScore, Participant
from interviews.progress import recording

pytestmark = pytest.mark.django_db


def kept() -> list[tuple]:
    scores = AttemptScore.objects.order_by("card").values_list(
        "card", "source", "total", "levels", "criteria"
    )
    return [*Attempt.objects.order_by("pk").values_list(), *scores]


def test_migrating_fills_the_rows_that_an_older_version_did_not_write(history, candidate, stranger):
    history(candidate, 7)
    history(stranger, 3)
    before = kept()
    Attempt.objects.filter(user=candidate).delete()
    Attempt.objects.filter(pk__in=Attempt.objects.order_by("pk").values("pk")[:1]).delete()
    said = StringIO()
    call_command("migrate", stdout=said)
    assert kept() == before
    call_command("migrate", verbosity=0)
    assert kept() == before


def test_it_costs_one_question_where_nothing_is_left_out(history, candidate):
    history(candidate, 5)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        count_what_is_not_counted(using="default", verbosity=0)
    assert len(asked) == 1


def test_what_counts_for_nobody_is_not_tried_again_and_again(history, candidate):
    history(candidate, 2)
    Attempt.objects.all().delete()
    Participant.objects.all().delete()
    assert recording.catch_up() == 0


def test_a_database_in_an_earlier_state_is_left_alone():
    states = MigrationLoader(connection)
    assert recording.fits(states.project_state().apps)
    assert recording.fits(apps)
    for earlier in ("0001_initial", "0010_practice_and_sharing"):
        state = states.project_state(("interviews", earlier))
        assert not recording.fits(state.apps)
