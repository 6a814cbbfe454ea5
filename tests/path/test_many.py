"""Several integrations beside each other: whose a record is, and what happens when it is moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk_demo.sandboxes import Account
from crosswalk_sandbox.aha import build as build_aha
from crosswalk_sandbox.jira import build as build_jira
from tests.official.watch import Running
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_hierarchy import above, epic_of, put_below
from tests.path.test_match import story


def project(system: System, key: str) -> Any:
    """Another project in Jira, like the first."""
    lead = system.jira.get("/myself")
    named = {"leadAccountId": lead["accountId"]} if "accountId" in lead else {"lead": lead["name"]}
    body = {"key": key, "name": f"The {key} project", "projectTypeKey": "software", **named}
    return system.jira.send("POST", "/project", body)


def second(system: System, key: str = "TIN", **mapping: Any) -> Any:
    """The same workspace, joined with another project."""
    from crosswalk.sync import service

    (found,) = service.projects(system.integration.jira, key)
    one = system.integration
    made = service.create_integration(f"Into {key}", one.aha, one.jira, one.workspace, found.id)
    service.set_mapping(made, {**made.mapping, **mapping})
    service.set_enabled(made, True, "a test")
    return made


def workspace(system: System) -> Any:
    """Another workspace, joined with the same project."""
    from crosswalk.sync import service

    made = system.aha.post("/products", {"product": {"name": "Other", "prefix": "OTH"}})["product"]
    system.aha.post("/products/OTH/releases", {"release": {"name": "Spring"}})
    one = system.integration
    other = service.create_integration("Other", one.aha, one.jira, str(made["id"]), one.project)
    service.set_enabled(other, True, "a test")
    return other


def move(system: System, key: str, there: str) -> None:
    """More > Move, in the browser."""
    body = {"issue": key, "project": there}
    httpx2.post(f"{system.jira_at.address}/_sandbox/move", json=body).raise_for_status()


def of(integration: Any, ref: Ref) -> Any:
    from crosswalk.store.models import Pair

    return Pair.objects.filter(integration=integration, left_kind=ref.kind, left_id=ref.id).first()


def written(system: System) -> list[tuple[str, str]]:
    """What was sent to either side that may write; a search is a POST, too."""
    sent = [one for side in ("aha", "jira") for one in system.requests(side)]
    return [one for one in sent if one[0] != "GET" and not one[1].endswith(("/search", "/search/jql", "/graphql"))]


def named(system: System) -> list[str]:
    return [one.id for one in system.site.fields.values() if one.name == "Aha! Reference"]


def unmake(system: System) -> None:
    """Jira as it was before Crosswalk came."""
    for name in named(system):
        del system.site.fields[name]
        for screen in system.site.screens.values():
            screen.fields[:] = [one for one in screen.fields if one != name]


def test_nothing_is_written_before_an_integration_is_enabled(system: System) -> None:
    from crosswalk.store import journal
    from crosswalk.sync import projectdata, reference, service
    from crosswalk.web.views.setup_steps import steps_of

    project(system, "TIN")
    unmake(system)
    one = system.integration
    (found,) = service.projects(one.jira, "TIN")
    system.forget()
    made = service.create_integration("Into TIN", one.aha, one.jira, one.workspace, found.id)
    service.load_project_data(made)
    assert written(system) == []
    assert named(system) == []
    assert reference.promised(made) == reference.PROMISES[True], "the test of the connection has seen it"
    for known in (False, None):
        made.jira.server["administers"] = known
        assert reference.promised(made) == reference.PROMISES[known]
        assert "field" not in service.plan(made)["counts"]["Jira"], "it is not made, or not surely"
    made.jira.refresh_from_db()
    planned = service.plan(made)
    assert (planned["counts"]["Jira"], planned["patches"][0]["record"]) == ({"field": 1}, "“Aha! Reference”")
    assert "Jira: 1 field for all projects" in service.plan_text(made)
    bell = system.feature("Bell", 1)
    before = _fields_of_new(made, bell)
    (enable,) = [step for step in steps_of(made) if step.name == "enable"]
    promise, more = reference.parted(reference.PROMISES[True])
    assert enable.says == f"Records are made when you press Send, not by enabling. {promise}"
    assert (enable.more, f"{promise} {more}") == (more, reference.PROMISES[True])
    assert promise == "Enabling makes a field “Aha! Reference” in Jira."
    assert service.set_enabled(made, True, "a test")
    (name,) = named(system)
    assert projectdata.load(made).jira.shows_reference()
    assert reference.MADE in [line.what for line in journal.of_integration(made.pk)]
    service.set_enabled(made, False, "a test")
    assert (reference.promised(made), service.plan(made)["counts"]["Jira"]) == ("", {}), "it is there"
    system.forget()
    service.set_enabled(made, True, "a test")
    assert (written(system), named(system)) == ([], [name]), "it is made once"
    assert before[bell.key].count("Aha! Reference") == 1, before
    assert before == _fields_of_new(made, bell), "so many are written"


def _fields_of_new(integration: Any, ref: Ref) -> dict[str, list[str]]:
    """By record, the fields of what a plan of `ref` makes."""
    from crosswalk.sync import errands
    from crosswalk.sync.installation import current

    plan = errands.planned(current().bridges, integration, {"records": errands.as_asked([ref])})
    made = [one for one in plan["patches"] if one["kind"] == "create"]
    return {one["record"]: sorted(change["name"] for change in one["changes"]) for one in made}


def test_an_integration_is_enabled_also_where_jira_does_not_answer(cloud: System) -> None:
    from crosswalk.store import journal
    from crosswalk.sync import reference, service

    project(cloud, "TIN")
    unmake(cloud)
    one = cloud.integration
    (found,) = service.projects(one.jira, "TIN")
    made = service.create_integration("Into TIN", one.aha, one.jira, one.workspace, found.id)
    cloud.fault("jira", kind="status", method="GET", path_regex="/field$", status=503, times=0)
    assert service.set_enabled(made, True, "a test")
    (told,) = [line for line in journal.of_integration(made.pk) if line.level == "warning"]
    assert "could not be added" in told.what
    assert "web links" in told.remedy
    assert reference.promised(made) == "", "it is enabled"


def test_a_record_belongs_to_one_integration_unless_that_is_said(system: System) -> None:
    from crosswalk.sync import joining, service

    project(system, "TIN")
    ref = system.feature("Bell", 1)
    system.send(ref)
    other = second(system)
    with pytest.raises(Refused, match=f"{ref.key} belongs to the integration “Fable”"):
        service.send(other, [ref], "a test")
    assert ref not in {one.left.ref for one in joining.find(other).proposals}
    service.set_mapping(other, {**other.mapping, "shared": True})
    service.send(other, [ref], "a test")
    system.drain()
    assert (of(other, ref).state, of(other, ref).right_key.partition("-")[0]) == ("agreed", "TIN")
    assert system.pair(ref).right_key.startswith("FAB-")
    assert_quiet(system, ref)


def test_two_projects_of_one_workspace_share_its_releases_and_nothing_else(cloud: System) -> None:
    from crosswalk.store.models import Pair
    from crosswalk.sync import service

    project(cloud, "TIN")
    first, later = cloud.feature("Bell"), cloud.feature("Horn")
    cloud.send(first)
    other = second(cloud)
    service.send(other, [later], "a test")
    cloud.drain()
    assert of(other, later).state == "agreed", of(other, later).reason
    releases = Pair.objects.filter(kind="release", left_id=cloud.aha.record("features", later.key)["release"]["id"])
    assert {pair.integration.name for pair in releases} == {"Fable", "Into TIN"}
    assert len({pair.right_id for pair in releases}) == 2


def test_an_issue_that_is_moved_is_followed_where_an_integration_is(system: System) -> None:
    project(system, "TIN")
    ref = system.feature("Bell", 1)
    key = system.send(ref).right_key
    other = second(system)
    pk, issues = system.pair(ref).pk, len(system.site.issues)
    move(system, key, "TIN")
    system.pass_time(60)
    system.wake(system.pair(ref))
    system.drain()
    pair = of(other, ref)
    assert pair is not None
    assert (pair.pk, pair.state, pair.right_key.partition("-")[0]) == (pk, "agreed", "TIN"), pair.reason
    assert {child.integration_id for child in pair.children.all()} == {other.pk}
    assert of(system.integration, ref) is None
    assert len(system.site.issues) == issues, "nothing is made anew"
    told = [line.why for line in pair.journal.all() if "was moved to the project TIN" in line.what]
    assert told == ["It goes on in the integration “Into TIN”."]
    system.aha.rename("features", ref.key, "Bell of tin")
    system.wake(pair)
    system.drain()
    assert system.issue(pair.right_key)["summary"] == "Bell of tin"


def test_an_issue_that_is_moved_where_no_integration_is_is_asked_about(system: System) -> None:
    from crosswalk.cli import main
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    project(system, "TIN")
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    move(system, key, "TIN")
    system.aha.rename("features", ref.key, "Bell of tin")
    bridge = current().bridges.of(system.integration)
    assert sweep(system.engine_as_port(), bridge, system.now(), name="approved") == 1
    system.drain()
    pair = system.pair(ref)
    assert pair.state == "asking"
    assert "was moved to the project TIN in Jira" in pair.reason
    assert "L8" in {line.code for line in pair.journal.all()}
    assert system.issue(key)["summary"] == "Bell", "nothing is written meanwhile"
    shown = CliRunner().invoke(main, ["records", system.integration.name, "--state", "attention"]).output
    assert "was moved to the project TIN in Jira" in shown
    move(system, system.jira.get(f"/issue/{pair.right_id}")["key"], "FAB")
    assert CliRunner().invoke(main, ["retry", system.integration.name, ref.key]).exit_code == 0
    system.drain()
    assert system.pair(ref).state == "agreed"
    assert system.jira.get(f"/issue/{pair.right_id}")["fields"]["summary"] == "Bell of tin"


def sent_over_a_second(system: System) -> tuple[Any, Any]:
    """A second integration of the workspace, and the pair of a feature that was sent over it."""
    from crosswalk.sync import service

    project(system, "TIN")
    other = second(system)
    ref = system.feature("Bell")
    service.send(other, [ref], "a test")
    system.drain()
    return other, of(other, ref)


def test_a_hook_reaches_the_pair_of_whichever_integration_has_it(cloud: System) -> None:
    """One address serves every integration of the site: the second one's issue is told about at the first one's."""
    from crosswalk.merge.rules import Side
    from crosswalk.sync.waking import pairs_about

    other, pair = sent_over_a_second(cloud)
    issue = Ref("issue", pair.right_id, pair.right_key)
    found = pairs_about([cloud.integration.pk, other.pk], Side.RIGHT, [issue])
    assert found == [[pair.pk]]


def test_what_a_hook_shows_is_weighed_by_the_mapping_of_its_own_integration_alone(cloud: System) -> None:
    """With thousands of integrations at one server their mappings are hundreds of megabytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from crosswalk.sync import echo

    other, pair = sent_over_a_second(cloud)
    with CaptureQueriesContext(connection) as asked:
        assert echo.links_of([cloud.integration.pk, other.pk], [pair.pk]) == {pair.pk: pair.right_url}
    (read,) = [one["sql"] for one in asked if '."mapping"' in one["sql"]]
    assert f"IN ({other.pk})" in read, "no other mapping is read"
    assert echo.links_of([cloud.integration.pk], [pair.pk]) == {}, "that pair is another's"


