"""From a scorecard to the guide: criteria and failed checks name the page that teaches them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casestudies.models import GuidePage
from interviews import marking, submitting
from interviews.models import Interview, Job, Scorecard
from tests.integration.interviews.drawing_aid import design

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(interview, candidate) -> Scorecard:
    design(interview)
    submitting.submit(interview, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    return Scorecard.objects.get()


def test_criteria_and_checks_link_to_pages_that_exist(card, interview, candidate, client_of):
    path = reverse("interviews:scorecard", args=[interview.pk])
    page = client_of(candidate).get(path).content.decode()
    slugs = {entry["guide"] for entry in card.rubric["criteria"]}
    assert GuidePage.objects.filter(slug__in=slugs, is_shown=True).count() == len(slugs)
    for slug in slugs:
        assert f'class="guide-link" href="/guide/{slug}/"' in page
    failed = [check for check in card.report["checks"] if check["passed"] is False]
    linked = page[page.index("Design checks") :] if failed else ""
    for check in failed:
        assert f'href="/guide/{check["guide"]}/"' in linked


def test_a_page_that_is_gone_is_not_linked(card, interview, candidate, client_of):
    GuidePage.objects.update(is_shown=False)
    page = client_of(candidate).get(reverse("interviews:scorecard", args=[interview.pk])).content.decode()
    assert 'class="guide-link"' not in page


def test_a_design_can_be_held_and_read_under_nine_steps(library, candidate, client_of):
    browser = client_of(candidate)
    form = {"case": "payment-fraud", "framework": "nine-step", "level": "senior", "minutes": "35"}
    assert 'value="nine-step"' in browser.get("/cases/payment-fraud/").content.decode()
    room = browser.post("/start/", form)["Location"]
    page = browser.get(room).content.decode()
    for name in ("Problem", "Metrics", "Architecture", "Predict", "Roll out", "Upkeep"):
        assert name in page
    interview = Interview.objects.get()
    budgets = list(interview.phases.order_by("position").values_list("budget_seconds", flat=True))
    assert (len(budgets), sum(budgets)) == (9, 35 * 60)
    assert min(budgets) >= 60
    design(interview)
    submitting.submit(interview, actor=candidate, now=timezone.now())
    marking.run(Job.objects.get().pk)
    card = browser.get(reverse("interviews:scorecard", args=[interview.pk]))
    assert card.status_code == 200
    assert len([part for part in card.context["sections"] if part.slug != "people"]) == 9
    assert sum(len(part.cards) for part in card.context["sections"]) == 35
