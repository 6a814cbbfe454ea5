"""Hooks: every recorded delivery is understood; ours wake the right pair, others say why they are not ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.system import System
from tests.shared_files import shared


def deliver(system: System, side: str, body: bytes, identifier: str = "", address: str = "") -> str:
    """Keep a delivery as the hooks' door does, look at the inbox, and give its outcome."""
    headers = {":path": address} if address else {}
    from crosswalk.store import inbox
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import hooks

    kept = inbox.keep(inbox.Delivery(side, body, system.now(), identifier, system.integration.pk, headers))
    hooks.look(system.engine_as_port(), system.now)
    assert not HookDelivery.objects.filter(seen_at=None).exists()
    last = HookDelivery.objects.order_by("-id").first()
    return last.outcome if kept and last else "double"


def test_every_recorded_delivery_is_understood(cloud: System) -> None:
    for side, folder in (
        ("jira", "fixtures/jira-webhooks"),
        ("aha", "fixtures/aha/webhooks"),
        ("aha", "fixtures/aha/events"),
    ):
        files = sorted(shared(folder).glob("*.json"))
        assert files
        for path in files:
            outcome = deliver(cloud, side, path.read_bytes(), path.name)
            assert outcome.startswith("not ours: "), (path.name, outcome)
            assert len(outcome) > len("not ours: "), path.name


def test_a_hook_about_a_pair_wakes_it_by_id_and_by_key(cloud: System) -> None:
    ref = cloud.feature("Bell", 1)
    pair = cloud.send(ref)
    child = cloud.children(ref)[0]
    for payload in (
        {"webhookEvent": "jira:issue_updated", "issue": {"id": pair.right_id, "key": pair.right_key}},
        {
            "webhookEvent": "comment_created",
            "issue": {"id": pair.right_id, "key": pair.right_key},
            "comment": {"id": "1"},
        },
        {"webhookEvent": "worklog_created", "worklog": {"issueId": pair.right_id}},
    ):
        before = cloud.pair(ref).dirty
        assert deliver(cloud, "jira", json.dumps(payload).encode()).startswith("woke 1 pair: ")
        assert cloud.pair(ref).dirty == before + 1
    audit: dict[str, Any] = {
        "event": "audit",
        "audit": {
            "id": "1",
            "auditable_type": "requirement",
            "auditable_id": child.left_id,
            "auditable_url": f"https://x.aha.io/requirements/{child.left_key}",
        },
    }
    assert "woke 1 pair" in deliver(cloud, "aha", json.dumps(audit).encode())
    unknown = {**audit["audit"], "auditable_id": "77", "auditable_url": f"https://x.aha.io/requirements/{ref.key}-9"}
    assert "woke 1 pair" in deliver(cloud, "aha", json.dumps({"event": "audit", "audit": unknown}).encode())


def test_the_hook_of_an_issue_that_was_made_here_wakes_nothing(cloud: System) -> None:
    ref = cloud.feature("Bell", 1)
    pair, child = cloud.send(ref), cloud.children(ref)[0]

    def made(issue: str, key: str, above: str = "") -> str:
        fields = {"parent": {"id": above}} if above else {}
        body = {"webhookEvent": "jira:issue_created", "issue": {"id": issue, "key": key, "fields": fields}}
        return deliver(cloud, "jira", json.dumps(body).encode())

    before = cloud.pair(ref).dirty
    assert made(pair.right_id, pair.right_key).startswith("nothing new: ")
    assert made(child.right_id, child.right_key, pair.right_id).startswith("nothing new: ")
    assert cloud.pair(ref).dirty == before
    assert made("99", "FAB-99", pair.right_id).startswith("woke 1 pair: "), "what stands above a new one has to know"
    assert made("99", pair.right_key).startswith("woke 1 pair: "), "only by its id is it the same issue"
    other = cloud.send(cloud.feature("Horn"))
    assert made(child.right_id, child.right_key, other.right_id).startswith("woke 2 pairs: "), "it stands elsewhere now"


