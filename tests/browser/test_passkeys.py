"""A person adds a passkey, signs out, and signs in with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_accessible import overflow, serious_findings

pytestmark = pytest.mark.browser
PASSWORD = "a long enough pass phrase"


def device(page: Page) -> None:
    """Give the browser a device that keeps passkeys and knows its person."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    built_in = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    can = dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    line.send("WebAuthn.addVirtualAuthenticator", {"options": built_in | can})


def is_fit(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) <= 0, page.url
    assert serious_findings(page) == []


def test_a_passkey_is_added_and_signs_in(new_person: Callable[..., Page]) -> None:
    page = new_person(host="localhost", reduced_motion="reduce")
    device(page)
    page.goto("/accounts/signup/")
    page.locator("[name=email]").fill("passkey@example.org")
    page.locator("main [name^=password]").fill(PASSWORD)
    page.locator("main form").first.get_by_role("button").click()
    expect(page.locator(".avatar")).to_be_visible()

    page.goto("/accounts/profile/")
    page.get_by_role("link", name="Add a passkey").click()
    is_fit(page)
    page.locator("main [name^=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Laptop")
    is_fit(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Your passkey is added")).to_be_visible()
    expect(page.get_by_role("region", name="Passkeys")).to_contain_text("never used")
    page.get_by_role("link", name="Change Laptop").click()
    expect(page.get_by_role("button", name="Remove this passkey")).to_be_visible()

    page.locator(".avatar").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/accounts/profile/")
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_visible()
    is_fit(page)
    button.click()
    expect(page.get_by_role("region", name="Passkeys")).to_contain_text("last used on")
    is_fit(page)
