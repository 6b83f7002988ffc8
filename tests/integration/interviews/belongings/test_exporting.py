"""Everything of a person in one zip: written once, for seven days, for that person alone."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.urls import reverse
from django.utils import timezone

from interviews import events, marking, schedule, tasks
from interviews.belongings import exporting, requests
from interviews.belongings.exporting import cell
from interviews.models import ApiToken, EventKind, Export, ExportPart, Job, JobState, Scope
from interviews.models.job import LEASE, MOST_ATTEMPTS

pytestmark = pytest.mark.django_db
ASK = "/accounts/export/"


def made(person) -> Export:
    export = requests.ask(person, now=timezone.now())
    tasks.run_job(export.job_id)
    export.refresh_from_db()
    return export


def opened(browser, export: Export) -> zipfile.ZipFile:
    answer = browser.get(reverse("interviews:download_export", args=[export.pk]))
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    return zipfile.ZipFile(io.BytesIO(content))


def test_a_candidate_gets_all_of_it(scored, candidate, client_of):
    ApiToken.objects.issue(candidate, "one", [Scope.READ_CASES], timezone.now())
    archive = opened(client_of(candidate), made(candidate))
    assert archive.testzip() is None
    names = set(archive.namelist())
    [record] = [name for name in names if name.endswith("interview.json")]
    folder = record.removesuffix("interview.json")
    assert {f"{folder}board.excalidraw", f"{folder}scorecard-1-small.pdf", "interviews.csv"} <= names
    content = json.loads(archive.read(record))
    assert content["notes"]["clarify"].startswith("WORDS-OF-CLEO")
    assert content["submission"]["hash"] == scored.submission.hash
    assert content["scorecards"][0]["source"] == "engine"
    board = json.loads(archive.read(f"{folder}board.excalidraw"))
    assert (board["type"], len(board["elements"])) == ("excalidraw", len(scored.submission.scene["elements"]))
    assert archive.read(f"{folder}scorecard-1-small.pdf").startswith(b"%PDF-")
    [line] = csv.DictReader(io.StringIO(archive.read("interviews.csv").decode()))
    assert line["id"] == str(scored.pk)
    [person] = json.loads(archive.read("data/accounts.User.json"))
    assert person["email"] == candidate.email
    assert "password" not in person
    [token] = json.loads(archive.read("data/interviews.ApiToken.json"))
    assert "hash" not in token


@pytest.mark.django_db(transaction=True)
async def test_a_large_export_is_read_as_it_is_sent(candidate, monkeypatch):
    monkeypatch.setattr(exporting, "PART", 1000)
    export = await sync_to_async(made)(candidate)
    count = await export.parts.acount()
    assert count > 2
    sent = [part async for part in requests.as_file(export)]
    assert len(sent) == count
    assert zipfile.ZipFile(io.BytesIO(b"".join(sent))).testzip() is None
    stream = aiter(requests.as_file(export))
    assert await anext(stream) == sent[0]
    await export.parts.filter(number__gt=0).adelete()
    with pytest.raises(ExportPart.DoesNotExist):  # it was not read beforehand
        await anext(stream)


def test_an_interviewers_export_has_their_own_words_and_not_the_candidates(
    scored, candidate, interviewer, client_of
):
    note = {"text": "CANARY-NOTE", "step": "data"}
    events.record(scored, EventKind.NOTE_STAMPED, actor=interviewer, now=timezone.now(), payload=note)
    theirs = opened(client_of(interviewer), made(interviewer))
    words = "".join(theirs.read(name).decode("utf-8", "replace") for name in theirs.namelist())
    assert "CANARY-NOTE" in words
    assert "WORDS-OF-CLEO" not in words
    candidates = opened(client_of(candidate), made(candidate))
    assert all(b"CANARY-NOTE" not in candidates.read(name) for name in candidates.namelist())


def test_the_export_is_for_its_person_alone(scored, candidate, interviewer, stranger, client, client_of):
    url = reverse("interviews:download_export", args=[made(candidate).pk])
    for other in (interviewer, stranger):
        assert client_of(other).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_after_seven_days_it_is_gone(room, candidate, client_of):
    export = made(candidate)
    assert export.expires_at - export.ready_at == timedelta(days=7)
    Export.objects.update(expires_at=timezone.now())
    url = reverse("interviews:download_export", args=[export.pk])
    assert client_of(candidate).get(url).status_code == 404
    schedule.sweep_exports()
    assert (Export.objects.count(), ExportPart.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_asking_twice_asks_once(candidate, client_of):
    browser = client_of(candidate)
    for _ in range(2):
        assert browser.post(ASK).status_code == 302
    assert Job.objects.filter(kind="export").count() == 1
    page = browser.get("/accounts/profile/").content.decode()
    assert "Your export is being written" in page
    tasks.run_job(Job.objects.get().pk)
    page = browser.get("/accounts/profile/").content.decode()
    assert "Download your export" in page


def test_a_new_export_replaces_the_one_before(candidate):
    first = made(candidate)
    second = made(candidate)
    assert first.pk != second.pk
    assert list(Export.objects.values_list("pk", flat=True)) == [second.pk]


def test_two_workers_write_it_once(scored, candidate):
    export = requests.ask(candidate, now=timezone.now())
    slow = Job.objects.claim(export.job_id, timezone.now())
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.run_job(export.job_id)  # the sweeper found the lease run out
    parts = ExportPart.objects.count()
    with pytest.raises(exporting.LeaseLost):
        exporting.write(slow)
    assert ExportPart.objects.count() == parts
    assert Job.objects.get(pk=export.job_id).state == JobState.DONE


def test_the_progress_is_shown_and_keeps_the_lease(scored, candidate, client_of):
    export = requests.ask(candidate, now=timezone.now())
    job = Job.objects.claim(export.job_id, timezone.now())
    assert job.beat(timezone.now(), {"done": 0, "of": 1})
    state = client_of(candidate).get(f"{ASK}state/").content.decode()
    assert "interview 1 of 1" in state
    job.refresh_from_db()
    assert job.lease_until > timezone.now() + LEASE / 2


def test_an_export_that_fails_says_so(room, candidate, client_of, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "fill", broken)
    export = requests.ask(candidate, now=timezone.now())
    for _ in range(MOST_ATTEMPTS):
        Job.objects.update(run_after=timezone.now())
        tasks.run_job(export.job_id)
    page = client_of(candidate).get("/accounts/profile/").content.decode()
    assert exporting.FAILED in page


def test_an_export_that_ends_its_worker_fails_for_good(candidate):
    export = requests.ask(candidate, now=timezone.now())
    Job.objects.claim(export.job_id, timezone.now())
    Job.objects.update(attempts=MOST_ATTEMPTS, lease_until=timezone.now())
    marking.fail_worn_out(timezone.now())
    assert Job.objects.get(pk=export.job_id).state == JobState.FAILED


@pytest.mark.parametrize("formula", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_no_cell_is_a_formula(formula):
    assert cell(formula).startswith("'")


def test_numbers_stay_numbers():
    assert cell(-2) == "-2"