def test_what_a_load_tells_of_its_own_issues_is_no_storm_in_which_others_wait(cloud: System) -> None:
    from crosswalk.store import inbox
    from crosswalk.sync import hooks
    from crosswalk.sync.calm import MANY, Calm

    edited, loaded = (cloud.send(cloud.feature(name)) for name in ("Bell", "Horn"))
    calm = Calm()

    def keep(event: str, issue: str, number: int) -> None:
        body = {"webhookEvent": f"jira:issue_{event}", "issue": {"id": issue, "key": "FAB-99"}}
        given = (json.dumps(body).encode(), cloud.now(), f"hook {event} {number}", cloud.integration.pk, {})
        inbox.keep(inbox.Delivery("jira", *given))

    for turn in range(3):
        for number in range(2 * MANY):
            keep("created", loaded.right_id, 1000 * turn + number)
        keep("updated", edited.right_id, turn)
        hooks.look(cloud.engine_as_port(), cloud.now, calm)
        pair = cloud.pair(Ref("feature", edited.left_id))
        assert (pair.dirty, pair.due_at) == (pair.done + turn + 1, cloud.now()), "it is due at once"


def test_what_aha_tells_of_the_link_that_it_shows_wakes_nothing(cloud: System) -> None:
    from crosswalk.store import pairs

    ref = cloud.feature("Bell", 1)
    for _ in range(3):  # until nothing new is told of what was made
        cloud.poll()
        cloud.pass_time(600)
    pair = cloud.send(ref)
    child = cloud.children(ref)[0]
    cloud.poll()
    news = [one.news for pk in (pair.pk, child.pk) if (one := pairs.get(pk)) is not None]
    assert news == [Side.RIGHT, Side.RIGHT], "the history of Aha! holds nothing but links"

    def shown(*values: str, about: str = ref.key) -> str:
        changes = [{"field_name": "Jira URL", "value": f" &rarr; {value}"} for value in values]
        kept = {"id": "1", "audit_action": "update", "auditable_type": "custom_field_value", "auditable_id": "77"}
        audit = {**kept, "auditable_url": f"https://x.aha.io/features/{about}", "changes": changes}
        cloud.pass_time(60)
        return deliver(cloud, "aha", json.dumps({"event": "audit", "audit": audit}).encode())

    assert shown(pair.right_url).startswith("nothing new: ")
    assert shown(child.right_url, about=child.left_key).startswith("nothing new: ")
    assert shown(child.right_url).startswith("woke 1 pair: "), "that is another issue"
    assert shown(pair.right_url, "Red").startswith("woke 1 pair: ")
    assert shown("").startswith("woke 1 pair: ")
    mapping = cloud.integration.mapping
    line = {"name": "Link", "aha": f"custom:{mapping['link']['aha_field']}", "jira": "environment", "direction": "off"}
    cloud.remap(fields={**mapping["fields"], "feature": [*mapping["fields"]["feature"], line]})
    assert shown(pair.right_url).startswith("woke 1 pair: "), "a line carries what that field holds"


def test_a_hook_and_a_poll_say_which_side_has_news(cloud: System) -> None:
    from crosswalk.store import pairs

    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    issue = {"webhookEvent": "jira:issue_updated", "issue": {"id": pair.right_id, "key": pair.right_key}}
    audit = {"id": "1", "auditable_type": "feature", "auditable_id": ref.id, "auditable_url": f"https://x/{ref.key}"}
    deliver(cloud, "jira", json.dumps(issue).encode())
    view = pairs.get(pair.pk)
    assert view is not None
    assert view.news is Side.RIGHT
    deliver(cloud, "aha", json.dumps({"event": "audit", "audit": audit}).encode())
    assert (both := pairs.get(pair.pk)) is not None
    assert both.news is None
    for _ in range(3):  # the windows of polls overlap
        cloud.drain()
        cloud.poll()
        cloud.pass_time(600)
    cloud.drain()
    cloud.jira.rename(pair.right_key, "Brass bell")
    cloud.pass_time(60)
    cloud.poll()
    assert (polled := pairs.get(pair.pk)) is not None
    assert polled.news is Side.RIGHT


def test_a_repeated_delivery_is_one(cloud: System) -> None:
    assert deliver(cloud, "jira", b'{"webhookEvent": "x"}', "same") != "double"
    assert deliver(cloud, "jira", b'{"webhookEvent": "x"}', "same") == "double"


