"""The JSON API on a whole installation: what pages decide, a program decides, with the same refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.system import System
from tests.path.test_deletions import follow, some, there, wait
from tests.path.test_mapping_change import _run, _tags
from tests.path.test_match_pages import work
from tests.path.test_put_back import conflict
from tests.path.test_undo_run import renamed

Ask = Callable[..., Any]


@pytest.fixture
def ask(cloud: System) -> Ask:
    """Asks the API as a program with an editor's token; gives status and data."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from crosswalk.store import tokens
    from crosswalk.store.roles import Role

    eve = User.objects.create(username="eve", is_staff=True)
    token = tokens.make(eve, "robot", Role.EDITOR, timezone.now() + timedelta(days=1), timezone.now())

    def send(method: str, path: str, body: object = None) -> tuple[int, Any]:
        text = json.dumps(body) if body is not None else ""
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client(SERVER_NAME="localhost").generic(
            method, f"/api/v1{path}", text, "application/json", headers=headers
        )
        return answer.status_code, answer.json()

    return send


def test_a_mapping_is_read_checked_changed_by_its_plan_and_used(cloud: System, ask: Ask) -> None:
    pair = cloud.send(cloud.feature("Bell", tags="loud, brass"))
    home = f"/integrations/{cloud.integration.pk}/mapping"
    _, read = ask("GET", home)
    assert (read["faults"], read["waiting"], ask("GET", f"{home}/change")[0]) == ([], None, 404)
    wanted = _tags(cloud, "to jira")
    status, checked = ask("POST", f"{home}/check", {"mapping": wanted})
    assert (status, checked["faults"]) == (200, [])
    assert any("Tags" in line for line in checked["changes"])
    assert ask("GET", home)[1] == read
    status, made = ask("PUT", home, {"mapping": wanted, "version": read["version"]})
    assert (status, made["in_use"], made["waiting"]["planned"]) == (200, False, False)
    assert ask("GET", home)[1]["mapping"] == read["mapping"]
    _run()
    _, change = ask("GET", f"{home}/change")
    assert (change["planned"], change["stale"]) == (True, False)
    assert change["plan"]["counts"] == {"Aha!": {}, "Jira": {"update": 1}}
    cloud.aha.rename("features", pair.left_key, "Gong")
    plan = ask("POST", f"/integrations/{cloud.integration.pk}/plan", {})[1]
    assert (plan["plan"]["counts"]["Jira"], "Jira: 1 to be changed" in plan["text"]) == ({"update": 1}, True)
    assert ask("POST", f"{home}/change", {"id": change["id"] + 1, "use": True})[0] == 409
    assert ask("POST", f"{home}/change", {"id": change["id"], "use": True})[0] == 200
    assert ask("POST", f"{home}/change", {"id": change["id"], "use": True})[0] == 409
    assert ask("GET", home)[1]["mapping"] == wanted
    status, refused = ask("PUT", home, {"mapping": read["mapping"], "version": read["version"]})
    assert (status, refused["detail"]) == (409, "The mapping was changed since that version.")
    cloud.integration.refresh_from_db()
    cloud.wake(pair)
    cloud.drain()
    assert sorted(cloud.issue(pair.right_key)["labels"]) == ["brass", "loud"]


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"types": []},
        {"types": {"feature": {"type": "No such type"}}},
        {"nonsense": 1},
        {"types": {"feature": {"type": "a\0b"}}},
        {"people": {"aha": ["x"] * 3}},
        json.loads('{"a":' * 40 + "1" + "}" * 40),
    ],
)
def test_a_mapping_that_can_not_be_is_refused_whole(cloud: System, ask: Ask, mapping: dict[str, Any]) -> None:
    home = f"/integrations/{cloud.integration.pk}/mapping"
    _, read = ask("GET", home)
    status, answer = ask("PUT", home, {"mapping": mapping, "version": read["version"]})
    assert status == 422
    assert answer["faults"] or "No such type" in answer["detail"]
    status, checked = ask("POST", f"{home}/check", {"mapping": mapping})
    assert checked["faults"]
    assert ask("GET", home)[1] == read


def test_a_record_and_an_issue_are_linked_and_unlinked(cloud: System, ask: Ask) -> None:
    ref = cloud.feature("Bell")
    made = _issue(cloud)
    home = f"/integrations/{cloud.integration.pk}/link"
    status, seen = ask("GET", f"{home}?record={ref.key}&issue={made}")
    assert status == 200, seen
    (name,) = [one for one in seen["fields"] if one["field"] == "Name"]
    assert (name["aha"], name["jira"], name["asked"]) == ("Bell", "A bell of tin", True)
    body = {"record": ref.key, "issue": made, "mark": seen["mark"], "winners": [{"field": "Name", "side": "jira"}]}
    assert ask("POST", home, {**body, "mark": "old"})[0] == 409
    status, pair = ask("POST", home, body)
    assert (status, pair["aha"], pair["jira"]) == (200, ref.key, made)
    cloud.drain()
    assert cloud.aha.name("features", ref.key) == "A bell of tin"
    assert ask("POST", home, body)[0] == 422  # it is linked already
    row = cloud.pair(ref)
    for word, held in (("pause", "paused"), ("go-on", ""), ("unlink", "unlinked"), ("link-again", "")):
        status, done = ask("POST", f"/records/{pair['id']}/hold", {"word": word})
        row.refresh_from_db()
        assert (status, row.held) == (200, held), done
    assert ask("POST", f"/records/{pair['id']}/hold", {"word": "link-again"})[0] == 422


def _issue(cloud: System) -> str:
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "A bell of tin"}
    return str(cloud.jira.send("POST", "/issue", {"fields": fields})["key"])


