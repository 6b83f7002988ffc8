"""Pictures on the board of an interview: who may add and see them, and what cannot become one."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture

from accounts.models import User
from interviews.models import Interview, Participant, Submission
from tests.factories import pictures
from tests.integration.interviews.drawing_aid import design
from whiteboard import images, log
from whiteboard.gate import GateRefusedError
from whiteboard.images_encoding import ImageRefusedError
from whiteboard.models import Image

pytestmark = pytest.mark.django_db


def add(browser: Client, interview: Interview, *uploads: bytes, name: str = "photo.png"):
    """Upload files as the page does: one form, the type that the browser guesses from the name."""
    files = [SimpleUploadedFile(name, upload, "image/png") for upload in uploads]
    return browser.post(reverse("interviews:add_image", args=[interview.pk]), {"image": files})


def picture_element(file_id: str, **more) -> dict:
    place = {"x": 0, "y": 0, "width": 200, "height": 100, "angle": 0}
    return {
        "id": "photo",
        "type": "image",
        "fileId": file_id,
        "status": "saved",
        "scale": [1, 1],
        **place,
        **more,
    }


@pytest.fixture
def others(full_room: Interview, interviewer: User, observer: User) -> Interview:
    return full_room


def test_what_is_added_is_seen_by_all_in_the_room_as_we_encoded_it(
    others, candidate, interviewer, observer, client_of
):
    upload = pictures.picture((64, 48), "navy")
    answer = add(client_of(candidate), others, upload)
    assert answer.status_code == 200
    said = answer.json()
    assert said == {
        "fileId": images.file_id_of(upload),
        "url": f"/interviews/{others.pk}/board/images/{said['fileId']}/",
        "width": 64,
        "height": 48,
        "mimeType": "image/png",
    }
    [row] = Image.objects.all()
    assert (row.board_id, row.author, row.file_id) == (others.board_id, candidate, said["fileId"])
    for user in (candidate, interviewer, observer):
        seen = client_of(user).get(said["url"])
        assert seen.content == bytes(row.data)
        assert Picture.open(io.BytesIO(seen.content)).size == (64, 48)
        assert seen["Content-Type"] == "image/png"
        assert seen["X-Content-Type-Options"] == "nosniff"
        assert seen["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_browser_that_has_it_is_told_so(interview, candidate, client_of, django_assert_max_num_queries):
    browser = client_of(candidate)
    url = add(browser, interview, pictures.picture()).json()["url"]
    etag = browser.get(url)["ETag"]
    with django_assert_max_num_queries(5):
        again = browser.get(url, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    elsewhere = url.replace("img-", "img-0")
    assert browser.get(elsewhere, headers={"if-none-match": '"img-0"'}).status_code == 404


def test_the_interviewer_draws_so_the_interviewer_adds(others, interviewer, client_of):
    assert add(client_of(interviewer), others, pictures.picture()).status_code == 200


def test_an_observer_is_told_who_can(others, observer, client_of):
    answer = add(client_of(observer), others, pictures.picture())
    assert answer.status_code == 403
    assert "Only the candidate and the interviewer" in answer.json()["error"]
    assert not Image.objects.exists()


def test_outsiders_visitors_and_removed_members_find_nothing(
    others, candidate, interviewer, stranger, client_of, client
):
    url = add(client_of(candidate), others, pictures.picture()).json()["url"]
    was_in = client_of(interviewer)
    Participant.objects.filter(interview=others, user=interviewer).update(removed_at=timezone.now())
    for browser in (client_of(stranger), client, was_in):
        assert browser.get(url).status_code == 404
        assert browser.head(url).status_code == 404
        assert add(browser, others, pictures.picture(color="red")).status_code == 404
    assert Image.objects.count() == 1


def test_a_picture_of_another_interview_is_not_here(interview, candidate, stranger, client_of):
    from tests.factories.interviews import start_interview

    theirs = start_interview(stranger)
    said = add(client_of(stranger), theirs, pictures.picture()).json()
    mine = reverse("interviews:board_image", args=[interview.pk, said["fileId"]])
    assert client_of(candidate).get(mine).status_code == 404
    assert client_of(candidate).get(said["url"]).status_code == 404


def test_a_form_of_another_site_adds_nothing(interview, candidate):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(candidate, backend="django.contrib.auth.backends.ModelBackend")
    assert add(browser, interview, pictures.picture()).status_code == 403
    assert not Image.objects.exists()
    page = browser.get(interview.get_absolute_url()).content.decode()
    token = page.split('"x-csrftoken": "')[1].split('"')[0]
    assert f"/interviews/{interview.pk}/board/images/" in page, "the board knows where to send it"
    file = SimpleUploadedFile("photo.png", pictures.picture(), "image/png")
    url = reverse("interviews:add_image", args=[interview.pk])
    assert browser.post(url, {"image": file}, headers={"x-csrftoken": token}).status_code == 200


def test_only_posts_add_and_only_gets_show(interview, candidate, client_of):
    browser = client_of(candidate)
    url = add(browser, interview, pictures.picture()).json()["url"]
    assert browser.get(reverse("interviews:add_image", args=[interview.pk])).status_code == 405
    assert browser.post(url).status_code == 405
    assert browser.delete(url).status_code == 405


def test_after_submission_it_is_seen_and_nothing_is_added(interview, candidate, client_of):
    browser = client_of(candidate)
    said = add(browser, interview, pictures.picture()).json()
    design(interview)
    log.seed(interview.board, [picture_element(said["fileId"])], {})
    interview.board.refresh_from_db()
    browser.post(reverse("interviews:submit", args=[interview.pk]))
    assert any(element["type"] == "image" for element in Submission.objects.get().scene["elements"])
    answer = add(browser, interview, pictures.picture(color="red"))
    assert answer.status_code == 409
    assert "over" in answer.json()["error"]
    assert Image.objects.count() == 1
    assert browser.get(said["url"]).status_code == 200


def test_who_submits_while_a_picture_is_opened_wins(interview, candidate, client_of, monkeypatch):
    opened = images.encode

    def open_while_somebody_submits(upload):
        Interview.objects.update(state="submitted")
        return opened(upload)

    monkeypatch.setattr(images, "encode", open_while_somebody_submits)
    assert add(client_of(candidate), interview, pictures.picture()).status_code == 409
    assert not Image.objects.exists()


BAD = {
    "nothing": (b"", 415),
    "a page": (b"<!doctype html>" + pictures.SCRIPT, 415),
    "an SVG with a script": (pictures.script_svg(), 415),
    "a film": (pictures.film("GIF"), 422),
    "half a picture": (pictures.noise((60, 60))[:4_000], 422),
    "a bomb": (pictures.bomb(), 422),
    "over 5 MB": (pictures.picture() + bytes(5 * 1024 * 1024), 413),
}


@pytest.mark.parametrize("what", BAD)
def test_refused_with_a_sentence_and_nothing_is_kept(interview, candidate, client_of, what):
    upload, status = BAD[what]
    answer = add(client_of(candidate), interview, upload)
    assert answer.status_code == status
    sentence = answer.json()["error"]
    assert sentence.endswith(".")
    assert "error" not in sentence.lower()
    assert not Image.objects.exists()


def test_a_page_hidden_in_a_picture_does_not_come_out_again(interview, candidate, client_of):
    browser = client_of(candidate)
    said = add(browser, interview, pictures.html_in_png(), name="page.html").json()
    shown = browser.get(said["url"])
    assert shown["Content-Type"] == "image/png"
    assert b"script" not in shown.content
    assert b"<html" not in shown.content


def test_one_file_at_a_time(interview, candidate, client_of):
    browser = client_of(candidate)
    assert add(browser, interview).status_code == 422
    assert add(browser, interview, pictures.picture(), pictures.picture(color="red")).status_code == 422
    assert not Image.objects.exists()


def test_the_same_picture_is_kept_once_and_opened_once(interview, candidate, client_of, monkeypatch):
    browser = client_of(candidate)
    first = add(browser, interview, pictures.picture()).json()
    monkeypatch.setattr(images, "encode", None)
    assert add(browser, interview, pictures.picture(), name="copy.png").json() == first
    assert Image.objects.count() == 1


def test_twenty_and_no_more(interview, candidate, client_of):
    fill(interview, 20)
    browser = client_of(candidate)
    answer = add(browser, interview, pictures.picture(color="red"))
    assert answer.status_code == 409
    assert "20 pictures" in answer.json()["error"]
    assert Image.objects.count() == 20


def test_not_more_than_thirty_a_minute(interview, candidate, interviewer, client_of, monkeypatch):
    monkeypatch.setattr("interviews.uploading.MOST_A_MINUTE", 2)
    monkeypatch.setattr("interviews.uploading.time.time", lambda: 1e9 + candidate.pk * 60)
    browser = client_of(candidate)
    answers = [add(browser, interview, pictures.picture(color=color)) for color in ("red", "blue", "green")]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert Image.objects.count() == 2


def fill(interview: Interview, count: int) -> None:
    Image.objects.bulk_create(
        Image(
            board_id=interview.board_id,
            file_id=f"img-{number:036x}",
            content_type="image/png",
            width=1,
            height=1,
            data=b"-",
        )
        for number in range(count)
    )


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_twenty_one(interview, candidate):
    fill(interview, 19)
    board_id, outcome = interview.board_id, []
    first, second = (
        images.picture_of(board_id, pictures.picture(color=color), author=candidate)
        for color in ("red", "blue")
    )

    def store_second():
        try:
            outcome.append(images.store(second))
        except ImageRefusedError as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    with transaction.atomic():
        images.store(first)
        late = threading.Thread(target=store_second)
        late.start()
        while not waits_for_a_lock():
            assert late.is_alive(), "it did not wait"
    late.join()
    assert isinstance(outcome[0], ImageRefusedError)
    assert Image.objects.count() == 20


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        return cursor.fetchone()[0] > 0


def test_the_board_takes_pictures_that_were_uploaded_and_no_bytes(interview):
    file_id = images.file_id_of(b"something")
    log.seed(interview.board, [picture_element(file_id)], {})
    for bad in (
        picture_element(None),
        picture_element("data:image/png;base64,AAAA"),
        picture_element("0123456789abcdef0123456789abcdef01234567"),
        picture_element(file_id + "/../.."),
        picture_element(file_id, dataURL="data:image/svg+xml,<svg onload='alert(1)'/>"),
        picture_element(file_id, status="<b>"),
        picture_element(file_id, crop={"x": "1"}),
        picture_element(file_id, crop={"x": 1, "url": "https://example.org"}),
        picture_element(file_id, scale=["1", "1"]),
    ):
        with pytest.raises(GateRefusedError):
            log.seed(interview.board, [bad], {})


def test_a_file_that_the_board_does_not_have_does_no_harm(interview, candidate, client_of):
    design(interview)
    log.seed(interview.board, [picture_element(images.file_id_of(b"lost"))], {})
    assert submit_and_read(interview, client_of(candidate)).count(">Picture<") == 1


def test_the_scorecard_shows_the_picture_where_it_lay(interview, candidate, client_of):
    browser = client_of(candidate)
    said = add(browser, interview, pictures.picture()).json()
    design(interview)
    log.seed(interview.board, [picture_element(said["fileId"], y=600)], {})
    page = submit_and_read(interview, browser)
    assert f'<image href="{said["url"]}" x="0.0" y="600.0" width="200.0" height="100.0"' in page
    assert ">Picture<" not in page


def submit_and_read(interview: Interview, browser: Client) -> str:
    from interviews import marking
    from interviews.models import Job

    interview.board.refresh_from_db()
    browser.post(reverse("interviews:submit", args=[interview.pk]))
    for job in Job.objects.all():
        marking.run(job.pk)
    return browser.get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
