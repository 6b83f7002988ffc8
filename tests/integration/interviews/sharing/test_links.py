"""A link shows what its owner chose, to anybody who has it, until it is closed; and nothing else."""

from datetime import timedelta
from itertools import combinations

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pycrdt import Doc, Map

from interviews.models import Interview, Mode, Role, Scorecard, Share, Source
from interviews.sharing import choices
from tests.factories.interviews import seat
from tests.factories.rooms import small_room
from tests.integration.interviews.sharing.conftest import CHOSEN, NEVER
from whiteboard import recording
from whiteboard.models import Image

pytestmark = pytest.mark.django_db


def everything(client, path: str) -> str:
    """Return all that a link sends: its page, its recording, and what is stored for it."""
    page = client.get(path)
    assert page.status_code == 200
    board = client.get(f"{path}board/", {"epoch": 1})
    sent = page.content + (board.content if board.status_code == 200 else b"")
    share = Share.objects.latest("pk")
    return (
        sent.decode(errors="replace") + str(share.content) + bytes(share.recording).decode(errors="replace")
    )


def test_nothing_of_others_or_of_the_case_is_in_any_link(link, client):
    for kind in ("scorecard", "replay"):
        sent = everything(client, link(kind, *choices.BY_KIND[kind]))
        for word in NEVER:
            assert word not in sent, f"{word} in a {kind}"
        assert "Cleo" in sent


@pytest.mark.parametrize("shown", [[one] for one in choices.REPLAY if one != "name"] + [["board", "notes"]])
def test_a_replay_sends_what_was_chosen_and_no_more(link, client, shown):
    sent = everything(client, link("replay", *shown))
    for choice, word in CHOSEN.items():
        assert (word in sent) == (choice in shown), f"{word} for {shown}"
    assert ("UNCITEDWORD" in sent) == ("notes" in shown)
    assert ("Hint, nudge on scope" in sent) == ("hints" in shown)
    assert ("Mine so far" in sent) == ("board" in shown)
    assert "Cleo" not in sent
    assert "1 Clarify" in sent, "the steps are its frame"


@pytest.mark.parametrize(
    "shown", [one for n in (1, 2) for one in combinations(("total", "criteria", "board"), n)]
)
def test_a_scorecard_sends_what_was_chosen_and_no_more(link, client, shown):
    sent = everything(client, link("scorecard", *shown))
    assert ("Score of this design" in sent) == ("total" in shown)
    assert ("Names the goal" in sent) == ("criteria" in shown)
    assert ("BOARDWORD" in sent) == ("board" in shown)
    assert "criteria" in shown or "data-earned" not in sent
    for word in ("NOTEWORD", "UNCITEDWORD", "QUESTIONWORD", "Cleo", "Levels that people gave"):
        assert word not in sent


def test_quotes_are_the_cited_words_alone_and_stand_under_their_criteria(link, client):
    sent = everything(client, link("scorecard", "criteria", "quotes"))
    assert "missed fraud costs" in sent
    assert "UNCITEDWORD" not in sent
    sent = everything(client, link("scorecard", "total", "quotes"))
    assert "missed fraud costs" not in sent


def test_boxes_are_called_what_the_owner_wrote_on_them(link, held, client):
    card = Scorecard.objects.get(source=Source.ENGINE)
    cited = [{"kind": "node", "element": name} for name in ("shop", "risk", "their")]
    for entry in card.report["criteria"]:
        entry["evidence"] = cited if entry["code"] == "G01" else entry["evidence"]
    card.save(update_fields=["report"])
    sent = everything(client, link("scorecard", "criteria", "board"))
    assert "On the board: BOARDWORD shop, a box without a name<" in sent
    assert "THEIR" not in sent
    assert "On the board" not in everything(client, link("scorecard", "criteria"))


def test_what_somebody_drew_who_is_gone_is_in_no_link_either(link, held, interviewer, client):
    interviewer.delete()
    for kind in ("scorecard", "replay"):
        sent = everything(client, link(kind, *choices.BY_KIND[kind]))
        assert "BOARDWORD" in sent
        assert "THEIR" not in sent


def test_levels_of_people_are_shown_without_words_and_names(link, client):
    sent = everything(client, link("scorecard", "people"))
    assert "Levels that people gave" in sent
    assert ">Interviewer" in sent
    assert "THEIRREASON" not in sent


def test_the_board_of_a_replay_plays_the_owners_part_at_its_times(link, client):
    path = link("replay", "board", "notes")
    config = client.get(path).context["config"]
    head, base, rows = recording.read(client.get(config["path"], {"epoch": config["epoch"]}).content)
    assert head["people"] == []
    assert (base, head["next"]) == (b"", None)
    assert [seq for seq, *_ in rows] == [1, 4, 5], "their box and their label are in no row"
    assert rows[0][1] == config["start"] + 2 * 60_000
    doc: Doc = Doc()
    for *_, update in rows:
        doc.apply_update(update)
    elements = doc.get("elements", type=Map)
    assert "shop" in elements
    assert "their" not in elements
    assert elements["shop"]["geom"]["x"] == 12.0, "where others moved it is no word of theirs"
    assert "UNCITEDWORD" in str(doc.get("notes", type=Map)["clarify"])


def test_the_preview_is_what_the_link_shows(held, link, candidate, client_of, client):
    browser = client_of(candidate)
    for kind, shown in (("scorecard", ["total", "criteria", "quotes"]), ("replay", ["board", "notes"])):
        sent = {"kind": kind, "shown": shown}
        seen = browser.post(reverse("interviews:share_preview", args=[held.pk]), sent)
        made = client.get(link(kind, *shown))
        assert seen.context["shared"] == made.context["shared"]
        if kind == "replay":
            answer = browser.get(seen.context["config"]["path"] + "?epoch=1")
            assert [row[0] for row in recording.read(answer.content)[2]] == [1, 4, 5]
    assert Share.objects.count() == 2, "looking at a preview stores nothing"