def test_two_workspaces_of_one_project_do_not_import_each_others_issues(cloud: System) -> None:
    from crosswalk.sync import importing

    pair = cloud.send(cloud.feature("Bell"))
    other = workspace(cloud)
    free = story(cloud, "Bell of nobody")
    found = {one.ref.key for one in importing.find(other, importing.Asked("summary ~ Bell"))}
    assert (free in found, pair.right_key in found) == (True, False)


def test_a_feature_that_is_moved_to_another_workspace_is_followed(system: System) -> None:
    other = workspace(system)
    ref = system.feature("Bell", 1)
    key, pk = system.send(ref).right_key, system.pair(ref).pk
    issues = len(system.site.issues)
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    system.aha.send("PUT", f"/features/{ref.id}", {"feature": {"release": release}})
    system.wake(system.pair(ref))
    system.drain()
    pair = of(other, ref)
    assert pair is not None, system.pair(ref).reason
    assert (pair.pk, pair.right_key, pair.state) == (pk, key, "agreed"), pair.reason
    assert pair.left_key.startswith("OTH-")
    assert {child.integration_id for child in pair.children.all()} == {other.pk}
    assert len(system.site.issues) == issues


@contextmanager
def beside(system: System) -> Iterator[tuple[Any, Any]]:
    """Another Aha! account and another Jira site, with the same records under the same ids."""
    aha_app, aha = build_aha("demo", system.clock)
    jira_app, jira = build_jira("cloud", "demo", system.clock)
    with Running(aha_app) as aha_url, Running(jira_app) as jira_url:
        httpx2.post(f"{aha_url}/_sandbox/settings", json={"limits": False}).raise_for_status()
        yield Account(aha_url, "", aha["token"]), Account(jira_url, jira["email"], jira["token"])


