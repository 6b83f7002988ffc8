"""Who may call: a token within its scopes, a browser with its CSRF token, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from interviews.models import ApiToken, Job, Lasts, Scope
from tests.integration.interviews.api.conftest import Caller

pytestmark = pytest.mark.django_db
READS = {
    "cases": Scope.READ_CASES,
    "interviews": Scope.READ_INTERVIEWS,
    "progress": Scope.READ_PROGRESS,
}


@pytest.mark.parametrize(("path", "scope"), READS.items())
def test_a_token_does_what_its_scope_says_and_nothing_more(candidate, calling, path, scope):
    assert calling(candidate, scope).get(path).status_code == 200
    others = [other for other in Scope.values if other != scope]
    refused = calling(candidate, *others).get(path)
    assert refused.status_code == 403
    assert refused.json() == {"error": f"This token may not do that: it lacks the scope {scope}."}


def test_nobody_gets_nothing(client):
    answer = client.get("/api/v1/interviews")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "Make one in your settings" in answer.json()["error"]


def test_who_writes_without_a_token_is_told_to_send_one():
    program = Client(enforce_csrf_checks=True)
    for path in ("export", "interviews/import"):
        answer = program.post(f"/api/v1/{path}", b"{}", content_type="application/json")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert "Make one in your settings" in answer.json()["error"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("header", ["Bearer mb_nothing", "Bearer ", "Bearer x y", "Basic abc", "Token abc"])
def test_a_header_that_is_no_token_is_refused(candidate, header):
    assert Client(headers={"Authorization": header}).get("/api/v1/interviews").status_code == 401


def test_a_bad_token_is_refused_even_in_a_browser_that_is_signed_in(candidate, client_of):
    browser = client_of(candidate)
    assert browser.get("/api/v1/interviews", headers={"Authorization": "Bearer mb_old"}).status_code == 401


def test_a_revoked_token_ends_at_once(candidate, calling):
    caller = calling(candidate)
    assert caller.get("interviews").status_code == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert caller.get("interviews").status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("get", path) for path in READS),
        ("get", "export"),
        ("post", "export"),
        ("post", "interviews/import"),
    ],
)
def test_an_expired_token_is_refused_on_every_road_and_says_on_which_day_it_ended(candidate, method, path):
    type(candidate).objects.filter(pk=candidate.pk).update(time_zone="Pacific/Kiritimati")
    made = datetime(2026, 3, 15, 12, tzinfo=UTC)
    _, secret = ApiToken.objects.issue(candidate, "old", list(Scope.values), made, Lasts.MONTH)
    call = getattr(Caller(secret), method)
    with time_machine.travel(made + timedelta(days=30, seconds=-1), tick=False):
        assert call(path).status_code != 401
    jobs = Job.objects.count()
    with time_machine.travel(made + timedelta(days=30), tick=False):
        refused = call(path)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    # The owner's day: on that island it is the 15th when it is still the 14th in Greenwich.
    assert refused.json() == {
        "error": "This token expired on 15 April 2026. Make a new one in your settings."
    }
    assert Job.objects.count() == jobs


def test_an_expired_token_is_refused_in_a_browser_that_is_signed_in_and_a_revoked_one_tells_no_day(
    candidate, client_of
):
    long_ago = timezone.now() - timedelta(days=400)
    token, secret = ApiToken.objects.issue(candidate, "old", list(Scope.values), long_ago, Lasts.YEAR)
    header = {"Authorization": f"Bearer {secret}"}
    answer = client_of(candidate).get("/api/v1/interviews", headers=header)
    assert answer.status_code == 401
    assert "expired on" in answer.json()["error"]
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    answer = client_of(candidate).get("/api/v1/interviews", headers=header)
    assert answer.status_code == 401
    assert "expired" not in answer.json()["error"]


def test_a_token_ends_with_the_account(candidate, calling):
    caller = calling(candidate)
    candidate.is_active = False
    candidate.save()
    assert caller.get("interviews").status_code == 401


def test_a_guests_token_ends_with_the_visit(client, calling):
    guest = User.objects.create_guest(timezone.now())
    caller = calling(guest)
    assert caller.get("interviews").status_code == 200
    User.objects.filter(pk=guest.pk).update(guest_until=timezone.now() - timedelta(seconds=1))
    assert caller.get("interviews").status_code == 401


def test_the_day_it_was_last_used_is_kept(candidate, calling):
    calling(candidate).get("interviews")
    assert ApiToken.objects.get().used_on == timezone.now().date()


def test_a_browser_reads_and_writes_only_with_a_csrf_token(candidate):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(candidate, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/interviews").status_code == 200
    refused = browser.post("/api/v1/export")
    assert refused.status_code == 403
    assert "X-CSRFToken" in refused.json()["error"]
    assert not Job.objects.exists()
    browser.get("/accounts/profile/")
    token = browser.cookies["csrftoken"].value
    assert browser.post("/api/v1/export", headers={"X-CSRFToken": token}).status_code == 202


def test_a_token_needs_no_csrf_token(candidate, calling):
    caller = calling(candidate)
    caller.client.handler.enforce_csrf_checks = True
    assert caller.post("export").status_code == 202


def test_too_many_requests_are_refused_for_a_minute(candidate, stranger, calling, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    caller = calling(candidate)
    assert [caller.get("interviews").status_code for _ in range(3)] == [200, 200, 429]
    assert calling(stranger).get("interviews").status_code == 200


def test_an_unknown_address_says_so_in_json(candidate, calling):
    answer = calling(candidate).get("nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": "There is nothing at this address."})


def test_the_description_is_there_and_every_operation_names_its_errors_alike(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {path.removeprefix("/api/v1") for path in described["paths"]} >= {
        "/cases", "/cases/{slug}", "/interviews", "/interviews/{interview_id}", "/progress", "/export",
        "/interviews/import",
    }  # fmt: skip


def test_no_page_of_it_reaches_for_other_hosts(client):
    assert client.get("/api/v1/docs").status_code == 404
