"""People who sign in, in a browser: invited and let in by keyboard alone, tokens, and sign-in with a provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.pages.conftest import Serving, Stage
from tests.pages.look import wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.windows import close
from tests.web.provider import CLIENT, SECRET, Provider, serving

pytestmark = pytest.mark.pages
NEW = "tram, lamp, thirty boats"


def _to(page: Page, role: Literal["button", "textbox"], name: str) -> None:
    """Tab until the control has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(60):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} can not be reached by Tab")


def test_somebody_is_invited_and_comes_in_by_keyboard_alone(stage: Stage, page: Page) -> None:
    page.goto("/accounts/")
    _to(page, "textbox", "Name")
    page.keyboard.type("vic")
    _to(page, "button", "Make a link")
    page.keyboard.press("Enter")
    link = page.get_by_role("textbox", name="Link")
    expect(link).to_be_visible()
    assert wrong_in_any_window(page, "accounts-link") == {}
    guest = stage.page(storage_state=None)
    guest.goto(link.input_value())
    assert wrong_in_any_window(guest, "join") == {}
    for name in ("Password", "Password again"):
        _to(guest, "textbox", name)
        guest.keyboard.type(NEW)
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Integrations")).to_be_visible()
    _see_what_a_viewer_sees(stage, guest)
    close(guest)


def _see_what_a_viewer_sees(stage: Stage, guest: Page) -> None:
    for name, path in (
        ("records", stage.integration),
        ("settings", f"{stage.integration}settings/"),
        ("connection", "/connections/2/"),
        ("accounts", "/accounts/"),
    ):
        guest.goto(path)
        expect(guest.locator(".why-not").first).to_contain_text("yours is viewer")
        assert wrong_in_any_window(guest, f"viewer-{name}") == {}
    expect(guest.get_by_role("button", name="Make a link")).to_have_count(0)
    guest.goto("/connections/2/")
    expect(guest.get_by_label("Server URL")).to_be_disabled()
    assert guest.request.post(f"{stage.integration}sync/").status == 403


def test_a_token_is_made_used_and_revoked(stage: Stage, page: Page) -> None:
    page.goto("/me/")
    page.get_by_label("What for").fill("nightly report")
    page.get_by_role("button", name="Make a token").click()
    field = page.get_by_role("textbox", name="Token")
    expect(field).to_be_visible()
    assert wrong_in_any_window(page, "me-token") == {}
    headers = {"Authorization": f"Bearer {field.input_value()}"}
    fresh = stage.page(storage_state=None)
    answer = fresh.request.get("/api/v1/integrations", headers=headers)
    assert "Fable Bicycles" in [one["name"] for one in answer.json()]
    page.get_by_role("button", name="Revoke the token “nightly report”").click()
    expect(page.locator("#messages")).to_contain_text("opens nothing any more")
    assert fresh.request.get("/api/v1/integrations", headers=headers).status == 401
    close(fresh)


@pytest.fixture
def elsewhere() -> Iterator[Provider]:
    """A provider on another site than the service: localhost is not 127.0.0.1."""
    with serving("localhost") as provider:
        yield provider


def test_sign_in_with_a_provider_on_another_site(
    browser: Browser, elsewhere: Provider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = {"ISSUER": elsewhere.issuer, "CLIENT": CLIENT, "SECRET": SECRET, "ROLES": "*=viewer", "NAME": "Corp"}
    own = {f"CROSSWALK_OIDC_{name}": text for name, text in told.items()}
    service = Serving(tmp_path_factory.mktemp("provider"), **own)
    try:
        page = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 800}).new_page()
        page.goto(f"/setup/?code={service.code}")
        picture(page, "setup-provider", whole=True)
        page.get_by_role("button", name="Become the owner with Corp").click()
        expect(page.get_by_role("heading", name="Integrations")).to_be_visible()
        page.goto("/me/")
        expect(page.locator(".lead")).to_contain_text("olga. Your role is owner")
        # A link on another site: the strict cookie stays away at first, and the page opens all the same.
        page.goto(elsewhere.issuer)
        page.evaluate("address => { location.href = address; }", f"{service.url}/log/?q=x")
        expect(page.get_by_role("heading", name="Log")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/log/\?q=x$"))
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in with Corp")).to_be_visible()
        assert wrong_in_any_window(page, "login-provider") == {}
        page.get_by_role("link", name="Sign in with Corp").click()
        expect(page.get_by_role("heading", name="Integrations")).to_be_visible()
        close(page)
    finally:
        assert service.stop() == 0
    assert SECRET not in "".join(service.said)
