"""Three workers and two web processes on PostgreSQL, of which some are killed, end where one process on SQLite ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.django_setup import on_postgresql, on_sqlite
from tests.scaled.cluster import Cluster, Stage, cluster, stage, until
from tests.scaled.digest import MARK, state

pytestmark = [pytest.mark.acceptance, pytest.mark.postgres, pytest.mark.slow]
FEATURES = 4


def play(here: Stage, cut: Callable[[str], None]) -> None:
    """The story. `cut` is told the chapter that begins, and may cut off a process."""
    from crosswalk.store.models import Pair
    from crosswalk.sync import service

    release = here.aha.get("/products/FAB/releases")["releases"][0]["id"]
    refs = []
    for number in range(FEATURES):
        body = {"name": f"{MARK} {number}", "description": f"<p>Number {number}</p>"}
        made = here.aha.post(f"/releases/{release}/features", {"feature": body})["feature"]
        here.aha.post(f"/features/{made['id']}/requirements", {"requirement": {"name": f"{MARK} {number} part"}})
        refs.append(service.find_ref(here.integration, made["reference_num"]))
    service.send(here.integration, refs, "a test")
    mine = Pair.objects.filter(title__startswith=MARK)
    until(lambda: mine.exclude(right_id=None).count() >= 2, "the first is sent")
    cut("sending")
    until(lambda: mine.exclude(right_id=None).count() == 2 * FEATURES and here.quiet(), "all are sent")
    cut("editing")
    for number, pair in enumerate(mine.filter(kind="feature").order_by("title")):
        if number % 2:
            here.aha.put(f"/features/{pair.left_id}", {"feature": {"name": f"{MARK} {number} of Aha!"}})
            here.jira.edit(pair.right_key, duedate="2027-03-01")
        else:
            here.jira.edit(pair.right_key, summary=f"{MARK} {number} of Jira")
            here.aha.put(f"/features/{pair.left_id}", {"feature": {"description": f"<p>Changed {number}</p>"}})
            here.jira.send("POST", f"/issue/{pair.right_key}/comment", {"body": f"said {number}"})
    until(lambda: carried(here, mine), lambda: f"all edits are carried:\n{state(here)}", every=0.5)


def carried(here: Stage, mine: Any) -> bool:
    """Whether each feature has the name that was given last, on the other side too, and nothing is left to do."""
    wanted = {f"{MARK} {number} of {'Aha!' if number % 2 else 'Jira'}" for number in range(FEATURES)}
    known = set(mine.filter(kind="feature").values_list("title", flat=True))
    return known == wanted and here.quiet() and all(_same(here, pair) for pair in mine.filter(kind="feature"))


def _same(here: Stage, pair: Any) -> bool:
    feature, number = here.aha.record("features", pair.left_key), int(pair.title.split()[1])
    issue = here.jira.get(f"/issue/{pair.right_key}", fields="summary,description,comment")["fields"]
    if feature["name"] != issue["summary"]:
        return False
    if number % 2:
        return str(feature["due_date"]) == "2027-03-01"
    comments = here.aha.get(f"/features/{feature['id']}/comments")["comments"]
    return f"Changed {number}" in issue["description"] and len(comments) == 1


def told(found: str) -> str:
    return hashlib.sha256(found.encode()).hexdigest()


def alone(folder: Path) -> str:
    """The story on the embedded engine, undisturbed."""
    with on_sqlite() as config, stage(config) as here, cluster(config, folder, 1, 0) as processes:
        here.hooks(processes.ports[0])
        play(here, lambda _: None)
        return state(here)


def together(folder: Path) -> str:
    """The story on many processes: a worker is killed while it sends, then a web process while hooks come."""
    with on_postgresql() as config, stage(config) as here, cluster(config, folder, 2, 3) as processes:
        for port in processes.ports:
            here.hooks(port)
        play(here, lambda chapter: processes.kill({"sending": "worker0", "editing": "web0"}[chapter]))
        _check(here, processes)
        return state(here)


def _check(here: Stage, processes: Cluster) -> None:
    """What many processes must not do: make something twice. Limits are judged in the storm, whose people act at pages;
    here they ask by the account that Crosswalk has, beside its budget."""
    for side in ("aha", "jira"):
        audit = here.audit(side)
        assert not any(audit["doubles"].values()), audit
    until(lambda: bool(processes.ready(processes.ports[1]).get("ready")), processes.log)


def test_many_processes_end_where_one_does(tmp_path: Path) -> None:
    one, many = alone(tmp_path / "one"), together(tmp_path / "many")
    assert one.count("\n") + 1 == FEATURES * 5
    assert many.splitlines() == one.splitlines()
    assert told(many) == told(one)
