"""Hooks may empty fields of a few records; of many only with a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from crosswalk.merge.brake import EMPTIED
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_commands import work
from tests.path.test_deletions import last, signed_in
from tests.path.test_refused_parts import allow

if TYPE_CHECKING:
    from crosswalk.sync.sweep import Finding

MANY = EMPTIED + 2


@pytest.fixture
def emptied(cloud: System) -> list[Ref]:
    """Somebody emptied the due date of many features in Aha!, and hooks told of it."""
    refs = [cloud.feature(f"Bell {number}") for number in range(MANY)]
    for ref in refs:
        cloud.aha.send("PUT", f"/features/{ref.id}", {"feature": {"due_date": "2027-05-01"}})
    from crosswalk.sync import service

    service.send(cloud.integration, refs, "a test")
    cloud.drain()
    for ref in refs:
        cloud.aha.send("PUT", f"/features/{ref.id}", {"feature": {"due_date": ""}})
    cloud.pass_time(5)
    cloud.wake(*(cloud.pair(ref) for ref in refs))
    cloud.drain()
    return refs


def held(system: System, refs: list[Ref]) -> list[Any]:
    return [system.issue(system.pair(ref).right_key)["duedate"] for ref in refs]


def looked(system: System, ref: Ref) -> list[Finding]:
    """What a comparison finds of the pair that a brake looks at."""
    from crosswalk.store.views import view
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import weighed

    bridge, pair = current().bridges.of(system.integration), view(system.pair(ref))
    assert pair.left is not None
    assert pair.right is not None
    left, right = bridge.left.read([pair.left])[pair.left], bridge.right.read([pair.right])[pair.right]
    return weighed(bridge, pair, left, right)


def test_many_are_not_emptied_before_a_person_says_so(cloud: System, emptied: list[Ref]) -> None:
    assert held(cloud, emptied).count(None) == EMPTIED
    asking = [cloud.pair(ref) for ref in emptied if cloud.pair(ref).state == "asking"]
    assert len(asking) == MANY - EMPTIED
    assert f"Fields of {EMPTIED + 1} of" in asking[0].reason
    browser = signed_in()
    page = browser.get(f"/integrations/{cloud.integration.pk}/?state=attention").content.decode()
    assert "records would be emptied in Jira: approve?" in page
    address = f"/integrations/{cloud.integration.pk}/deletions/"
    said = browser.post(address, {"answer": "yes:right:emptied", "last": last(page)}, follow=True)
    assert f"Fields of {MANY - EMPTIED} records are being emptied.".encode() in said.content
    cloud.drain()
    assert held(cloud, emptied) == [None] * MANY
    assert_quiet(cloud, emptied[-1])


def test_what_a_person_keeps_stays_until_the_value_is_there_again(cloud: System, emptied: list[Ref]) -> None:
    from crosswalk.cli import main

    kept = [ref for ref in emptied if cloud.pair(ref).state == "asking"]
    shown = CliRunner().invoke(main, ["deletions", "Fable", "--keep"]).output
    assert f"{len(kept)} records are kept." in shown, shown
    cloud.drain()
    assert held(cloud, kept) == ["2027-05-01"] * len(kept)
    assert "a person said so" in cloud.pair(kept[0]).reason
    cloud.aha.send("PUT", f"/features/{kept[0].id}", {"feature": {"due_date": "2027-05-01"}})
    cloud.pass_time(5)
    cloud.wake(cloud.pair(kept[0]))
    cloud.drain()
    assert cloud.pair(kept[0]).state == "agreed"
    assert_quiet(cloud, kept[0])


def test_who_approved_a_comparison_is_not_asked_again(cloud: System, emptied: list[Ref]) -> None:
    """A comparison had stopped at what hooks were about to bring, and somebody approves that."""
    from crosswalk.store import sweeps
    from crosswalk.store.models import Pair
    from crosswalk.sync import approving
    from crosswalk.sync.waking import APPROVED

    Pair.objects.filter(state="asking").update(state="agreed")
    integration = cloud.integration
    found = [one for ref in emptied for one in looked(cloud, ref)]
    assert len(found) == MANY - EMPTIED
    sweeps.stop(integration.pk, cloud.now(), [one.as_data() for one in found])
    type(integration).objects.filter(pk=integration.pk).update(stopped="It would change very much.")
    integration.refresh_from_db()
    approving.approve(integration, approving.shown(integration), "a test")
    work(cloud, APPROVED)
    cloud.drain()
    assert held(cloud, emptied) == [None] * MANY


def test_a_comparison_knows_what_a_write_that_nobody_answered_left(cloud: System) -> None:
    """The run emptied the date in Jira and was killed; somebody gives it another in Aha! since. A run would send that:
    to a comparison it looked as if Jira had emptied what Aha! changed, and with Jira winning, as emptied in Aha!."""
    from crosswalk.merge.plan import Effect
    from crosswalk.merge.rules import Side
    from crosswalk.store.models import Pair

    fields = cloud.integration.mapping["fields"]
    cloud.remap(fields={**fields, "feature": [{**one, "conflict": "jira"} for one in fields["feature"]]})
    ref = cloud.feature("Bell", due_date="2027-05-01")
    cloud.send(ref)
    cloud.drain()
    cloud.aha.send("PUT", f"/features/{ref.id}", {"feature": {"due_date": ""}})
    cloud.pass_time(5)
    cloud.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    cloud.wake(cloud.pair(ref))
    cloud.drain(1)
    assert held(cloud, [ref]) == [None], "it landed"
    Pair.objects.filter(pk=cloud.pair(ref).pk).update(state="agreed")
    cloud.aha.send("PUT", f"/features/{ref.id}", {"feature": {"due_date": "2027-06-02"}})
    effects = [one.effects.get(side) for one in looked(cloud, ref) for side in Side]
    assert Effect.EMPTIED not in effects
    allow(cloud)
    cloud.pass_time(60)
    cloud.drain()
    assert held(cloud, [ref]) == ["2027-06-02"]
    assert looked(cloud, ref) == []