def connected(kind: str, account: Any, name: str) -> Any:
    from crosswalk.store.models import Connection
    from crosswalk.sync import service

    made = Connection.objects.create(
        name=name, kind=kind, address=account.address, user=account.user, secret=account.secret
    )
    service.check_connection(made)
    return made


def told(system: System, addressed: Any, side: str, record: str) -> set[int]:
    """What a delivery to the address of `addressed` wakes: the integrations of the pairs."""
    from crosswalk.store import inbox
    from crosswalk.store.models import Pair
    from crosswalk.sync import hooks

    issue = {"webhookEvent": "jira:issue_updated", "issue": {"id": record, "key": "FAB-1"}}
    audit = {"event": "audit", "audit": {"id": "1", "auditable_type": "feature", "auditable_id": record}}
    body = json.dumps(issue if side == "jira" else audit).encode()
    before = dict(Pair.objects.values_list("pk", "dirty"))
    inbox.keep(inbox.Delivery(side, body, system.now(), f"{side}-{addressed.pk}-{record}", addressed.pk, {}))
    hooks.look(system.engine_as_port(), system.now)
    return {one.integration_id for one in Pair.objects.all() if one.dirty != before[one.pk]}


def test_an_epic_of_another_workspace_is_found_where_it_is_sent(system: System) -> None:
    """Its feature said that it is not sent. A move below it in Jira was refused."""
    from crosswalk.sync import service

    other = workspace(system)
    for one in (system.integration, other):
        types = one.mapping["types"]
        service.set_mapping(one, {**one.mapping, "types": {**types, "epic": {**types["epic"], "create": "to jira"}}})
    release = system.aha.get("/products/OTH/releases")["releases"][0]["id"]
    high = system.aha.post(f"/releases/{release}/epics", {"epic": {"name": "Far"}})["epic"]
    ref = system.feature("Bell", epic=high["reference_num"])
    pair = system.send(ref)
    far = of(other, Ref("epic", high["id"]))
    assert (pair.state, above(system, pair.right_key), warnings(system, ref)) == ("agreed", far.right_key, [])
    put_below(system, pair.right_key, None)
    look(system, ref)
    assert epic_of(system, ref) == ""
    put_below(system, pair.right_key, far.right_key)
    look(system, ref)
    assert epic_of(system, ref) == high["id"]


