"""An upgrade without a stop: processes of a former version work on while the tables change, and beside new ones."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from crosswalk.config import read
from crosswalk.store.secrets import keyring
from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Sandboxes, free_port
from tests.django_setup import HOME, on_postgresql
from tests.scaled import former
from tests.scaled.cluster import Cluster, Stage, until
from tests.scaled.storm import Outcome, People, Storm, issue_shown, judge

pytestmark = [pytest.mark.acceptance, pytest.mark.postgres, pytest.mark.slow]
FORMER = "f80ffa23ee58155dd1a2b56d7698f76c5cec6ea5"
"""The last commit before migration 0030: from there on changes of the tables are held to what tests/store/blocking.py
asks. A later version that is released takes its place."""
OLD, NEW = ("web0", "worker0"), ("web1", "worker1")


@dataclass
class Office:
    """People who edit all the time, and what both sides have to hold at the end."""

    people: People
    here: Stage
    edits: int = 0

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Inside, somebody edits something four times a second."""
        pairs = [(left, _issue(self.people, left)) for left in self.people.names]
        ended, trouble, chance = threading.Event(), list[Exception](), random.Random(1)

        def edit() -> None:
            try:
                while not ended.wait(0.25):
                    self.edits += 1
                    self.people.edit(chance, *chance.choice(pairs), self.edits)
            except httpx2.HTTPError as error:
                trouble.append(error)

        thread = threading.Thread(target=edit)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        assert trouble == []

    def wrong(self) -> dict[str, Any]:
        """What is lost, doubled or different."""
        found = Outcome()
        judge(self.here, self.people, found)
        return found.faults


def _issue(people: People, left: str) -> str:
    feature = people.aha.get(f"/features/{left}").raise_for_status().json()["feature"]
    return issue_shown(feature)


def test_processes_of_a_former_version_work_on_while_the_tables_change(tmp_path: Path) -> None:
    tree = former.source(FORMER, tmp_path / "former")
    keyring(read({"CROSSWALK_HOME": str(HOME)}))
    with ExitStack() as stack:
        config = stack.enter_context(on_postgresql(bare=True))  # the former version makes its tables
        sandboxes = stack.enter_context(Sandboxes("jira-cloud", 0, 0))
        aha = stack.enter_context(closing(AhaPlayer(sandboxes.aha)))
        jira = stack.enter_context(closing(JiraPlayer(sandboxes.jira, sandboxes.flavour)))
        here = Stage(sandboxes, aha, jira, None, config)
        office = Office(stack.enter_context(closing(People(here))), here)
        ports = (free_port(), free_port())
        old = Cluster(config, tmp_path, ports, former.environment(tree))
        new = Cluster(config, tmp_path, ports)
        stack.callback(old.end)
        stack.callback(new.end)
        _upgrade(old, new, office, tree)
    for name in OLD + NEW:
        assert former.failures((tmp_path / f"{name}.log").read_text("utf-8")) == [], name


def _upgrade(old: Cluster, new: Cluster, office: Office, tree: Path) -> None:
    from crosswalk.store import opening, schema
    from crosswalk.store.models import Integration, Pair

    sandboxes = office.here.sandboxes
    old.start(OLD[0])
    refs = office.people.make(Storm(features=3, requirements=1, kills=0, seconds=0))
    until(lambda: old.ready(old.ports[0]).get("migrations") == "ok", old.log, every=0.2)
    old.start(OLD[1])
    joined = former.set_up(old.env(), tree, (sandboxes.aha, sandboxes.jira), [ref.key for ref in refs])
    _hooks(sandboxes, old.ports[0], joined["secret"])
    until(lambda: not office.wrong(), old.log, every=0.3)
    assert schema.missing()[0] == "store 0030_searched_people"

    with office.editing():
        opening.make_tables(old.config, opening.MADE)
        assert schema.missing() == []
        edits = office.edits
        until(lambda: office.edits > edits + 4, "people edit on the new tables")
    until(lambda: not office.wrong(), lambda: f"the old ones carry it:\n{office.wrong()}\n{old.log()}", every=0.3)
    assert httpx2.get(f"http://127.0.0.1:{old.ports[0]}/readyz?without=migrations", timeout=6).status_code == 200

    with office.editing():
        for name in NEW:
            new.start(name)
        until(lambda: bool(new.ready(new.ports[1]).get("ready")), new.log, every=0.2)
        _hooks(sandboxes, new.ports[1], joined["secret"])
        time.sleep(1)
        for name in OLD:
            assert old.stop(name) == 0, old.log()
        edits = office.edits
        until(lambda: office.edits > edits + 4, "people edit for the new ones")
    integration = Integration.objects.get(pk=joined["integration"])
    until(lambda: not office.wrong() and office.here.quiet(), lambda: f"{office.wrong()}\n{new.log()}", every=0.3)
    assert integration.trouble == ""
    assert set(Pair.objects.values_list("state", flat=True)) == {"agreed"}
    assert office.edits > 12


def _hooks(sandboxes: Sandboxes, port: int, secret: str) -> None:
    for side, account in (("aha", sandboxes.aha), ("jira", sandboxes.jira)):
        body = {"url": f"http://127.0.0.1:{port}/hooks/{side}/{secret}"}
        httpx2.post(f"{account.address}/_sandbox/hooks", json=body).raise_for_status()


def test_what_a_log_tells_of_failures_is_found() -> None:
    good = '{"event": "pair", "level": "info"}'
    printed = "Setup code: 12345"
    bad = ['{"event": "job failed", "level": "error"}', "Traceback (most recent call last):"]
    assert former.failures("\n".join([good, printed, *bad, good, ""])) == bad
