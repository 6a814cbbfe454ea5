"""Pages in states that are rare: axe-core and the keyboard find nothing where something waits, is paused or is missing.

No server runs: a thread with a database of its own renders each page for a browser that asks it for every address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.pages.keyboard import press, tab_to, walk, write
from tests.pages.look import wrong, wrong_in_any_window
from tests.pages.pictures import picture

pytestmark = pytest.mark.pages

HERE = "http://localhost"
BROKEN, LOST = "/broken/", "/lost/"
HTML = {"Accept": "text/html"}
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
APPROVED = "Approved: everything is compared once more, and what you saw is carried."
NOT_ALLOWED = (
    "The connection was refused before anything was sent: 10.20.3.4 is a private address, and this installation allows"
    " public ones only. If this is a server of your own, have the operator add 10.20.3.4, or the network around, to"
    " CROSSWALK_ALLOW_PRIVATE and start Crosswalk anew (each worker and each command needs the setting, too). Else"
    " correct the address."
)
KEPT = ("Content-Type", "Content-Security-Policy", "Location")


@dataclass
class Shown:
    """An integration whose servers do not answer, and who looks at it."""

    client: Any
    integration: Any
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    """Addresses that show what comes of a form sent there."""

    def pair(self, number: int, **fields: Any) -> Any:
        from tests.fixtures_store import make_pair

        given = {"left_kind": "feature", "left_id": str(number), "left_key": f"BOAT-{number}", "right_kind": "issue"}
        more = {"right_id": str(number), "right_key": f"SEA-{number}", "title": f"Boat {number}", "state": "agreed"}
        return make_pair(self.integration, NOW, **{**given, **more, "dirty": 1, "done": 1, "agreed_at": NOW, **fields})

    def get(self, path: str) -> dict[str, Any]:
        """The answer as a browser takes it."""
        if path in self.sent:
            return self._taken(self.client.post(path, self.sent[path], headers=HTML))
        return self._taken(self._broken(path) if path in (BROKEN, LOST) else self.client.get(path, headers=HTML))

    def post(self, path: str, body: bytes, kind: str) -> dict[str, Any]:
        """What a button sent, and the page that it leads to. Nothing works in the background: it is only asked for."""
        return self._taken(self.client.post(path, body, kind, follow=True))

    def _broken(self, path: str) -> Any:
        from django.db import OperationalError
        from django.test import RequestFactory

        from crosswalk.web.views import errors

        try:
            raise OperationalError("the server closed the connection") if path == LOST else ValueError
        except (OperationalError, ValueError):
            return errors.broken(RequestFactory().get(path))

    @staticmethod
    def _taken(answer: Any) -> dict[str, Any]:
        body = answer.getvalue()
        return {"status": answer.status_code, "body": body, "headers": {k: answer[k] for k in KEPT if k in answer}}


def stopped(shown: Shown) -> str:
    shown.integration.drift = "“Sprint” is no field of Jira any more.\n“Bug” is no issue type any more."
    from crosswalk.store import sweeps

    shown.integration.stopped = "A comparison would change 40 of 60 records, more than a quarter."
    sweeps.stop(shown.integration.pk, NOW, [[1, {"right": "overwritten"}, [], 7]])
    shown.integration.save()
    return f"/integrations/{shown.integration.pk}/?state=attention"


def deletes(shown: Shown) -> str:
    from crosswalk.store.models import RemovalRow

    for number, kind in enumerate(({}, {"doubt": True}, {"emptied": True}), 1):
        pair = shown.pair(number, state="asking", reason="It waits for your word.")
        RemovalRow.objects.create(pair=pair, side="right", since=NOW, **kind)
    return f"/integrations/{shown.integration.pk}/?state=attention"


def asked(shown: Shown) -> str:
    from crosswalk.store.models import RemovalRow
    from crosswalk.sync.removed import CHOOSE

    said = "SEA-1 was deleted in Jira. BOAT-1 in Aha! was left alone: the mapping asks."
    remedy = f"{CHOOSE} To have both again, restore SEA-1 in Jira, then press Retry."
    pair = shown.pair(1, state="asking", reason=said, remedy=remedy, code="L10")
    RemovalRow.objects.create(pair=pair, side="left", since=NOW)
    return f"/records/{pair.pk}/"


def people(shown: Shown) -> str:
    from crosswalk.store.models import Acquaintance

    for number, other in enumerate(("", "", "aa-1"), 1):
        Acquaintance.objects.create(
            integration=shown.integration,
            side="left",
            person_id=str(number),
            name=f"Emil {number}",
            email=f"emil{number}@boats.example",
            other_id=other,
            other_name="Emilia" if other else "",
            needed=0 if other else number,
            needed_at=NOW,
            reason="Nobody in Jira has exactly this address.",
        )
    return f"/integrations/{shown.integration.pk}/people/"


def paused_connection(shown: Shown) -> str:
    shown.integration.jira.paused = "Jira does not accept the token."
    shown.integration.jira.save()
    return f"/connections/{shown.integration.jira_id}/"


def not_allowed(page: str) -> Callable[[Shown], str]:
    """The test of Jira's connection failed: at home before there is an integration, in the list, or on its page."""

    def make(shown: Shown) -> str:
        jira = shown.integration.jira
        jira.server, jira.checked_at = {"trouble": NOT_ALLOWED}, NOW
        jira.save()
        if page == "/":
            shown.integration.delete()
        return page.format(jira.pk)

    return make


