"""Every form of every page, found by reading the pages: hostile and faulty values break nothing and are said clearly.

The forms are those that the service really shows to an owner with a whole installation behind it; a new form is found
by itself. A refused form leaves the store as it was; what is taken is shown as words, never as markup.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import NoReverseMatch, reverse

from tests.path.system import System
from tests.path.test_match import story
from tests.path.test_match_pages import work

MARKUP = '<img src=x onerror="struck()"><script>struck()</script>'
VALUES = {
    "markup": MARKUP,
    "formula": '=HYPERLINK("http://evil.example","x")',
    "path": "../../../../etc/passwd",
    "nul": "a\0b",
    "half a character": "\ud800",
    "number": "-99999999999999999999999999",
    "address": "javascript:alert(1)//http://evil.example",
    "long": "x" * 100_000,
}
MOST = 3  # inputs of a form that are tried one at a time
LONGEST = 400_000  # bytes of a page that took something, whatever was sent
HUGE = "y" * 1_000_000
BESIDE = {"Act", "JournalEntry", "RequestEntry", "Errand", "NewIntegration", "Job", "HookDelivery"}
"""Tables that only tell what was asked."""
TIMES = {"updated_at", "checked_at", "last_login"}
UNSEEN = {"version", "seen", "of", "mark", "record", "next"}
"""Inputs that no person types into: what a page remembers of itself."""
SHOWN = ("markup", "long", "huge")
"""What is looked for on the page behind a refusal, too."""
ENDS = ("/logout/", "/sign-out/")  # they take nothing, and end what the others need
SAID = re.compile(r'role="alert"|class="message error|class="trouble|class="[^"]*\bwrong\b|aria-invalid|<h1>')


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it goes and what a browser would send untouched."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, value: str) -> dict[str, str]:
        return {name: value for name, _ in self.fields}

    def with_one(self, changed: str, value: str) -> dict[str, str]:
        return {name: value if name == changed else given for name, given in self.fields}


@pytest.fixture
def browser(cloud: System) -> Any:
    """Alice's, who owns this Crosswalk."""
    from django.contrib.auth.models import User
    from django.core.signals import request_finished
    from django.test import Client

    # A service that another test built lets go of every connection, and `_writes` counts those of one.
    request_finished.disconnect(dispatch_uid="crosswalk.web.asgi")
    alice = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    alice.set_password("a boat, a bridge, a bend")
    alice.save()
    opened = Client(SERVER_NAME="localhost", raise_request_exception=False)
    opened.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return opened


@pytest.fixture
def stage(cloud: System) -> System:
    """An installation with something on every page: pairs, a conflict, somebody unknown, a value kept."""
    from django.utils import timezone

    from crosswalk.store.models import Acquaintance, DisputeRow, JournalEntry, Template
    from crosswalk.sync import errands

    pair = cloud.send(cloud.feature("Bell", 1))
    cloud.feature("Horn")
    values = {"left": "Left", "right": "Right", "held_left": "Bell", "held_right": "Bell"}
    DisputeRow.objects.create(pair=pair, field="Name", values=values, since=timezone.now())
    Acquaintance.objects.create(integration=cloud.integration, side="left", person_id="7", name="Emil", needed=1)
    Template.objects.create(name="Ours", data=cloud.integration.mapping, changed_at=timezone.now())
    story(cloud, "Horn")
    asked = {errands.MATCH: {}, errands.SEEK: {"jql": "summary ~ Horn"}, errands.LONE: {"words": "Horn"}}
    for what, given in asked.items():
        errands.begin(cloud.integration, what, given, "alice")
    work(cloud)
    JournalEntry.objects.create(
        at=timezone.now(), integration=cloud.integration, pair=pair, what="Kept.", field="Name", level="warning",
        side="right", kept='"Old"', old="Old",
    )  # fmt: skip
    return cloud


def _pages(system: System) -> Iterator[str]:
    from crosswalk.store.models import Pair
    from crosswalk.web import access

    pair = Pair.objects.filter(left_kind="feature", right_id__isnull=False).earliest("id")
    numbers = {"integration": system.integration.pk, "record": pair.pk, "connection": system.integration.jira_id}
    for name in sorted(access.NEEDS):
        if name.startswith("api:"):
            continue
        pk = next((number for start, number in numbers.items() if name.startswith(start)), 1)
        for kind in ("jira", "aha", "feature", "parts"):
            for given in ({}, {"pk": pk}, {"kind": kind}, {"pk": pk, "kind": kind}):
                try:
                    yield reverse(name, kwargs=given)
                except NoReverseMatch:
                    continue


