"""OAuth 2.0 on a stage: a `System` whose Jira connection signs in by consent, with the browser of an owner."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from crosswalk_demo.sandboxes import Account
from crosswalk_sandbox.jira import build as build_jira
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.django_setup import on_sqlite
from tests.official.watch import Running
from tests.path.system import TLS, System

TOKENS = ("POST", "/oauth/token")


class Granted:
    """A `System` on Jira Cloud with an app registered at the sandbox Atlassian; `browser` is Alice's, an owner's."""

    def __init__(self, system: System, browser: Any) -> None:
        self.system, self.browser = system, browser
        self.there = system.jira_at.address
        self.app = self.register()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.system, name)

    def register(self, **more: Any) -> dict[str, str]:
        """What a developer does in Atlassian's console."""
        from crosswalk.web.views.grants import callback

        given = {"name": "Crosswalk", "callback": callback(), **more}
        found: dict[str, str] = (
            httpx2.post(f"{self.there}/_sandbox/oauth", json=given, verify=TLS).raise_for_status().json()
        )
        return found

    # ---- by hand

    def enter(self, name: str = "By consent", **changed: str) -> str:
        """Enter the app; gives the address of the consent page."""
        form = {"name": name, **self.app, **changed}
        answer = self.browser.post("/connections/new/jira/oauth/", form)
        assert answer.status_code == 200, answer.content
        return leads_to(answer)

    def consent(self, address: str, word: str = "yes", person: str = "alice") -> str:
        """Press a button of the consent page; gives the address that the browser is sent back to."""
        assert "Accept" in httpx2.get(address, verify=TLS).raise_for_status().text
        key = next(one.key for one in self.site.people.values() if one.name == person)
        answer = httpx2.post(address, data={"word": word, "person": key}, verify=TLS)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self, name: str = "By consent") -> Any:
        """Make a connection by consent, from the form to the test; gives it."""
        answer = self.browser.get(self.consent(self.enter(name)))
        connection = self.connection(name)
        assert answer.url == f"/connections/{connection.pk}/?test=now", self.said()
        assert self.check(connection)
        return self.connection(name)

    def sign_in_again(self, **how: str) -> Any:
        """Press Sign in again and consent; gives the answer to what came back."""
        answer = self.browser.post(f"/connections/{self.connection().pk}/sign-in/")
        return self.browser.get(self.consent(leads_to(answer), **how))

    def check(self, connection: Any) -> Any:
        from crosswalk.sync import service

        return service.check_connection(connection)

    def said(self) -> str:
        """The next page, with the messages that wait for it."""
        page: str = self.browser.get("/connections/").content.decode()
        return page

    # ---- looking

    def connection(self, name: str = "By consent") -> Any:
        from crosswalk.store.models import Connection

        return Connection.objects.select_related("grant").get(name=name)

    @property
    def grant(self) -> Any:
        return self.connection().grant

    def forget(self) -> None:
        """Count requests to Jira anew."""
        httpx2.delete(f"{self.there}/_sandbox/requests", verify=TLS).raise_for_status()

    @property
    def asked(self) -> int:
        """How many requests for tokens there were since `forget`."""
        return self.requests("jira").count(TOKENS)

    @property
    def server(self) -> Any:
        """What the authorisation server holds."""
        return self.system.oauth

    def revoke_access(self) -> None:
        """Have the access tokens end before their time."""
        for consent in self.server.consents:
            consent.access.clear()

    def withdraw(self) -> None:
        """What a person does under Connected apps of their account."""
        self.server.consents.clear()

    def mend(self) -> None:
        """Switch the faults off."""
        httpx2.delete(f"{self.there}/_sandbox/faults", verify=TLS).raise_for_status()

    def lose_answers(self, times: int) -> None:
        """Have the answers to requests for tokens lost after they were given."""
        self.fault("jira", kind="reset_after", path_regex="/oauth/token$", times=times)


def leads_to(answer: Any) -> str:
    """Where a page of ours that only leads on leads."""
    target = re.search('content="0;url=([^"]+)"', answer.content.decode())
    assert target is not None, answer.content
    found = html.unescape(target[1])
    assert parse_qs(urlsplit(found).query)["state"]
    return found


@contextmanager
def alone() -> Iterator[System]:
    """A System without Aha! and without an integration: quicker, for what is between a connection and Jira alone."""
    from crosswalk.sync import installation

    clock = VirtualClock()
    app, jira = build_jira("cloud", "demo", clock)
    with Running(app) as url, on_sqlite() as config:
        system = System("cloud", Account("", "", ""), Account(url, jira["email"], jira["token"]), {"jira": jira}, clock)
        system.site, system.oauth = app.state.jira.site, app.state.jira.oauth
        bridges: Any = None
        here = installation.Installation(config, system.engine_as_port(), bridges, system.now)
        with installation.instead(here), closing(system.aha), closing(system.jira):
            yield system


@contextmanager
def granting(stage: Callable[[], AbstractContextManager[System]] = alone) -> Iterator[Granted]:
    """A `Granted` over an installation; where that has an integration, it goes over the token still."""
    from django.contrib.auth.models import User
    from django.test import Client

    from crosswalk.sync import installation
    from crosswalk.sync.connect import Bridges

    with stage() as system:
        before = installation.current()
        hosts = {"atlassian_auth": system.jira_at.address, "atlassian_api": system.jira_at.address}
        config = replace(before.config, **hosts)
        bridges = Bridges(config, system.now, system.sleep)
        with installation.instead(replace(before, config=config, bridges=bridges)):
            browser = Client(SERVER_NAME="localhost")
            owner = User.objects.create(username="alice", is_staff=True, is_superuser=True)
            browser.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
            yield Granted(system, browser)
        bridges.close()