def waits_for_it(shown: Shown) -> str:
    paused_connection(shown)
    return f"/records/{shown.pair(1, dirty=2).pk}/"


def held(word: str) -> Callable[[Shown], str]:
    def hold(shown: Shown) -> str:
        shown.pair(1, held=word)
        return f"/integrations/{shown.integration.pk}/?state={word}"

    return hold


def excepted(page: str) -> Callable[[Shown], str]:
    """Records in step, some of them but for fields, in their list or at home."""

    def make(shown: Shown) -> str:
        for number, fields in enumerate((["Status"], ["Status", "Remaining estimate"], ["A", "B", "C", "D"], None)):
            shown.pair(number, apart=fields)
        return page.format(f"/integrations/{shown.integration.pk}/")

    return make


def besides(shown: Shown) -> str:
    """One that needs somebody for a field, and differs in others."""
    says = {"reason": "Assignee of BOAT-7 is not carried to Jira.", "remedy": "Say on the page People who that is."}
    shown.pair(7, state="asking", apart=["Status", "Sprint"], **says)
    return excepted("{}?state=except")(shown)


def shortened(shown: Shown) -> str:
    name = "A boat of many names, " * 15
    shown.integration.mapping["fields"] = {"feature": [{"aha": "name", "jira": "summary", "name": "Name"}]}
    shown.integration.save()
    shown.pair(1, title=name, base={"Name": {"left": name, "right": f"{name[:253]}…"}})
    return f"/integrations/{shown.integration.pk}/?state=agreed"


def making(**fields: Any) -> Callable[[Shown], str]:
    def make(shown: Shown) -> str:
        from crosswalk.store.models import NewIntegration

        ends = {"aha": shown.integration.aha, "jira": shown.integration.jira, "workspace": "1", "project": "2"}
        row = NewIntegration.objects.create(**ends, asked_at=NOW, **fields)
        return f"/integrations/new/{row.pk}/"

    return make


def making_inside(shown: Shown) -> str:
    """As an administrator of a Jira site sees it in an iframe there, who pressed the form's button."""
    from django.core import signing

    from crosswalk.store.connect_models import ConnectSite

    jira = shown.integration.jira
    site = ConnectSite.objects.create(
        connection=jira, client_key="sea", state="enabled", allowed_by="alice", signed_at=0, changed_at=NOW
    )
    row = making(name="Boats of the sea", step="Reading Jira: fields", done=5, total=20)(shown)
    ticket = signing.dumps({"site": site.pk, "who": "alice"}, salt="crosswalk.connect.configure")
    shown.sent["/connect/configure"] = {"ticket": ticket, "making": row.strip("/").rpartition("/")[2]}
    return "/connect/configure"


def sites(shown: Shown) -> str:
    from crosswalk.store.grant_models import Grant

    found = [{"id": str(n), "name": f"sea-{n}", "address": f"https://sea-{n}.atlassian.net"} for n in (1, 2)]
    Grant.objects.create(connection=shown.integration.jira, client_id="app", client_secret="secret", sites=found)
    return f"/connections/{shown.integration.jira_id}/site/"