def _forms(browser: Any, address: str) -> Iterator[Form]:
    from selectolax.lexbor import LexborHTMLParser

    answer = browser.get(address, follow=True)
    assert answer.status_code < 500, address
    if "html" not in answer.headers.get("Content-Type", ""):
        return
    page = LexborHTMLParser(answer.content.decode())
    for form in page.css("form"):
        fields: dict[str, str] = {}
        for one in form.css("input[name], textarea[name], button[name]"):
            fields.setdefault(str(one.attributes["name"]), one.attributes.get("value") or "")
        for one in form.css("select[name]"):
            options = one.css("option")
            chosen = next((option for option in options if "selected" in option.attributes), options[0])
            fields[str(one.attributes["name"])] = chosen.attributes.get("value") or ""
        fields.pop("csrfmiddlewaretoken", None)
        action = form.attributes.get("action") or address
        yield Form(address, action, (form.attributes.get("method") or "get").upper(), tuple(fields.items()))


def _found(browser: Any, system: System) -> list[Form]:
    every = {
        (re.sub(r"\d+", "N", form.action), form.method, tuple(name for name, _ in form.fields)): form
        for page in dict.fromkeys(_pages(system))
        for form in _forms(browser, page)
    }
    return [form for form in every.values() if not form.action.endswith(ENDS)]


def _writes() -> int:
    """How many rows this connection has written so far: where it stays, nothing has to be compared."""
    from django.db import connection

    return int(connection.connection.total_changes)


def _fingerprint() -> str:
    """The store as it is, without what is only an account of what was asked."""
    from django.apps import apps
    from django.contrib.auth.models import User
    from django.db import connection

    tables = [model for model in apps.get_app_config("store").get_models() if model.__name__ not in BESIDE]
    rows = []
    with connection.cursor() as cursor:
        for model in (*tables, User):
            names = [one.column for one in model._meta.concrete_fields if one.column not in TIMES]
            # The store's own text: nothing has to be unsealed or read as JSON only to be compared.
            cursor.execute(
                f"SELECT {', '.join(map(connection.ops.quote_name, names))} FROM {model._meta.db_table} ORDER BY 1"
            )
            rows.append((model.__name__, cursor.fetchall()))
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


def _send(browser: Any, form: Form, data: dict[str, str]) -> Any:
    raw = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
    if form.method == "POST":
        return browser.post(form.action, urlencode(raw), "application/x-www-form-urlencoded")
    return browser.get(f"{form.action.partition('?')[0]}?{urlencode(raw)}", follow=True)


def _followed(browser: Any, form: Form, what: str, answer: Any, same: bool) -> Any:
    """The page that an answer leads to, where something was kept, or what was sent may be said there."""
    if answer.status_code not in (301, 302, 303) or (same and not what.startswith(SHOWN)):
        return answer
    return browser.get(answer.headers["Location"], follow=True)


