"""Whoever leaves the world leaves no word in it: all tables are searched, of groups and practice too."""

import pytest
from django.utils import timezone

from interviews.belongings import erasing
from interviews.models import Drill, GroupSession, Interview, ReviewCard, Share, State
from tests.integration.access.world import AWAY, CANDIDATE, HOME, INTERVIEWER, OWNER, STATES, World
from tests.integration.interviews.belongings.conftest import where_is

pytestmark = pytest.mark.django_db


def test_a_candidate_who_leaves_takes_every_word_along(world: World):
    person = world.people[CANDIDATE]
    person.display_name = "Zenobia Quill"
    person.save(update_fields=["display_name"])
    owned = person.pk
    erasing.erase(person, now=timezone.now())
    for words in ("CANARY-DESIGN-home", "CANARY-NOTE-home", "CANARY-CARD-home", person.email, "Zenobia"):
        assert where_is(words) == set(), words
    for model in (ReviewCard, Drill, Share):
        assert not model.objects.filter(**{"owner" if model is Share else "user": owned}).exists()
    # The rooms of others, and the group's session, are as they were.
    away = [world.rooms[AWAY, state].interview.pk for state in STATES]
    assert Interview.objects.filter(pk__in=away).exclude(state=State.ABANDONED).count() == len(away)
    assert GroupSession.objects.count() == 1
    assert "interviews.Submission" in where_is("CANARY-DESIGN-away")


def test_an_interviewer_who_leaves_leaves_the_interviews(world: World):
    person = world.people[INTERVIEWER]
    erasing.erase(person, now=timezone.now())
    for words in ("CANARY-NOTE-home", "CANARY-CARD-home", person.email):
        assert where_is(words) == set(), words
    home = [world.rooms[HOME, state].interview.pk for state in STATES]
    assert Interview.objects.filter(pk__in=home).count() == len(home)
    assert "interviews.Submission" in where_is("CANARY-DESIGN-home")


def test_a_group_outlives_its_owner(world: World):
    person = world.people[OWNER]
    erasing.erase(person, now=timezone.now())
    assert where_is(person.email) == set()
    assert GroupSession.objects.get().group.memberships.filter(standing="owner").count() == 1