def test_one_hook_a_server_reaches_its_pairs_and_no_others(cloud: System) -> None:
    """Two accounts, two sites and all four ways to join them; the records of both accounts have the same ids."""
    from crosswalk.store.models import Pair
    from crosswalk.sync import hooking, service

    first = cloud.integration
    with beside(cloud) as (aha_at, jira_at):
        ahas, jiras = [first.aha, connected("aha", aha_at, "Aha 2")], [first.jira, connected("jira", jira_at, "Jira 2")]
        every = {(0, 0): first}
        for here, there in ((0, 1), (1, 0), (1, 1)):
            name = f"{here} to {there}"
            every[here, there] = one = service.create_integration(
                name, ahas[here], jiras[there], first.workspace, first.project
            )
            service.set_enabled(one, True, "a test")
        bell, horn = cloud.feature("Bell"), cloud.feature("Horn")
        pairs = {
            (here, there): Pair.objects.create(
                integration=one, kind="feature", left_kind="feature", right_kind="issue", dirty=0, due_at=cloud.now(),
                left_id=(bell, horn)[there].id, right_id=str(70 + here), left_key="FAB-1", right_key="FAB-1",
            )
            for (here, there), one in every.items()
        }  # fmt: skip
        assert len({pair.left_id for pair in pairs.values()}) == 2, "both accounts hold records of the same ids"
        for side in (0, 1):
            for (here, there), one in every.items():
                if here == side:
                    assert told(cloud, one, "aha", pairs[side, 1 - there].left_id) == {every[side, 1 - there].pk}
                if there == side:
                    assert told(cloud, one, "jira", str(70 + (1 - here))) == {every[1 - here, side].pk}
        assert [one.state for one in hooking.hooking(every[1, 1])] == ["delivers", "delivers"]


def test_two_connections_to_one_site_need_one_webhook(cloud: System) -> None:
    from crosswalk.store.models import Pair
    from crosswalk.sync import hooking, service

    project(cloud, "TIN")
    again = connected("jira", cloud.jira_at, "The same site")
    (tin,) = service.projects(again, "TIN")
    other = service.create_integration("Other", cloud.integration.aha, again, cloud.integration.workspace, tin.id)
    Pair.objects.create(
        integration=other, kind="feature", right_kind="issue", right_id="77", right_key="TIN-1",
        left_kind="feature", left_id="1", dirty=0, due_at=cloud.now(),
    )  # fmt: skip
    assert [one.state for one in hooking.hooking(other)] == ["waiting", "waiting"]
    assert told(cloud, cloud.integration, "jira", "77") == {other.pk}
    assert hooking.hooking(other)[1].state == "delivers"
