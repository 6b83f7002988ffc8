"""Whose turn it is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.groups.rota import CANDIDATE, INTERVIEWER, OBSERVER, Rota, Turn, propose

DAY = timedelta(days=1)
BEGIN = datetime(2026, 11, 1, 18, tzinfo=UTC)


def play(people: list[int], sessions: int, most: int = 2) -> list[Rota]:
    """Return the rotas of sessions one after another, each knowing those before."""
    turns: list[Turn] = []
    rotas = []
    for number in range(sessions):
        rota = propose(people, turns, most_interviewers=most)
        turns += [Turn(person, role, BEGIN + DAY * number) for person, role in rota.roles().items()]
        rotas.append(rota)
    return rotas


def test_the_first_session_goes_by_who_joined_first():
    assert propose([7, 3, 9, 1], []) == Rota(7, (3, 9), (1,))


def test_two_people_are_a_candidate_and_an_interviewer_and_change_places():
    assert play([1, 2], 3) == [Rota(1, (2,), ()), Rota(2, (1,), ()), Rota(1, (2,), ())]


def test_somebody_alone_is_the_candidate_and_nobody_at_all_is_no_rota():
    assert propose([1], []) == Rota(1, (), ())
    assert propose([], []) == Rota(None, (), ())


def test_who_was_candidate_least_recently_is_the_next_one():
    turns = [Turn(1, CANDIDATE, BEGIN), Turn(2, CANDIDATE, BEGIN - DAY), Turn(3, CANDIDATE, BEGIN + DAY)]
    assert propose([1, 2, 3], turns).candidate == 2
    assert propose([1, 2, 3, 4], turns).candidate == 4, "who never was comes before all of them"


def test_observing_is_no_turn():
    turns = [Turn(1, OBSERVER, BEGIN), Turn(2, CANDIDATE, BEGIN)]
    assert propose([2, 1], turns).candidate == 1


def test_kept_roles_stay_and_only_what_is_empty_is_given():
    rota = propose([1, 2, 3, 4], [], kept={4: CANDIDATE, 2: INTERVIEWER})
    assert rota == Rota(4, (2, 1), (3,))


def test_who_cannot_come_gets_no_turn_and_the_candidate_is_taken_from_those_who_do_not_know_the_case():
    kept = {1: CANDIDATE, 2: INTERVIEWER, 3: INTERVIEWER}
    assert propose([1, 2, 3, 4], [], kept=kept, absent={1}) == Rota(4, (2, 3), (1,))
    assert propose([1, 2, 3], [], kept=kept, absent={1}) == Rota(2, (3,), (1,)), "unless there is nobody else"


def test_two_interviewers_split_the_eight_areas():
    areas = propose([1, 2, 3], []).areas()
    assert not set(areas[2]) & set(areas[3])
    assert len(areas[2]) == len(areas[3]) == 4
    assert len(propose([1, 2], []).areas()[2]) == 8


groups = st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True)


@settings(max_examples=60, deadline=None)
@given(people=groups, sessions=st.integers(1, 24), most=st.integers(1, 2))
def test_everybody_has_one_role_and_there_are_never_too_many_of_any(
    people: list[int], sessions: int, most: int
):
    for rota in play(people, sessions, most):
        assert sorted([rota.candidate, *rota.interviewers, *rota.observers]) == sorted(people)
        assert len(rota.interviewers) == min(most, len(people) - 1)


@settings(max_examples=60, deadline=None)
@given(people=groups, rounds=st.integers(1, 4), most=st.integers(1, 2))
def test_in_any_round_of_a_steady_group_everybody_is_candidate_once(
    people: list[int], rounds: int, most: int
):
    candidates = [rota.candidate for rota in play(people, len(people) * rounds, most)]
    for start in range(len(candidates) - len(people) + 1):
        assert sorted(candidates[start : start + len(people)]) == sorted(people)


@settings(max_examples=60, deadline=None)
@given(people=groups.filter(lambda found: len(found) > 1), most=st.integers(1, 2))
def test_interviewing_is_shared_out_within_two_turns(people: list[int], most: int):
    turns = dict.fromkeys(people, 0)
    for rota in play(people, 6 * len(people), most):
        for person in rota.interviewers:
            turns[person] += 1
    assert max(turns.values()) - min(turns.values()) <= 2


@settings(max_examples=60, deadline=None)
@given(data=st.data(), people=groups)
def test_the_absent_get_no_turn_whoever_keeps_what(data: st.DataObject, people: list[int]):
    absent = set(data.draw(st.lists(st.sampled_from(people), unique=True)))
    roles = st.sampled_from([CANDIDATE, INTERVIEWER, OBSERVER])
    kept = data.draw(st.dictionaries(st.sampled_from(people), roles))
    rota = propose(people, [], kept=kept, absent=absent)
    assert not absent & {rota.candidate, *rota.interviewers}
    assert sorted(rota.roles()) == sorted(people)
    assert (rota.candidate is None) == (absent == set(people))