def test_deletes_that_were_stopped_are_answered_once(cloud: System, ask: Ask) -> None:
    follow(cloud, removed="delete")
    refs = some(cloud, 4)
    keys = [cloud.pair(ref).right_key for ref in refs[:3]]
    for ref in refs[:3]:
        cloud.aha.send("DELETE", f"/features/{ref.id}")
    wait(cloud, *refs)
    home = f"/integrations/{cloud.integration.pk}/deletions"
    _, (stopped,) = ask("GET", home)
    assert (stopped["side"], stopped["in_doubt"]) == ("jira", False)
    assert [name.partition(" ")[0] for name in stopped["records"]] == keys
    body = {"side": "jira", "delete": True, "records": 3, "last": stopped["last"]}
    for other in ({"records": 2}, {"last": stopped["last"] - 1}, {"side": "aha"}, {"in_doubt": True}):
        assert ask("POST", home, {**body, **other})[0] == 409
    assert ask("POST", home, body) == (200, {"said": "3 records are being deleted.", "count": 3})
    assert ask("POST", home, body)[0] == 409
    cloud.drain()
    assert [there(cloud, key) for key in keys] == [False] * 3


def test_as_many_deletes_as_a_program_saw_and_others_are_not_answered(cloud: System, ask: Ask) -> None:
    """One was answered by somebody, and another one came: the number of them is the same."""
    from crosswalk.sync import deletions as stopping

    follow(cloud, removed="ask")
    refs = some(cloud, 3)
    home = f"/integrations/{cloud.integration.pk}/deletions"
    gone(cloud, refs[:2])
    _, (seen,) = ask("GET", home)
    answer = {"side": "jira", "delete": False, "records": 2, "last": seen["last"]}
    kept = cloud.pair(refs[0])
    stopping.answer(cloud.integration, stopping.About(Side.RIGHT, pair=kept.pk), "no", "olga")
    gone(cloud, refs[2:])
    _, (now,) = ask("GET", home)
    assert len(now["records"]) == len(seen["records"])
    assert ask("POST", home, {**answer, "delete": True})[0] == 409
    assert ask("POST", home, {**answer, "last": now["last"]}) == (200, {"said": "2 records are kept.", "count": 2})


def gone(system: System, refs: list[Ref]) -> None:
    """They are deleted in Aha!, and that is noticed."""
    for ref in refs:
        system.aha.send("DELETE", f"/features/{ref.id}")
        system.wake(system.pair(ref))
    system.drain()


def test_webhooks_tell_their_state_and_are_registered_once(cloud: System, ask: Ask) -> None:
    home = f"/integrations/{cloud.integration.pk}/hooks"
    status, sides = ask("GET", home)
    assert (status, [(one["side"], one["state"]) for one in sides]) == (
        200,
        [("aha", "waiting"), ("jira", "waiting")],
    )
    assert [(one["secret_set"], one["signed"], one["bare"]) for one in sides] == [(False,) * 3, (True, False, False)]
    for secret in (cloud.integration.hook_secret, cloud.integration.hook_signature):
        assert secret.reveal() not in json.dumps(sides)
    assert ask("POST", home)[1]["said"] == "The webhook is registered in Jira."
    assert ask("POST", home)[1]["said"] == "Jira has this webhook already."


def test_a_run_is_undone_by_its_plan(cloud: System, ask: Ask) -> None:
    _, pair, run = renamed(cloud)
    home = f"/records/{pair.pk}/runs/{run}/undo"
    assert run in {line["run"] for line in ask("GET", f"/log?integration={cloud.integration.pk}")[1]["items"]}
    assert ask("GET", home)[0] == 404
    status, made = ask("POST", home, {})
    assert (status, made["planned"], made["plan"], made["undone"]) == (200, False, {}, None)
    assert ask("POST", home, {"id": made["id"]})[0] == 409, "it is not ready"
    work(cloud)
    _, seen = ask("GET", home)
    assert seen["plan"]["patches"][0]["changes"][0]["new"] == "Bell"
    assert ask("POST", home, {"id": made["id"] + 1})[0] == 409
    assert cloud.jira.summary(pair.right_key) == "Bell of tin"
    assert ask("POST", home, {"id": made["id"]})[0] == 200
    assert ask("POST", home, {"id": made["id"]})[0] == 200, "twice does it once"
    work(cloud)
    assert ask("GET", home)[1]["undone"] == 1
    assert cloud.jira.summary(pair.right_key) == "Bell"


def test_a_value_is_put_back_by_its_plan(cloud: System, ask: Ask) -> None:
    """Also over what somebody changed since: the plan says so, where putting it back at once is refused."""
    ref, pair, kept = conflict(cloud)
    cloud.aha.rename("features", ref.key, "Bell of lead")
    home = f"/records/{pair.pk}/lines/{kept.pk}/put-back"
    assert ask("POST", f"/records/{pair.pk}/put-back", {"line": kept.pk})[0] == 422
    assert ask("GET", home)[0] == 404
    assert ask("POST", f"/records/{pair.pk}/lines/{10**9}/put-back", {})[0] == 404
    status, made = ask("POST", home, {})
    assert (status, made["planned"], made["undone"]) == (200, False, None)
    work(cloud)
    _, seen = ask("GET", home)
    change = seen["plan"]["patches"][0]["changes"][0]
    assert (change["old"], change["new"]) == ("Bell of lead", "Left bell")
    assert "somebody changed it since" in seen["plan"]["doubts"][0]["why"]
    assert cloud.aha.name("features", ref.key) == "Bell of lead", "a look writes nothing"
    assert ask("POST", home, {"id": made["id"] + 1})[0] == 409
    assert ask("POST", home, {"id": made["id"]})[0] == 200
    work(cloud)
    assert ask("GET", home)[1]["undone"] == 1
    assert cloud.aha.name("features", ref.key) == "Left bell"