def test_a_hook_without_a_body_wakes_what_its_address_names_or_has_both_sides_asked(cloud: System) -> None:
    from crosswalk.sync.hooking import hooking

    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    polled = f"poll:{cloud.integration.pk}"
    cloud.engine.keys.clear()
    for address in (f"?issue_key={pair.right_key}", pair.right_id, f"?issue_id={pair.right_id}"):
        assert deliver(cloud, "jira", b"", address=address).startswith("woke 1 pair: ")
    assert polled not in cloud.engine.keys
    assert not hooking(cloud.integration)[1].bare
    for _ in range(2):  # nothing tells two of them apart, and each may be about something else
        assert deliver(cloud, "jira", b"", address="?issue_key=${issue.key}").startswith("named nothing: ")
        cloud.pass_time(1)
    assert polled in cloud.engine.keys
    assert hooking(cloud.integration)[1].bare
    cloud.jira.rename(pair.right_key, "Horn")
    cloud.pass_time(5)
    cloud.poll()
    cloud.drain()
    assert cloud.aha.record("features", ref.key)["name"] == "Horn"


@pytest.mark.parametrize("body", [b"not json", b"[]", b"\xff\xfe", b"[" * 50_000, b'{"issue": 7}', b"null"])
def test_rubbish_is_kept_and_said_to_be_not_ours(cloud: System, body: bytes) -> None:
    assert deliver(cloud, "jira", body).startswith("not ours: ")
    assert deliver(cloud, "aha", body).startswith("not ours: ")
    assert deliver(cloud, "aha", b"").startswith("not ours: ")


ODD = r"\ud800\u0000"  # half a character, and what PostgreSQL keeps in no text


@pytest.mark.parametrize(
    ("side", "body"),
    [
        ("jira", f'{{"webhookEvent":"jira:issue_updated","issue":{{"id":"{ODD}","key":"{ODD}"}}}}'),
        ("jira", f'{{"webhookEvent":"{ODD}"}}'),
        ("aha", f'{{"audit":{{"auditable_type":"feature","auditable_id":"{ODD}"}}}}'),
        ("aha", f'{{"event":"audit","audit":{{"auditable_type":"{ODD}","auditable_id":"7"}}}}'),
    ],
)
def test_a_hook_that_names_what_no_database_keeps_stops_no_other(cloud: System, side: str, body: str) -> None:
    pair = cloud.send(cloud.feature("Bell of bismuth"))
    assert deliver(cloud, side, body.encode()).startswith("not ours: ")
    good = {"webhookEvent": "jira:issue_updated", "issue": {"id": pair.right_id, "key": pair.right_key}}
    good["user"] = {"displayName": "Ann \ud800\0"}
    assert deliver(cloud, "jira", json.dumps(good).encode()).startswith("woke 1 pair: ")
    cloud.drain()


def test_replaying_every_hook_changes_nothing(cloud: System) -> None:
    ref = cloud.feature("Bell", 1)
    pair = cloud.send(ref)
    cloud.jira.move(pair.right_key, "In Progress")
    cloud.wake(pair)
    cloud.drain()
    cloud.forget()
    payload = {"webhookEvent": "jira:issue_updated", "issue": {"id": pair.right_id, "key": pair.right_key}}
    for number in range(5):
        deliver(cloud, "jira", json.dumps(payload).encode(), f"again-{number}")
    cloud.drain()
    assert [one for side in ("aha", "jira") for one in cloud.requests(side) if one[0] == "PUT"] == []


def test_an_echo_of_a_write_is_no_hook_that_led_to_a_later_one(cloud: System) -> None:
    """What is told of the time from a hook to its write is of what the hook led to."""
    from crosswalk.sync.pulse import Pulses, mean

    def hook_of(name: str) -> None:
        body = {"webhookEvent": "jira:issue_updated", "issue": {"id": pair.right_id, "key": pair.right_key}}
        cloud.jira.rename(pair.right_key, name)
        assert deliver(cloud, "jira", json.dumps(body).encode()).startswith("woke 1 pair: ")

    pair = cloud.send(cloud.feature("Bell"))
    cloud.poll()
    cloud.pass_time(3600)
    hook_of("Bell")  # it names what was there: nothing is written
    cloud.drain()
    cloud.pass_time(1200)
    cloud.jira.rename(pair.right_key, "Found by a poll")
    cloud.pass_time(60)
    cloud.poll()
    cloud.drain()
    assert cloud.aha.name("features", pair.left_key) == "Found by a poll"
    assert mean(Pulses(cloud.now()).of(cloud.integration).delays) is None
    cloud.pass_time(120)
    hook_of("Told by a hook")
    cloud.pass_time(4)
    cloud.drain()
    assert cloud.aha.name("features", pair.left_key) == "Told by a hook"
    assert 4 <= (mean(Pulses(cloud.now()).of(cloud.integration).delays) or 0) < 30
