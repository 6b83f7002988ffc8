"""Who may do what: every address × method × kind of person, written down and reviewed.

Adding a route: add a row to the group it belongs to, under its name (`interviews:room`), with a rule for each
method it takes. A route without a row fails `test_matrix`, and so does a method without a rule that lets
somebody in. Rules name who is let in and who is refused; everybody else is an outsider:

- `yes`: let in. What was asked may still fail for another reason (nothing to show, a form left empty).
- `no`: 403, somebody inside with the wrong role.
- outsiders: 404 when they are signed in; without being signed in the page to sign in (`login`), 404 where a
  part or a program asks (`none`), or 401 from the API (`who`).

Where the state of the room matters, a rule is a dict by state. Add a new name in an address
(`<int:thing_id>`) to `world.furnished`, a body that a POST needs to get as far as its check to `BODIES`,
and a new secret to `world.plant` or `world.furnished` with one of the
words of `canaries`.
DESIGN.md §5 is what this table is held against.
"""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.access.world import (
    ANONYMOUS,
    CANDIDATE,
    DONE,
    INTERVIEWER,
    KINDS,
    LIVE,
    OBSERVER,
    OPEN,
    OTHER_CANDIDATE,
    OWNER,
    SHARE,
    TOKEN,
)

METHODS = ("GET", "POST", "DELETE")
YES, NO, NONE, LOGIN, WHO = "yes", "no", "none", "login", "who"
NOT_SIGNED_IN = (ANONYMOUS, SHARE, TOKEN)
SEATED = (CANDIDATE, INTERVIEWER, OBSERVER)


@dataclass(frozen=True)
class Rule:
    """What each kind of person gets."""

    outcomes: dict[str, str]

    def of(self, kind: str) -> str:
        return self.outcomes[kind]


def rule(
    yes: tuple[str, ...] = (), no: tuple[str, ...] = (), *, out: str = LOGIN, outsiders: str = NONE
) -> Rule:
    """Return a rule: who is let in, who has the wrong role, and what others get, signed in or not (`out`)."""
    outcomes = {kind: out if kind in NOT_SIGNED_IN else outsiders for kind in KINDS}
    return Rule(outcomes | dict.fromkeys(no, NO) | dict.fromkeys(yes, YES))


def quiet(found: Rule) -> Rule:
    """Return the same for parts that answer 404 to those who are not signed in, too."""
    return Rule({kind: NONE if outcome == LOGIN else outcome for kind, outcome in found.outcomes.items()})


EVERYBODY = rule(KINDS)
SIGNED_IN = rule(tuple(kind for kind in KINDS if kind not in NOT_SIGNED_IN))
BACK_TO_SIGN_IN = Rule(dict.fromkeys(KINDS, LOGIN))
OWN = rule((CANDIDATE,))
NOBODY = rule(out=NONE)
ALL_SEATS = rule(SEATED)
PLAYERS = rule((CANDIDATE, INTERVIEWER), (OBSERVER,))
CANDIDATES = rule((CANDIDATE,), (INTERVIEWER, OBSERVER))
INTERVIEWERS = rule((INTERVIEWER,), (CANDIDATE, OBSERVER))
WRONG_ROLE = rule((), SEATED)
# Of what is scored: nothing is there before it is handed in, and between people it opens to all at once.
SCORES = {LIVE: quiet(rule((), (OBSERVER,))), DONE: quiet(WRONG_ROLE), OPEN: quiet(PLAYERS)}
# The API knows a token, and its person's own things alone.
API_ANYBODY = Rule(rule(tuple(kind for kind in KINDS if kind not in (ANONYMOUS, SHARE)), out=WHO).outcomes)
API_OWN = rule((CANDIDATE, TOKEN), (INTERVIEWER, OBSERVER), out=WHO)
API_NOT_YET = Rule(API_OWN.outcomes | {CANDIDATE: NONE, TOKEN: NONE})
API_CLOSED = Rule(API_OWN.outcomes | {CANDIDATE: NO, TOKEN: NO})
API_MINE = rule((CANDIDATE, TOKEN), out=WHO)