def failed_load(shown: Shown) -> str:
    from crosswalk.store.models import Errand

    given = {"what": "load", "trouble": "Jira does not answer.", "remedy": "Try again later.", "code": "N1"}
    Errand.objects.create(integration=shown.integration, asked_at=NOW, finished_at=NOW, **given)
    return f"/integrations/{shown.integration.pk}/settings/"


def linking(shown: Shown) -> str:
    """Matches that are being linked."""
    from crosswalk.store.models import Errand, Finding

    here = {"integration": shown.integration, "asked_at": NOW}
    result = {"found": 2, "taken": 0, "alone": [1, 2]}
    look = Errand.objects.create(what="match", finished_at=NOW, result=result, **here)
    for place in range(2):
        ends = {"left_key": f"BOAT-{place}", "left_name": "A boat", "right_key": f"SEA-{place}", "right_name": "a boat"}
        Finding.objects.create(errand=look, place=place, kind="feature", confidence=90, ticked=True, **ends)
    more = {"asked": {"of": look.pk, "ticked": 2}, "step": "Linked 240 of 1000", "done": 240, "total": 1000}
    Errand.objects.create(what="link", person="alice", **here, **more)
    return f"/integrations/{shown.integration.pk}/match/"


def old_data(shown: Shown) -> str:
    """A plan that was made with project data of some hours before."""
    from crosswalk.store.models import Errand

    counts = {"Aha!": {}, "Jira": {}}
    plan = {"counts": counts, "patches": [], "doubts": [], "looked": 1, "alone": 0, "brake": ""}
    plan["loaded"] = (NOW - timedelta(hours=3)).isoformat()
    Errand.objects.create(what="plan", integration=shown.integration, asked_at=NOW, finished_at=NOW, result=plan)
    return f"/integrations/{shown.integration.pk}/plan/"


def refused(shown: Shown) -> str:
    from django.contrib.auth.models import User

    User.objects.update(is_staff=False, is_superuser=False)
    return "/connections/new/jira/"


def hidden(shown: Shown) -> str:
    """A record that was parked, since Jira says that there is no such issue."""
    said = "Jira says that SEA-1 is not there: Issue Does Not Exist"
    remedy = "Open it in Jira as the connection's account; give that Browse Projects."
    made = shown.pair(1, state="parked", reason=said, remedy=remedy, code="A7")
    below = {"left_kind": "requirement", "parent": made, "state": "parked", "reason": said, "remedy": remedy}
    shown.pair(2, left_key="BOAT-1-1", title="A rudder that is turned by hand", **below)
    return f"/records/{made.pk}/"


def unbroken(shown: Shown) -> str:
    """What keeps an integration from working names an address that is longer than a telephone is wide."""
    shown.integration.trouble = "For a token with scopes enter https://api.atlassian.com/ex/jira/{cloudId}."
    shown.integration.save()
    return f"/integrations/{shown.integration.pk}/"


def loading(page: str) -> Callable[[Shown], str]:
    """A load that is under way, on the integration's page or on its own."""

    def make(shown: Shown) -> str:
        from crosswalk.store.models import Errand

        for number in range(1, 8):
            shown.pair(number, dirty=1 + number % 2)
        how_far = {"step": "240 of 1,000 records looked at, about 12 minutes left", "done": 240, "total": 1000}
        Errand.objects.create(
            what="send", integration=shown.integration, asked_at=NOW, person="alice", asked={"release": ""}, **how_far
        )
        return page.format(shown.integration.pk)

    return make


def settled(shown: Shown) -> str:
    said = "BOAT-1 was deleted in Aha!; SEA-1 in Jira stays as it is."
    remedy = "Nothing waits: unlink the two to be told of it no more."
    return f"/records/{shown.pair(1, state='gone', reason=said, remedy=remedy).pk}/"