def test_a_closed_link_is_gone_at_once_and_its_copy_too(link, candidate, client_of, client):
    path = link("replay", "board", "notes")
    assert client.get(path).status_code == 200
    share = Share.objects.get()
    assert client_of(candidate).post(reverse("sharing:revoke", args=[share.pk])).status_code == 302
    for address in (path, f"{path}board/", f"{path}images/img-x/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "closed" in answer.content.decode()
        assert "NOTEWORD" not in answer.content.decode()
    share.refresh_from_db()
    assert (share.content, bytes(share.recording)) == ({}, b"")
    assert not share.revoke(timezone.now())


def test_a_link_ends_on_its_day_with_its_owners_account_and_with_the_interview(link, held, candidate, client):
    path = link("scorecard", "total", days="7")
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert client.get(path).status_code == 410
    assert client.get(path).status_code == 200
    candidate.is_active = False
    candidate.save()
    assert client.get(path).status_code == 410
    candidate.delete()
    assert client.get(path).status_code == 404
    assert not Share.objects.exists()


def test_a_request_that_is_sent_twice_makes_one_link(held, candidate, client_of):
    browser = client_of(candidate)
    url = reverse("interviews:share", args=[held.pk])
    sent = {"kind": "scorecard", "shown": ["total"], "key": browser.get(url).context["key"], "days": ""}
    first, second = (browser.post(url, sent).context["link"] for _ in range(2))
    assert first == second
    share = Share.objects.get()
    assert share.expires_at is None
    assert share.token_hash not in first
    assert browser.post(url, sent | {"key": "short"}).status_code == 422
    assert browser.post(url, sent | {"shown": ["name"]}).status_code == 422
    assert browser.post(url, sent | {"kind": "everything"}).status_code == 404


def test_openings_are_counted_without_the_owners_own(link, candidate, stranger, client_of, client):
    path = link("scorecard", "total")
    for browser in (client, client, client_of(stranger), client_of(candidate)):
        browser.get(path)
    client.head(path)
    share = Share.objects.get()
    assert share.opened == 3
    page = client_of(candidate).get(reverse("sharing:links")).content.decode()
    assert "opened 3 times" in page
    assert path.split("/")[2] not in page, "the address is shown once"


def test_no_search_engine_keeps_it_and_no_cache(link, client):
    for kind in ("scorecard", "replay"):
        path = link(kind, "board")
        answers = [client.get(path)] + ([client.get(f"{path}board/")] if kind == "replay" else [])
        for answer in answers:
            assert "noindex" in answer["X-Robots-Tag"]
            assert "no-store" in answer["Cache-Control"]
            assert answer["Referrer-Policy"] == "no-referrer"
        assert 'name="robots"' in answers[0].content.decode()
        assert client.post(path).status_code == 405


def test_pictures_of_the_owner_come_with_the_board_and_no_others(
    link, image, held, interviewer, candidate, client
):
    theirs = Image.objects.create(
        board=held.board, file_id="img-theirs", content_type="image/png", width=1, height=1, data=b"x",
        author=interviewer, at=timezone.now(),
    )  # fmt: skip
    with_board, without = link("replay", "board"), link("replay", "notes")
    assert client.get(f"{with_board}images/{image.file_id}/").content == bytes(image.data)
    for path, file_id in ((with_board, theirs.file_id), (without, image.file_id), (with_board, "img-none")):
        assert client.get(f"{path}images/{file_id}/").status_code == 404
    assert client.get(f"{without}board/").status_code == 404


def test_only_the_candidate_shares_and_only_what_is_open_to_them(
    held, candidate, interviewer, observer, stranger, client_of, client, link
):
    path = link("scorecard", "total")
    share = Share.objects.get()
    asked = [("share", "get"), ("share", "post"), ("share_preview", "get"), ("share_board", "get")]
    for person, code in ((interviewer, 403), (observer, 403), (stranger, 404)):
        browser = client_of(person)
        for view, method in asked:
            url = reverse(f"interviews:{view}", args=[held.pk])
            assert getattr(browser, method)(url, {"kind": "replay", "shown": ["notes"]}).status_code == code
        assert browser.post(reverse("sharing:revoke", args=[share.pk])).status_code == 404
        assert held.case.title not in browser.get(reverse("sharing:links")).content.decode()
    for view, _ in asked:
        assert client.get(reverse(f"interviews:{view}", args=[held.pk])).status_code == 302
    assert client.get(reverse("sharing:links")).status_code == 302
    assert client.get(path).status_code == 200
    Interview.objects.filter(pk=held.pk).update(mode=Mode.PEER, cards_opened_at=None)
    for view, method in asked:
        answer = getattr(client_of(candidate), method)(reverse(f"interviews:{view}", args=[held.pk]))
        assert answer.status_code == 403, "between people nothing before all scorecards are open"
    assert Share.objects.count() == 1


def test_a_running_interview_is_not_shared_and_an_unknown_link_is_none(
    candidate, interviewer, client_of, client
):
    room = small_room(candidate)
    seat(room, interviewer, Role.INTERVIEWER)
    url = reverse("interviews:share", args=[room.pk])
    assert client_of(candidate).get(url).status_code == 404
    assert client.get("/shared/nothing/").status_code == 404
    assert client.get("/shared/nothing/board/").status_code == 404
