"""Plan, explain, sweep and files, on a whole installation."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crosswalk.errors import Refused
from tests.path.system import System

APPROVED, COMPARE, SWEEP = "approval", "compare", "sweep"


def test_a_plan_says_what_sending_would_write_and_writes_nothing(system: System) -> None:
    from crosswalk.sync import service

    ref = system.feature("Bell", 2)
    before = len(system.jira.issues())
    text = service.plan_text(system.integration, [ref])
    assert "Jira: 4 to be made" in text
    assert "Make a version for" in text.partition("Make a Story for")[0]
    assert "    Name: Bell" in text
    assert len(system.jira.issues()) == before


def test_a_plan_says_what_a_change_would_write(cloud: System) -> None:
    from crosswalk.sync import service

    ref = cloud.feature("Bell")
    cloud.send(ref)
    assert "Nothing would be written: everything" in service.plan_text(cloud.integration)
    cloud.aha.rename("features", ref.key, "Brass bell")
    assert "Name: Bell → Brass bell" in service.plan_text(cloud.integration)


def test_explain_says_why(cloud: System) -> None:
    from crosswalk.sync import service

    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    cloud.aha.rename("features", ref.key, "Brass bell")
    lines = {line["field"]: line for line in service.explain(pair)}
    assert lines["Name"]["verdict"] == "carry"
    assert lines["Name"]["why"] == "Aha! changed it, Jira did not."
    assert lines["Status"]["verdict"] == "unchanged"


def test_a_sweep_finds_what_every_hook_missed_and_proves_the_rest(cloud: System) -> None:
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    refs = [cloud.feature(f"Bell {number}") for number in range(4)]
    pairs = [cloud.send(ref) for ref in refs]
    bridge = current().bridges.of(cloud.integration)
    cloud.drain()
    assert sweep(cloud.engine_as_port(), bridge, cloud.now()) == 0
    cloud.jira.rename(pairs[2].right_key, "Another bell")
    cloud.aha.post(f"/features/{refs[3].id}/requirements", {"requirement": {"name": "late"}})
    assert sweep(cloud.engine_as_port(), bridge, cloud.now()) == 2
    cloud.drain()
    assert cloud.aha.name("features", refs[2].key) == "Another bell"
    assert len(cloud.children(refs[3])) == 1
    cloud.integration.refresh_from_db()
    assert cloud.integration.swept_at == cloud.now() or cloud.integration.swept_at is not None


def test_a_file_can_be_exported_changed_and_applied(cloud: System) -> None:
    from crosswalk.sync import ascode

    text = ascode.export(cloud.integration)
    assert list(ascode.apply("x.yaml", text, dry_run=False)) == ["Fable: the mapping is as it was"]
    tags = text.replace("jira: labels\n    direction: 'off'", "jira: labels\n    direction: both")
    assert tags != text
    drift = "  Tags of a feature, direction: off → both ways."
    ref = cloud.feature("Bell", tags="loud, brass")
    cloud.send(ref)
    would = list(ascode.apply("x.yaml", tags, dry_run=True))
    assert would[:3] == ["Fable: the mapping would be changed", drift, "Fable: what that would write"]
    assert "      Tags: (none) → brass, loud" in would[3:], would
    cloud.drain()
    assert cloud.issue(cloud.pair(ref).right_key)["labels"] == [], "it is only said"
    assert list(ascode.apply("x.yaml", tags, dry_run=False)) == ["Fable: the mapping is changed", drift]
    cloud.integration.refresh_from_db()
    assert ascode.export(cloud.integration) == tags


PARTS = ("types", "fields", "statuses")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("type: Story", "type: Saga"), "x.yaml:10: types.feature: The Jira project FAB has no issue type “Saga”"),
        (
            ("jira: summary", "jira: customfield_99999"),
            "is not on the create screen of “Story”. See whether its name is",
        ),
        (
            ("workspace: FAB", "workspace: NOPE"),
            "x.yaml:4: aha.workspace: the integration is joined with “FAB” for good",
        ),
        (("connection: The jira", "connection: Other"), "x.yaml:6: jira.connection: there is no connection “Other”"),
        (("In Progress: In development", "In Progress: Cooking"), "Aha! has no status “Cooking” for a feature"),
    ],
)
def test_a_file_that_does_not_fit_changes_nothing(cloud: System, change: tuple[str, str], said: str) -> None:
    from crosswalk.sync import ascode

    mapping = cloud.integration.mapping  # what is above features has lines of the same words
    below = {part: {k: v for k, v in mapping[part].items() if k not in ("epic", "initiative")} for part in PARTS}
    cloud.remap(**below)
    text = ascode.export(cloud.integration)
    assert change[0] in text
    with pytest.raises(Refused) as refused:
        list(ascode.apply("x.yaml", text.replace(*change, 1), dry_run=False))
    assert said in str(refused.value)
    cloud.integration.refresh_from_db()
    assert ascode.export(cloud.integration) == text


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    from crosswalk.cli import main

    file = tmp_path / "x.yaml"
    file.write_bytes(b"integration: Fable\naha: \xff\n")
    told = CliRunner().invoke(main, ["apply", str(file)])
    assert (told.exit_code, told.stderr) == (
        1,
        "Error: x.yaml:2: file: it is not text in UTF-8. Save it as UTF-8.\n",
    )


def test_a_new_integration_from_a_file(cloud: System) -> None:
    from crosswalk.store.models import Integration
    from crosswalk.sync import ascode

    text = ascode.export(cloud.integration).replace("integration: Fable", "integration: Second")
    told = list(ascode.apply("x.yaml", text, dry_run=False))
    assert told[0].startswith("Second: is made: FAB · ")
    assert Integration.objects.get(name="Second").enabled


def test_what_would_change_very_much_waits_for_a_persons_word(cloud: System) -> None:
    """First ten values that somebody made alike, then a side that shows none of its issues any more."""
    from crosswalk.store.models import JournalEntry, Pair

    pairs = [cloud.send(cloud.feature(f"Bell {number}")) for number in range(10)]
    for pair in pairs:
        cloud.jira.rename(pair.right_key, "All the same")
    for word in (SWEEP, COMPARE, SWEEP):  # a person who presses Sync now has not seen what was stopped
        work(cloud, word)
    assert "10 of 11 known pairs" in cloud.integration.stopped
    assert not [pair for pair in Pair.objects.all() if pair.dirty != pair.done]
    cloud.poll()  # which tells of a change of its own hides nothing of it
    assert JournalEntry.objects.filter(what=cloud.integration.stopped, level="error").count() == 1
    page = str(browser().get(f"/integrations/{cloud.integration.pk}/").content.decode())
    assert "10 of 11 known pairs" in page
    assert page.count("Approve it</button>") == page.count("Refuse: pause the integration</button>") == 1
    assert "Open it: see what would change" in browser().get("/").content.decode()
    approve(page)
    assert cloud.engine.keys[f"{APPROVED}:{cloud.integration.pk}"] == APPROVED
    work(cloud, APPROVED)
    assert cloud.integration.stopped == ""
    cloud.drain()
    assert {pair.state for pair in Pair.objects.all()} == {"agreed"}
    for pair in pairs:
        cloud.jira.send("DELETE", f"/issue/{pair.right_key}")
    work(cloud, SWEEP)
    assert cloud.integration.stopped.startswith("Jira shows 10 of ")
    page = html.unescape(browser().get(f"/integrations/{cloud.integration.pk}/").content.decode())
    assert "See that the connection's account still sees them in Jira, and that the project or workspace" in page
    assert not [pair for pair in Pair.objects.all() if pair.dirty != pair.done]


def work(system: System, kind: str) -> None:
    """What the engine does when work of this kind is due."""
    from crosswalk.sync.handlers import build
    from crosswalk.sync.installation import current

    build(system.engine_as_port(), current().bridges, system.now)[kind].run(f"{kind}:{system.integration.pk}")
    system.integration.refresh_from_db()


def browser() -> Any:
    """Of somebody who owns this Crosswalk."""
    from django.contrib.auth.models import User
    from django.test import Client

    owner, _ = User.objects.get_or_create(username="olga", is_staff=True, is_superuser=True)
    opened = Client(SERVER_NAME="localhost")
    opened.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return opened


def approve(page: str) -> str:
    """Press Approve it on an integration's page as it was shown; the page that follows."""
    found = re.search(r'action="(/integrations/\d+/sync/)".*?name="approve" value="(\d+)"', page, re.DOTALL)
    assert found, "the button is not there"
    return html.unescape(browser().post(found[1], {"approve": found[2]}, follow=True).content.decode())
