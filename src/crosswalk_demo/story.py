"""What the demo does: installs Crosswalk beside the sandboxes, then plays the story, or leaves it to a person."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import httpx2

from crosswalk import config
from crosswalk.web import start
from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Account, Sandboxes
from crosswalk_demo.service import Service

PATIENCE = 120.0  # seconds the check waits for anything: the machine may be busy
FEATURE_NAME, REQUIREMENT_NAME = "Renamed by a product owner", "Renamed by an engineer"


@dataclass(frozen=True, slots=True)
class Installed:
    """The demo's integration and the accounts of both sandboxes."""

    integration_id: int
    aha: Account
    jira: Account
    flavour: str
    login: str


def install(sandboxes: Sandboxes, owner: str, password: str, *, hooks: bool) -> Installed:
    """Make the database, the owner, both connections and the integration; switch it on."""
    settings = config.read(os.environ)
    start.prepare(settings)
    # Models can be imported only now.
    from django.contrib.auth.models import User

    from crosswalk.store.models import Connection
    from crosswalk.sync import service

    User.objects.create_superuser(owner, password=password)
    made = []
    for name, kind, account in (("Sandbox Aha!", "aha", sandboxes.aha), ("Sandbox Jira", "jira", sandboxes.jira)):
        connection = Connection.objects.create(
            name=name, kind=kind, address=account.address, user=account.user, secret=account.secret
        )
        service.check_connection(connection)
        made.append(connection)
    aha, jira = made
    workspace, project = service.workspaces(aha, "FAB")[0], service.projects(jira, "FAB")[0]
    integration = service.create_integration("Fable Bicycles", aha, jira, workspace.id, project.id)
    service.set_enabled(integration, True, "The demo")
    for side, account in (("aha", sandboxes.aha), ("jira", sandboxes.jira)):
        if hooks:
            target = f"{settings.url}/hooks/{side}/{integration.hook_secret.reveal()}"
            httpx2.post(f"{account.address}/_sandbox/hooks", json={"url": target}, timeout=PATIENCE).raise_for_status()
    return Installed(integration.pk, sandboxes.aha, sandboxes.jira, sandboxes.flavour, f"{owner} / {password}")


def play(installed: Installed, port: int) -> int:
    """Print where everything is, and run until Ctrl-C."""
    for line in (
        "",
        f"  Crosswalk   http://127.0.0.1:{port}   sign in: {installed.login}",
        f"  Aha!        {installed.aha.address}   sandbox; API key: {installed.aha.secret}",
        f"  Jira        {installed.jira.address}   sandbox; {installed.jira.user} / {installed.jira.secret}",
        "",
        "  Press “Send to Jira” on a feature in Crosswalk, drag the issue to In Progress in Jira, and watch Aha!.",
        "  Ctrl-C ends everything; nothing is kept.",
        "",
    ):
        _say(line)
    start.serve(config.read(os.environ), "127.0.0.1", port, kept=False)
    return 0


def check(installed: Installed, port: int) -> int:
    """Play the story, print both sides as a table, and say whether it holds: 0, or 1 with what differs."""
    service = Service(port)
    try:
        story = _Story(installed)
        with service, closing(story.aha), closing(story.jira):
            faults = story.tell()
    except (TimeoutError, LookupError, httpx2.HTTPError) as error:
        faults = [str(error)]
    if faults:
        _say(service.last_words())
    for fault in faults:
        _say(f"demo: {fault}")
    _say("demo: NOT ok" if faults else "demo: ok")
    return 1 if faults else 0


