"""The library in the admin: to be looked at; the content files are the truth."""

import pytest
from django.contrib.auth import get_user_model

from casestudies.models import CaseStudy, Criterion, Framework, Rubric

pytestmark = pytest.mark.django_db
PAGES = {"casestudy": CaseStudy, "framework": Framework, "criterion": Criterion, "rubric": Rubric}


@pytest.fixture
def browser(client_of, staff):
    get_user_model().objects.filter(pk=staff.pk).update(is_superuser=True)
    staff.refresh_from_db()
    return client_of(staff)


@pytest.mark.parametrize("page", PAGES)
def test_rows_are_listed_found_and_read_but_not_changed(browser, toy, page):
    row = PAGES[page].objects.first()
    base = f"/admin/casestudies/{page}/"
    assert browser.get(base).status_code == 200
    assert browser.get(base, {"q": "toy"}).status_code == 200
    read = browser.get(f"{base}{row.pk}/change/")
    assert read.status_code == 200
    assert 'name="_save"' not in read.content.decode()
    for path in (f"{base}add/", f"{base}{row.pk}/delete/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{base}{row.pk}/change/", {"title": "Changed"}).status_code == 403


def test_people_who_are_not_staff_do_not_get_in(client_of, candidate, toy):
    assert client_of(candidate).get(f"/admin/casestudies/casestudy/{toy.pk}/change/").status_code == 302