def _beside(field: str, answer: Any) -> bool:
    """Whether what is wrong is said beside the input called `field`, or where that leads to."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(answer.content.decode())
    for marked in page.css(f'[name="{field}"][aria-invalid=true][aria-describedby]'):
        names = str(marked.attributes["aria-describedby"]).split()
        if any(page.css_matches(f'[id="{name}"]:not(:empty)') for name in names):
            return True
    node = page.css_first(f'[name="{field}"]:not([type=hidden])')
    for _ in range(5):
        if node is None or node.tag == "form":
            return False
        if node.css(".errorlist, .reason"):
            return True
        node = node.parent
    return False


def _judged(form: Form, what: str, answer: Any, same: bool) -> list[str]:
    """What is wrong with the answer."""
    text, where = answer.content.decode("utf-8", "replace"), f"{form.method} {form.action} {what}"
    wrong = [f"{where}: {answer.status_code}"] if answer.status_code >= 500 else []
    if MARKUP in text and "html" in answer.headers.get("Content-Type", ""):
        wrong.append(f"{where}: shown as markup")
    refused = answer.status_code in (400, 409, 413, 422)
    if refused and not same:
        wrong.append(f"{where}: refused and half saved")
    if not same and len(answer.content) > LONGEST:
        wrong.append(f"{where}: kept at full length")
    if refused and not SAID.search(text):
        wrong.append(f"{where}: refused without a word")
    field = what.partition(" in ")[2]
    if answer.status_code == 422 and field and not _beside(field, answer):
        wrong.append(f"{where}: refused, and not beside the field")
    return wrong


def _tries(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """What is sent: everything hostile, nothing at all, far too much, and one input at a time."""
    for name, value in VALUES.items():
        yield name, form.filled(value)
    if form.method == "GET":
        return
    yield "missing", {}
    for field, _ in form.fields[:1]:
        yield "huge", {field: HUGE}
    typed = [field for field, _ in form.fields if field not in UNSEEN]
    for field in typed[:MOST]:
        for name in ("markup", "nul"):
            yield f"{name} in {field}", form.with_one(field, VALUES[name])
    # Each further kind of input once, of all that rows repeat, with another value each.
    kinds = {re.sub(r"\d+", "N", field): field for field in reversed(typed[MOST:])}
    for number, field in enumerate(kinds.values()):
        name = tuple(VALUES)[number % len(VALUES)]
        yield f"{name} in {field}", form.with_one(field, VALUES[name])


def test_every_form_takes_hostile_values_whole_or_says_why_not(stage: System, browser: Any) -> None:
    forms = _found(browser, stage)
    actions = {form.action.partition("?")[0] for form in forms}
    assert len(forms) > 30, actions
    ticks = ("match/tick", "import/take", "only-in-jira/take")
    ticked = {f"/integrations/{stage.integration.pk}/{part}/" for part in ticks}
    assert {"/templates/", "/templates/1/", *ticked} <= actions
    wrong: list[str] = []
    before, written = _fingerprint(), _writes()
    for form in forms:
        for what, data in _tries(form):
            answer = _send(browser, form, data)
            after = _fingerprint() if _writes() != written else before
            answer = _followed(browser, form, what, answer, after == before)
            wrong += _judged(form, what, answer, after == before)
            before, written = after, _writes()
    assert wrong == [], "\n".join(wrong)
    for page in dict.fromkeys(_pages(stage)):
        answer = browser.get(page, follow=True)
        assert answer.status_code < 500, page
        # A file that is saved says what is kept as it is; a browser never shows it as a page.
        shown = "attachment" not in answer.headers.get("Content-Disposition", "")
        assert not shown or MARKUP.encode() not in answer.content, page


def test_the_forms_of_who_is_not_signed_in_take_nothing_hostile(cloud: System) -> None:
    """The owner's account, the sign-in, an invitation: nobody comes in, nothing is kept or shown as markup."""
    from django.contrib.auth.models import User
    from django.test import Client

    from crosswalk.store import invitations
    from crosswalk.store.roles import Role

    stranger = Client(SERVER_NAME="localhost", raise_request_exception=False)
    assert _refused(stranger, "/setup/") == []
    User.objects.create(username="alice", is_staff=True, is_superuser=True)
    code = invitations.invite("eve", Role.EDITOR, "alice", cloud.now())
    assert _refused(stranger, "/login/") == []
    assert _refused(stranger, f"/join/{code}/") == []
    assert [user.username for user in User.objects.all()] == ["alice"]


def _refused(stranger: Any, page: str) -> list[str]:
    """What is wrong with how the form of an open page takes what is hostile."""
    (form,) = _forms(stranger, page)
    wrong: list[str] = []
    before = _fingerprint()
    tries = _tries(form)
    if "join" in page:  # what both fields say alike may be a password
        tries = ((what.partition(" in ")[0], {**data, "new_password2": "another"}) for what, data in tries)
    for what, data in tries:
        answer = _send(stranger, form, data)
        after = _fingerprint()
        wrong += _judged(form, what, answer, after == before)
        wrong += [] if after == before else [f"{form.action} {what}: something was kept"]
        wrong += [f"{form.action} {what}: signed in"] if "_auth_user_id" in stranger.session else []
    return wrong