STATES: dict[str, tuple[Callable[[Shown], str], tuple[str, ...]]] = {
    "stopped": (stopped, ("The mapping does not fit any more.", "A comparison would change 40 of 60 records")),
    "deletes": (
        deletes,
        ("delete SEA-1 in Jira, too?", "deleted, or hidden from the account?", "would be emptied in Jira"),
    ),
    "asked-on-its-page": (
        asked,
        ("Say whether it is to be deleted or kept: here, on the integration's page", "Keep it"),
    ),
    "people": (people, ("Emil 2", "Emilia")),
    "paused-connection": (
        paused_connection,
        ("Paused: Jira does not accept the token.", "Correct what is wrong under Settings and press Save and test."),
    ),
    "home-failed": (not_allowed("/"), ("Its last test failed.", "See why")),
    "connections-failed": (not_allowed("/connections/"), ("10.20.3.4 is a private address", "the last test failed")),
    "connection-failed": (not_allowed("/connections/{}/"), ("10.20.3.4 is a private address", "Test connection")),
    "waits-for-connection": (waits_for_it, ("Waits for the connection",)),
    "paused": (held("paused"), ("BOAT-1",)),
    "ignored": (held("ignored"), ("BOAT-1",)),
    "except": (excepted("{}?state=except"), ("except for Status and Remaining estimate", "A, B and 2 more fields")),
    "home-except": (excepted("/"), ("In step except for fields of 3 records", "3 of the 4 in step differ in a field")),
    "besides": (besides, ("differs in Status and Sprint, too", "Differ in a field 4")),
    "shortened": (shortened, ("name shortened in Jira",)),
    "settled": (settled, ("Nothing waits: unlink the two",)),
    "hidden": (hidden, ("SEA-1 is not there", "Retry")),
    "unbroken": (unbroken, ("For a token with scopes",)),
    "loading": (loading("/integrations/{}/"), ("about 12 minutes left",)),
    "loading-there": (loading("/integrations/{}/send-all/"), ("about 12 minutes left",)),
    "grant-site": (sites, ("The sign-in opens 2 Jira sites.", "sea-2")),
    "failed-load": (failed_load, ("Jira does not answer.", "Try again later.")),
    "old-data": (old_data, ("Project data of", "Load again")),
    "linking": (linking, ("Linked 240 of 1000…", "What is done stays.")),
    "403": (refused, ("Your role does not allow this",)),
    "405": (lambda shown: f"/integrations/{shown.integration.pk}/send/", ("This address is no page",)),
    "500": (lambda _: BROKEN, ("Something broke inside Crosswalk", "Try again")),
    "503": (lambda _: LOST, ("The database does not answer", "is carried afterwards", "Try again")),
    "making": (making(step="Reading Jira: fields", done=5, total=20), ("Reading Jira: fields…",)),
    "not-made": (
        making(trouble="Jira does not answer.", remedy="Try later.", code="J1", finished_at=NOW),
        ("Jira does not answer.", "Back to the form"),
    ),
}


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """Where the database is: in the main thread the browser's driver keeps Django from it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def shown(thread: ThreadPoolExecutor) -> Iterator[Shown]:
    from tests.django_setup import on_sqlite

    opened = on_sqlite()
    thread.submit(opened.__enter__).result()
    yield thread.submit(_made).result()
    thread.submit(opened.__exit__, None, None, None).result()


def _made() -> Shown:
    from django.contrib.auth.models import User
    from django.test import Client
    from tests.fixtures_store import make_integration

    alice = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    integration = make_integration("Boats")
    for connection in (integration.aha, integration.jira):
        connection.address = NOWHERE
        connection.save()
    return Shown(client, integration)


@pytest.fixture(scope="module")
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """In the dark: the narrowest and faintest of windows. One stays open, so that the others share its renderer."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme="dark", base_url=HERE)
    stays = context.new_page()
    stays.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    stays.goto("/")
    yield context
    context.close()