Rules = dict[str, Rule | dict[str, Rule]]
PUBLIC: dict[str, Rules] = {
    "home": {"GET": EVERYBODY},
    "healthz": {"GET": EVERYBODY},
    "readyz": {"GET": EVERYBODY},
    "casestudies:list": {"GET": EVERYBODY},
    "casestudies:surprise": {"GET": EVERYBODY},
    "casestudies:frameworks": {"GET": EVERYBODY},
    "casestudies:framework": {"GET": EVERYBODY},
    "casestudies:case": {"GET": EVERYBODY},
    "casestudies:brief": {"GET": EVERYBODY},
    "guide:list": {"GET": EVERYBODY},
    "guide:page": {"GET": NOBODY},  # none is loaded here; they are public
    "accounts:guest": {"POST": EVERYBODY},
    "interviews:start": {"POST": EVERYBODY},
    "interviews:reveal_case": {"POST": EVERYBODY},
    "interviews:join": {"GET": EVERYBODY, "POST": EVERYBODY},  # who holds the link: test_joining
    "api:openapi-json": {"GET": EVERYBODY},
    "api:api-root": {"GET": NOBODY},
}
PERSONAL: dict[str, Rules] = {
    "accounts:keep": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts:profile": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "passkeys:add": {"GET": SIGNED_IN, "POST": SIGNED_IN},  # guests: test_passkeys
    "passkeys:change": {"GET": OWN, "POST": OWN},
    "passkeys:remove": {"POST": OWN},
    "mfa_reauthenticate_webauthn": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    # A passkey that does not fit leads back to the page to sign in.
    "passkeys:sign_in": {"GET": EVERYBODY, "POST": BACK_TO_SIGN_IN},
    "interviews:history": {"GET": SIGNED_IN},
    "interviews:calibration": {"GET": SIGNED_IN},
    "interviews:calibrate": {"GET": rule(), "POST": rule()},  # of samples alone: test_calibration
    "interviews:calibrated": {"GET": rule()},
    "interviews:make_token": {"POST": SIGNED_IN},
    "interviews:revoke_token": {"POST": OWN},
    "interviews:ask_for_export": {"POST": SIGNED_IN},
    "interviews:export_state": {"GET": SIGNED_IN},
    "interviews:download_export": {"GET": OWN},
    "interviews:delete_everything": {"GET": SIGNED_IN, "POST": SIGNED_IN},
}
ROOM: dict[str, Rules] = {
    "interviews:room": {"GET": ALL_SEATS},
    "interviews:phase_bar": {"GET": ALL_SEATS},
    "interviews:advance_phase": {"POST": PLAYERS},
    "interviews:pause": {"POST": PLAYERS},
    "interviews:resume": {"POST": PLAYERS},
    "interviews:extend": {"POST": PLAYERS},
    "interviews:come_back": {"POST": PLAYERS},
    "interviews:leave": {"POST": PLAYERS},
    "interviews:abandon": {"POST": CANDIDATES},
    "interviews:hints": {"GET": PLAYERS, "POST": PLAYERS},
    "interviews:ask": {"GET": ALL_SEATS, "POST": CANDIDATES},
    "interviews:answer": {"POST": INTERVIEWERS},
    "interviews:follow_up": {"GET": PLAYERS, "POST": CANDIDATES},
    "interviews:curveball": {"GET": ALL_SEATS, "POST": PLAYERS},
    "interviews:close_curveball": {"POST": PLAYERS},
    "interviews:events": {"GET": ALL_SEATS},
    "interviews:people": {"GET": ALL_SEATS},
    "interviews:invite": {"GET": CANDIDATES, "POST": CANDIDATES},
    "interviews:revoke_invitation": {"POST": CANDIDATES},
    "interviews:live_marks": {"GET": INTERVIEWERS, "POST": INTERVIEWERS},
    "interviews:preview_notes": {"POST": ALL_SEATS},
    "interviews:submit": {"GET": CANDIDATES, "POST": CANDIDATES},
}
BOARD: dict[str, Rules] = {
    "interviews:add_image": {"POST": quiet(PLAYERS)},
    "interviews:board_image": {"GET": quiet(ALL_SEATS)},
    "interviews:board_history": {"GET": quiet(ALL_SEATS)},
    "interviews:board_versions": {"GET": quiet(ALL_SEATS), "POST": quiet(PLAYERS)},
    "interviews:compare_versions": {"GET": quiet(ALL_SEATS)},
    "interviews:board_version": {
        "GET": quiet(ALL_SEATS),
        "POST": quiet(PLAYERS),
        "DELETE": quiet(CANDIDATES),
    },
}
AFTERWARDS: dict[str, Rules] = {
    "interviews:replay": {"GET": {LIVE: quiet(WRONG_ROLE), DONE: quiet(ALL_SEATS), OPEN: quiet(ALL_SEATS)}},
    "interviews:retry": {"POST": CANDIDATES},
    "interviews:self_score": {"GET": CANDIDATES, "POST": CANDIDATES},
    # It leads to where one waits for the others.
    "interviews:scorecard": {"GET": SCORES | {DONE: quiet(PLAYERS)}},
    "interviews:scorecard_pdf": {"GET": SCORES},
    "interviews:beside_reference": {"GET": SCORES},
    "interviews:scoring_state": {"GET": SCORES},
    "interviews:score_again": {"POST": SCORES},
}
# Between people: each scores alone, then the cards open to all at once.
ENDING: dict[str, Rules] = {
    "interviews:ending": {"GET": PLAYERS},
    "interviews:score": {"GET": INTERVIEWERS, "POST": INTERVIEWERS},
    "interviews:waive": {"POST": INTERVIEWERS},
    "interviews:open_cards": {"POST": PLAYERS},
    "interviews:reveal": {"GET": PLAYERS},
    "interviews:rate": {
        "POST": {LIVE: rule((), (INTERVIEWER, OBSERVER)), DONE: WRONG_ROLE, OPEN: CANDIDATES}
    },
    "interviews:swap": {"POST": {LIVE: rule((), (OBSERVER,)), DONE: WRONG_ROLE, OPEN: PLAYERS}},
}
API: dict[str, Rules] = {
    "api:list_cases": {"GET": API_ANYBODY},
    "api:read_case": {"GET": API_ANYBODY},
    "api:list_interviews": {"GET": API_ANYBODY},
    "api:read_progress": {"GET": API_ANYBODY},
    "api:import_interview": {"POST": API_ANYBODY},
    "api:read_interview": {"GET": API_OWN},
    "api:read_scene": {"GET": API_OWN},
    "api:read_record": {"GET": API_OWN},
    "api:read_submission": {"GET": {LIVE: API_NOT_YET, DONE: API_OWN, OPEN: API_OWN}},
    "api:list_scorecards": {"GET": {LIVE: API_NOT_YET, DONE: API_CLOSED, OPEN: API_OWN}},
    "api:ask_for_export": {"GET": API_MINE, "POST": API_ANYBODY},  # one address, two operations
    "api:read_export": {"GET": API_MINE, "POST": API_ANYBODY},
    "api:download_export": {"GET": API_MINE},
}
# The world's group: its owner, and three members, one of whom is in none of the rooms at home.
MEMBERS = rule((OWNER, CANDIDATE, INTERVIEWER, OTHER_CANDIDATE))
OWNERS = rule((OWNER,), (CANDIDATE, INTERVIEWER, OTHER_CANDIDATE))
GROUPS: dict[str, Rules] = {
    "groups:list": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "groups:calendar": {"POST": SIGNED_IN},
    "groups:feed": {"GET": EVERYBODY},  # a calendar program with the secret address
    "groups:join": {"GET": EVERYBODY, "POST": EVERYBODY},  # who holds the link
    "groups:group": {"GET": MEMBERS},
    "groups:member": {"GET": MEMBERS},  # with what that member shares
    "groups:past": {"GET": MEMBERS},
    "groups:share": {"POST": MEMBERS},
    "groups:leave": {"POST": MEMBERS},
    "groups:schedule": {"GET": MEMBERS, "POST": MEMBERS},
    "groups:rename": {"POST": OWNERS},
    "groups:settings": {"GET": OWNERS},
    "groups:disband": {"POST": OWNERS},
    "groups:hand_over": {"POST": OWNERS},
    "groups:invite": {"POST": OWNERS},
    "groups:revoke": {"POST": OWNERS},
    "groups:remove": {"POST": OWNERS},
    "groups:session": {"GET": MEMBERS},
    "groups:session_ics": {"GET": MEMBERS},
    "groups:enter": {"POST": MEMBERS},
    "groups:alone": {"POST": MEMBERS},
    "groups:answer": {"POST": MEMBERS},
    "groups:ask_swap": {"POST": MEMBERS},
    "groups:answer_swap": {"POST": MEMBERS},  # the one who was asked; the act refuses others
    # Its interviewers alone, who know the case before the others.
    "groups:another_case": {"POST": rule((INTERVIEWER,), (OWNER, CANDIDATE, OTHER_CANDIDATE))},
    "groups:open_brief": {"POST": rule((INTERVIEWER,), (OWNER, CANDIDATE, OTHER_CANDIDATE))},
    # Who planned it, here its owner.
    "groups:change": {"GET": OWNERS, "POST": OWNERS},
    "groups:cancel": {"POST": OWNERS},
    "groups:rota": {"POST": OWNERS},
    "groups:propose": {"POST": OWNERS},
}
PRACTICE: dict[str, Rules] = {
    "practice:queue": {"GET": SIGNED_IN},
    "practice:undo": {"POST": SIGNED_IN},
    "practice:tomorrow": {"POST": SIGNED_IN},
    "practice:cards": {"GET": SIGNED_IN},
    "practice:answer": {"POST": OWN},
    "practice:put_away": {"POST": OWN},
    "practice:bring_back": {"POST": OWN},
    "practice:review": {"GET": OWN},
    "practice:grade": {"POST": OWN},
    "practice:drills": {"GET": SIGNED_IN},
    "practice:new_drill": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "practice:drill": {"GET": OWN},
    "practice:save_drill": {"POST": OWN},
    "practice:hand_in_drill": {"POST": OWN},
    "practice:compare": {"GET": OWN},
    "practice:progress_pdf": {"GET": SIGNED_IN},
    "interviews:set_aim": {"POST": SIGNED_IN},
    "interviews:crosstab": {"GET": SIGNED_IN},
    "interviews:crosstab_csv": {"GET": SIGNED_IN},
    "interviews:progress_csv": {"GET": SIGNED_IN},
}
SHARES = {LIVE: rule((), (INTERVIEWER, OBSERVER)), DONE: WRONG_ROLE, OPEN: CANDIDATES}
SHARING: dict[str, Rules] = {
    "sharing:links": {"GET": SIGNED_IN},
    "sharing:revoke": {"POST": OWN},
    "sharing:shared": {"GET": EVERYBODY},  # who holds the link
    "sharing:shared_board": {"GET": EVERYBODY},
    "sharing:shared_image": {"GET": EVERYBODY},
    "interviews:share": {"GET": SHARES, "POST": SHARES},
    "interviews:share_preview": {"GET": SHARES, "POST": SHARES},
    "interviews:share_board": {"GET": SHARES},
}
PEER: dict[str, Rules] = {
    "interviews:invite_peer": {"POST": EVERYBODY},
    "interviews:lobby": {"GET": ALL_SEATS},
    "interviews:presence": {"GET": ALL_SEATS},
    "interviews:ready": {"POST": PLAYERS},
    "interviews:call_me": {"POST": ALL_SEATS},
    # The host, here the candidate.
    "interviews:begin": {"POST": CANDIDATES},
    "interviews:call_off": {"POST": CANDIDATES},
    "interviews:remove_person": {"POST": CANDIDATES},
    "interviews:hand_over": {"POST": CANDIDATES},
    "interviews:cockpit": {"GET": INTERVIEWERS},
    "interviews:cockpit_questions": {"GET": INTERVIEWERS, "POST": INTERVIEWERS},
    "interviews:cockpit_notes": {"GET": INTERVIEWERS, "POST": INTERVIEWERS},
    "interviews:edit_cockpit_note": {"POST": INTERVIEWERS},
    "interviews:take_areas": {"POST": INTERVIEWERS},
}
TABLE: dict[str, Rules] = (
    PUBLIC | PERSONAL | ROOM | BOARD | AFTERWARDS | ENDING | API | GROUPS | PRACTICE | SHARING | PEER
)
# Of others, and held to their own rules: the administration is tested for all in one test of `test_matrix`.
NOT_OURS = ("admin:", "account_")


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", b"\x89PNG", "image/png")


# What a POST must carry to get as far as the check of a role.
BODIES = {"interviews:add_image": lambda: {"file": picture()}}