class _Story:
    """Send, move in Jira, rename in both, wait until quiet, compare."""

    def __init__(self, installed: Installed) -> None:
        from crosswalk.store.models import Integration

        self.integration = Integration.objects.get(pk=installed.integration_id)
        self.aha, self.jira = AhaPlayer(installed.aha), JiraPlayer(installed.jira, installed.flavour)
        self.expected = self.integration.mapping["statuses"]["feature"]["In Progress"]
        self.before = {issue["key"] for issue in self.jira.issues()}

    def tell(self) -> list[str]:
        """The story; what does not hold."""
        from crosswalk.store.models import Pair

        began = time.monotonic()
        feature = self.aha.feature_with_requirements(self.expected)
        self._send(feature["reference_num"], len(feature["requirements"]))
        pair = Pair.objects.get(integration=self.integration, left_kind="feature", left_id=feature["id"])
        self._move(pair.left_key, pair.right_key)
        child = Pair.objects.filter(parent=pair).order_by("pk")[0]
        self.aha.rename("features", pair.left_key, FEATURE_NAME)
        self.jira.rename(child.right_key, REQUIREMENT_NAME)
        _wait("the new name is in Jira", lambda: self.jira.summary(pair.right_key) == FEATURE_NAME)
        _wait("the new summary is in Aha!", lambda: self.aha.name("requirements", child.left_key) == REQUIREMENT_NAME)
        _wait("nothing is left to do", self._quiet)
        _say(f"demo: a rename on either side arrived; quiet after {time.monotonic() - began:.1f} s")
        return self._compare()

    def _send(self, key: str, requirements: int) -> None:
        from crosswalk.store.models import Pair
        from crosswalk.sync import service

        service.send(self.integration, [service.find_ref(self.integration, key)], "the demo")
        mine = Pair.objects.filter(integration=self.integration, kind__in=("feature", "requirement"))
        _wait("the feature is sent", lambda: mine.exclude(right_id=None).count() == 1 + requirements and self._quiet())
        _say(f"demo: {key} and its {requirements} requirements are in Jira")

    def _move(self, feature: str, issue: str) -> None:
        expected = self.expected
        self.jira.move(issue, "In Progress")
        moved = time.monotonic()
        _wait(f"{feature} is “{expected}” in Aha!", lambda: self.aha.status(feature) == expected)
        _say(f"demo: {issue} was dragged to In Progress; Aha! said “{expected}” {time.monotonic() - moved:.1f} s later")

    def _quiet(self) -> bool:
        from django.db.models import F

        from crosswalk.store.models import HookDelivery, Pair

        busy = Pair.objects.filter(integration=self.integration).exclude(dirty=F("done"))
        return not busy.exists() and not HookDelivery.objects.filter(seen_at=None).exists()

    def _compare(self) -> list[str]:
        """Print both sides beside each other; say where they differ, and what was made twice."""
        from crosswalk.store.models import Pair

        sent = Pair.objects.filter(integration=self.integration, kind__in=("feature", "requirement"))
        keys = set(sent.values_list("right_key", flat=True))
        # Jira Cloud's search knows a change a little later.
        _wait("Jira's search knows every issue", lambda: keys <= {issue["key"] for issue in self.jira.issues()})
        issues = {issue["key"]: issue for issue in self.jira.issues()}
        faults: list[str] = []
        notes: list[str] = []
        _say("")
        _say(f"  {'Aha!':<10}{'status':<22}{'Jira':<10}{'status':<14}name")
        for pair in sent.order_by("pk"):
            record = self.aha.record(f"{pair.kind}s", pair.left_key)
            issues.pop(pair.right_key)
            fields = self.jira.get(f"/issue/{pair.right_key}", fields="summary,status")["fields"]
            statuses = record["workflow_status"]["name"], fields["status"]["name"]
            row = f"  {pair.left_key:<10}{statuses[0]:<22}{pair.right_key:<10}{statuses[1]:<14}{record['name']}"
            _say(row)
            if record["name"] != fields["summary"]:
                faults.append(f"{pair.left_key} is “{record['name']}”, {pair.right_key} is “{fields['summary']}”")
            if pair.state == "asking":
                notes += [f"{pair.left_key}: {line.what} {line.why}" for line in pair.journal.filter(level="warning")]
            elif pair.state != "agreed":
                faults.append(f"{pair.left_key} is {pair.get_state_display()}: {pair.reason}")
        for line in ("", *dict.fromkeys(notes), ""):
            _say(f"  {line}")
        if extra := sorted(issues.keys() - self.before):
            faults.append(f"Jira has issues that stand for nothing: {', '.join(extra)}")
        return faults


def _wait(what: str, done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(f"after {PATIENCE:.0f} s it is not so that {what}")
        time.sleep(0.2)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