@pytest.fixture
def page(telephone: BrowserContext, thread: ThreadPoolExecutor, shown: Shown) -> Iterator[Page]:
    """A window on which `shown` is all there is.

    What a page asks again and again is answered with 204, nothing new: what is walked over is not replaced meanwhile.
    """

    def answer(route: Route) -> None:
        if "hx-request" in route.request.headers:
            route.fulfill(status=204)
            return
        parts = urlsplit(route.request.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if route.request.method == "POST":
            sent = route.request.post_data_buffer or b"", route.request.headers["content-type"]
            route.fulfill(**thread.submit(shown.post, path, *sent).result())
        else:
            route.fulfill(**thread.submit(shown.get, path).result())

    opened = telephone.new_page()
    opened.set_default_timeout(60_000)
    opened.route("**/*", answer)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", STATES)
def test_a_rare_state_can_be_read_and_used(page: Page, thread: ThreadPoolExecutor, shown: Shown, name: str) -> None:
    make, says = STATES[name]
    page.goto(thread.submit(make, shown).result())
    for words in says:
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
    picture(page, f"phone-dark-{name}", whole=True)
    assert wrong(page, "phone") == {}
    assert walk(page) == []


@pytest.mark.parametrize(
    "name", ["503", "stopped", "asked-on-its-page", "home-failed", "connections-failed", "hidden", "loading"]
)
def test_a_rare_state_in_any_window(page: Page, thread: ThreadPoolExecutor, shown: Shown, name: str) -> None:
    """Not only where it is the narrowest and faintest."""
    make, says = STATES[name]
    page.goto(thread.submit(make, shown).result())
    expect(page.locator("main").get_by_text(says[0]).first).to_be_visible()
    assert wrong_in_any_window(page, name) == {}


def test_who_sent_what_is_not_taken_goes_on_in_the_field_that_is_wrong(
    page: Page, thread: ThreadPoolExecutor, shown: Shown
) -> None:
    page.goto("/connections/new/jira/")
    write(page, "Server URL", "boats.example/jira")
    press(page, "Save and test")
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    expect(page.get_by_label("Server URL")).to_be_focused()
    assert wrong(page, "phone") == {}


def test_on_a_phone_what_to_do_is_folded_and_unfolds_by_the_keyboard(
    page: Page, thread: ThreadPoolExecutor, shown: Shown
) -> None:
    def alike(shown: Shown) -> str:
        for number in range(1, 14):
            says = {"reason": "Jira refused it.", "remedy": "Say who that is. " * (12 + number % 2)}
            shown.pair(number, state="parked", **says)
        return f"/integrations/{shown.integration.pk}/?state=attention"

    page.goto(thread.submit(alike, shown).result())
    rows = page.locator(".records tbody tr")
    expect(rows).to_have_count(13)
    expect(rows.get_by_text("Say who that is.").first).to_be_hidden()
    picture(page, "phone-dark-remedies", whole=True)
    assert wrong(page, "phone") == {}
    tab_to(page, "What to do about BOAT-13")
    page.keyboard.press("Enter")
    expect(rows.first.get_by_text("Say who that is.")).to_be_visible()


def test_what_is_below_a_record_is_as_wide_as_a_phone(page: Page, thread: ThreadPoolExecutor, shown: Shown) -> None:
    """Three columns leave the words a third of it, and what to do may be long."""
    page.goto(thread.submit(hidden, shown).result())
    said = page.get_by_role("region", name="Below it").locator(".reason")
    expect(said).to_be_visible()
    assert said.evaluate("(one) => one.clientWidth") > 300


def test_a_lone_thing_to_do_is_folded_on_a_phone_and_plain_on_a_wide_screen(
    page: Page, thread: ThreadPoolExecutor, shown: Shown
) -> None:
    says = {"reason": "Jira refused it.", "remedy": "Say who that is."}
    made = thread.submit(lambda: shown.pair(1, state="parked", **says)).result()
    address = f"/integrations/{made.integration_id}/?state=attention"
    page.goto(address)
    expect(page.get_by_text("What to do")).to_be_visible()
    expect(page.get_by_text(says["remedy"])).to_be_hidden()
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(address)
    expect(page.get_by_text(says["remedy"])).to_be_visible()
    expect(page.get_by_text("What to do")).to_be_hidden()
    picture(page, "dark-remedy", whole=True)


def test_an_integration_that_is_made_inside_jira_says_how_far_it_is(
    page: Page, thread: ThreadPoolExecutor, shown: Shown
) -> None:
    page.goto(thread.submit(making_inside, shown).result())
    expect(page.get_by_text("“Boats of the sea” is being made.")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Reading Jira: fields…")
    picture(page, "phone-dark-making-inside", whole=True)
    assert wrong(page, "phone") == {}


# ---- by keyboard alone ----


def parked(shown: Shown) -> str:
    pair = shown.pair(1, state="parked", reason="Jira refused it.", agreed_at=None)
    return f"/records/{pair.pk}/"


def stopped_alike(shown: Shown) -> str:
    """Two records that Jira refused with the same words."""
    from crosswalk.store.models import JournalEntry

    for number in (1, 2):
        pair = shown.pair(number, state="parked", reason="Jira refused it.", agreed_at=None)
        given = {"level": "error", "what": "Jira refused it.", "remedy": "Mend it there.", "code": "F1"}
        JournalEntry.objects.create(integration=shown.integration, pair=pair, at=NOW, **given)
    return f"/log/?integration={shown.integration.pk}&level=error"


ACTS: dict[str, tuple[Callable[[Shown], str], tuple[str, ...], str]] = {
    "retry": (parked, ("Retry",), "BOAT-1 is being looked at now."),
    "pause": (parked, ("Pause",), "1 record is paused"),
    "ignore": (parked, ("Ignore",), "1 record is ignored until somebody presses Go on."),
    "unlink": (parked, ("Unlink…", "Unlink"), "1 record is unlinked."),
    "retry all alike": (stopped_alike, ("Retry all like it",), "2 records are being looked at again."),
    "deletes": (deletes, ("Delete it", "It was deleted", "Keep them"), "1 record is kept."),
    "a delete": (asked, ("Keep it",), "1 record is kept."),
    "a comparison": (stopped, ("Approve it",), APPROVED),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_a_button_does_is_done_by_the_keyboard(
    page: Page, thread: ThreadPoolExecutor, shown: Shown, name: str
) -> None:
    make, buttons, says = ACTS[name]
    page.goto(thread.submit(make, shown).result())
    for button in buttons:
        press(page, re.compile(f"^{re.escape(button)}$"))
    expect(page.locator("#messages")).to_contain_text(says)
    assert wrong(page, "phone") == {}
    assert walk(page) == []


def test_who_is_who_is_said_by_the_keyboard(page: Page, thread: ThreadPoolExecutor, shown: Shown) -> None:
    page.goto(thread.submit(people, shown).result())
    write(page, "Who Emil 2 is on the other side", "emilia@sea.example")
    press(page, re.compile("^Say so$"))
    # Nobody answers in Jira, so an address can not be looked up; an account id is kept, and said to be not checked.
    expect(page.get_by_role("region", name="People who were not found").get_by_role("alert")).to_be_visible()
    write(page, "Who Emil 2 is on the other side", "jira-2")
    press(page, re.compile("^Say so$"))
    expect(page.locator("#messages")).to_contain_text("Emil 2 is jira-2 on the other side.")
    by_hand = page.get_by_role("region", name="Who is who", exact=True)
    expect(by_hand.get_by_role("row").filter(has_text="Emil 2")).to_contain_text("jira-2 not checked")
    tab_to(page, re.compile("^Change who Emil 2 is"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove Emil 2")).to_be_visible()
    expect(page.get_by_role("region", name="People who were not found")).not_to_contain_text("Emil 2")
    with page.expect_file_chooser() as chooser:
        tab_to(page, "A CSV file in place of this table")
        page.keyboard.press("Enter")
    table = "aha_id,aha_name,aha_email,jira_id,jira_name\n1,Emil 1,emil1@boats.example,jira-1,Emile\n"
    chooser.value.set_files({"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode()})
    press(page, re.compile("^Upload$"))
    expect(page.locator("#messages")).to_contain_text("The table has 1 line now.")
    expect(by_hand).to_contain_text("Emile")
    assert walk(page) == []


def test_tab_is_not_taken_to_have_come_where_nothing_has_the_focus(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p>Save</p><a href='#'>Leave</a>")
    with pytest.raises(AssertionError, match="Tab never came to Save"):
        tab_to(page, "Save")
    tab_to(page, "Leave")
    page.close()


def test_a_walk_stops_at_everything_and_says_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    links = "".join(f"<a id=one{number} href='#'>One of many</a> " for number in range(20))
    page.set_content(
        "<style>:focus { outline: 2px solid } #one17:focus { outline: none }"
        " #aside { position: absolute; left: -500px }</style><a class=skip href='#'>Skip</a>"
        f"{links}<button id=aside>Aside</button><button onfocus='this.blur()'>Never</button><button>Last</button>"
    )
    found = [(what, here[:16]) for what, _, here in (one.partition(": ") for one in walk(page))]
    assert found == [
        ("no focus to be seen", '<a id="one17" hr'),
        ("cut off at the side", '<button id="asid'),
        ("hidden by something", '<button id="asid'),
        ("Tab never stops at", "<button onfocus="),
        ("Tab never stops at", "<button>Last</bu"),
    ]
    page.close()
