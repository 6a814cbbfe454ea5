"""The set-up on a whole installation: what a test of a connection finds, hooks registered and silent, long lists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from crosswalk.errors import Forbidden
from tests.path.system import System


def _check(system: System, side: str) -> Any:
    from crosswalk.sync import service

    return service.check_connection(getattr(system.integration, side))


def _grants(system: System, *taken: str) -> None:
    """Take rights away from Crosswalk's account."""
    for project in system.site.projects.values():
        project.grants = {who: held - set(taken) for who, held in project.grants.items()}


def _nobody_administers(system: System) -> None:
    for key, one in system.site.people.items():
        system.site.people[key] = replace(one, admin=False)


def test_a_test_says_what_answers_and_what_the_account_may(system: System) -> None:
    found = _check(system, "jira")
    assert (found.product, found.flavour) == ("Jira", "cloud" if system.flavour == "cloud" else "datacenter")
    assert found.problems == ()
    assert found.clock == "the same as ours"
    assert found.tls == "not encrypted"
    assert "one click registers" in found.hooks
    assert found.rights == "looked at in 1 project"
    assert "no API" in _check(system, "aha").hooks


@pytest.mark.parametrize(
    "right",
    ["CREATE_ISSUES", "MODIFY_REPORTER", "ADD_COMMENTS", "LINK_ISSUES", "ADMINISTER_PROJECTS", "BROWSE_PROJECTS"],
)
def test_a_test_names_each_missing_right(cloud: System, right: str) -> None:
    _nobody_administers(cloud)
    _grants(cloud, right)
    assert any(f"({right})" in one.message for one in _check(cloud, "jira").problems)


def test_a_test_names_each_missing_global_right(system: System) -> None:
    assert _check(system, "jira").problems == ()
    system.site.withheld = {"USER_PICKER", "ADMINISTER"}
    found = _check(system, "jira")
    (told,) = found.problems
    assert "may not browse users, so nobody is found by e-mail address (USER_PICKER)" in told.message
    assert ("“Browse users and groups”" in told.remedy, told.code) == (True, "U1")
    assert "an administrator pastes" in found.hooks
    asked = {"query" if system.flavour == "cloud" else "username": "alice@example.com"}
    assert len(system.jira.get("/user/search", **asked)) == (0 if system.flavour == "cloud" else 1)


def test_a_clock_that_goes_wrong_is_said(cloud: System) -> None:
    from crosswalk.remote.checkup import with_line
    from crosswalk.remote.tls import Heard

    found = replace(_check(cloud, "jira"), problems=())
    said = with_line(found, Heard(ahead=-300.0, tls="TLSv1.3", until="Jan 31 00:00:00 2027 GMT"), "https://x.example")
    assert "300 seconds behind" in said.problems[0].message
    assert said.tls == "TLS 1.3, certificate until Jan 31 00:00:00 2027 GMT"
    assert "not encrypted" in with_line(found, Heard(), "http://jira.example.com").problems[0].message


def test_the_webhook_is_registered_once_and_delivers(system: System) -> None:
    from crosswalk.sync import hooking

    assert hooking.register(system.integration, "alice") == "The webhook is registered in Jira."
    assert hooking.register(system.integration, "alice") == "Jira has this webhook already."
    hooks = [
        one for one in system.site.subscriptions.values() if one.url == hooking.address(system.integration, "jira")
    ]
    assert len(hooks) == 1
    assert not hooks[0].exclude_body
    assert {"jira:issue_updated", "worklog_created", "comment_created"} <= set(hooks[0].events)


def test_who_does_not_administer_jira_is_told_to_paste_it(cloud: System) -> None:
    from crosswalk.sync import hooking

    _nobody_administers(cloud)
    with pytest.raises(Forbidden):
        hooking.register(cloud.integration, "alice")
    assert "an administrator pastes" in _check(cloud, "jira").hooks


def test_a_hook_that_falls_silent_is_noticed(cloud: System) -> None:
    from crosswalk.store.inbox import Delivery, keep
    from crosswalk.sync import hooking

    def jira() -> hooking.Hooking:
        cloud.integration.refresh_from_db()
        return hooking.hooking(cloud.integration)[1]

    pair = cloud.send(cloud.feature("Bell"))
    cloud.poll()
    assert jira().state == hooking.WAITING
    cloud.pass_time(120)
    cloud.jira.rename(pair.right_key, "Brass bell")
    keep(Delivery("jira", b"{}", cloud.now(), integration_id=cloud.integration.pk))
    cloud.poll()
    assert jira().state == hooking.DELIVERS
    cloud.pass_time(timedelta(hours=1).total_seconds())
    cloud.poll()
    cloud.pass_time(20)
    cloud.jira.rename(pair.right_key, "Tin bell")
    cloud.pass_time(90)
    assert cloud.poll() > 0
    assert jira().state == hooking.SILENT
    keep(Delivery("jira", b"{1}", cloud.now(), integration_id=cloud.integration.pk))
    assert jira().state == hooking.DELIVERS


def test_a_webhook_that_is_registered_signs_what_it_sends(system: System) -> None:
    from crosswalk.sync import hooking
    from crosswalk_sandbox.jira.deliver import signature

    system.integration.hook_signature = ""  # as an older Crosswalk left it
    system.integration.save()
    hooking.register(system.integration, "a test")
    system.integration.refresh_from_db()
    made = next(
        one for one in system.site.subscriptions.values() if one.url == hooking.address(system.integration, "jira")
    )
    assert made.secret == system.integration.hook_signature.reveal() != ""
    (known,) = [one for _, one in hooking.addresses()]
    assert known.proves(signature(made.secret, b"{}"), b"{}")
    assert not known.proves(signature(made.secret, b"{}"), b"{} ")


def test_an_enabled_integration_of_ahas_own_is_warned_about(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service

    body = {"integration": {"service_name": "jira", "name": "Old Jira", "enabled": True}}
    cloud.aha.post("/products/FAB/integrations", body)
    service.load_project_data(cloud.integration)
    assert JournalEntry.objects.filter(what__contains="Aha!'s own Jira integration “Old Jira” is enabled").exists()


def test_projects_come_in_pages_and_are_searched(system: System) -> None:
    from crosswalk.sync import service

    known = next(iter(system.site.projects.values()))
    for number in range(120):
        made = replace(known, id=str(50_000 + number), key=f"P{number:03}", name=f"Project {number:03}")
        system.site.projects[made.id] = made
    jira = system.integration.jira
    first, following = service.found(jira, "")
    assert (len(first), following) == (50, 50)
    seen = [one.id for one in first]
    while following:
        more, following = service.found(jira, "", following)
        seen += [one.id for one in more]
    assert len(seen) == len(set(seen)) == len(system.site.projects)
    found, following = service.found(jira, "project 07")
    assert [one.category for one in found] == [f"P07{n}" for n in range(10)]
    assert following == 0


def test_commands(cloud: System) -> None:
    from crosswalk.cli import main

    def run(*words: str) -> str:
        answer = CliRunner().invoke(main, list(words), catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    cloud.send(cloud.feature("Bell"))
    assert "left alone" in run("plan", "Fable", "--all")
    assert run("plan", "Fable", "--release", "Spring ride", "--format", "csv").startswith("side,does,record")
    assert '"counts"' in run("plan", "Fable", "--format", "json")
    assert "The Jira version “Spring ride” is new." in run("load", "Fable")
    assert (again := run("load", "Fable")).startswith("Nothing changed since the load before.\nAha!: Statuses: ")
    assert "Boards: 1, People: " in again
    from tests.path.test_deletions import signed_in

    page = signed_in().get(f"/integrations/{cloud.integration.pk}/settings/").content.decode()
    assert "FAB board (scrum)" in page
    assert "Alice Ng (alice@example.com)" in page
    assert "registered" in run("hook", "Fable")
    assert re.search("done +Send one feature: FAB-", steps := run("steps", "Fable"))
    assert re.search(r"optional +Webhooks: Nothing arrived .* The one in Jira is registered\.", steps)
    refused = CliRunner().invoke(main, ["plan", "Fable", "--release", "Nowhere"])
    assert refused.exit_code == 1
    assert "Spring ride" in refused.output


def test_a_load_says_what_it_reads_and_how_far_it_is(system: System) -> None:
    """On the page by the errand, and by the command beside what it prints."""
    from crosswalk.cli import main
    from crosswalk.sync import errands
    from crosswalk.sync.connect import READ
    from crosswalk.sync.installation import current

    said: list[tuple[str, int, int]] = []
    errands.load(current().bridges, system.integration, system.now, lambda *step: said.append(step))
    assert list(dict.fromkeys((done, total) for _, done, total in said)) == [(n, len(READ)) for n in range(len(READ))]
    words = [step for step, _, _ in said]
    for side, lists in (
        ("Aha!", "statuses, custom fields, people"),
        ("Jira", "issue types, priorities, versions, link types, boards, people"),
    ):
        assert {f"Reading {side}: {one}" for one in lists.split(", ")} <= set(words)
    types = len(system.site.projects[next(iter(system.site.projects))].types)
    assert f"Reading Jira: fields (of Story, {_place(words, 'of Story')} of {types} types)" in words
    answer = CliRunner().invoke(main, ["load", "Fable"], catch_exceptions=False)
    assert answer.stderr.splitlines()[0] == f"[1/{len(READ)}] Reading Aha!: the workspace"
    assert answer.stderr.splitlines()[-1].startswith(f"[{len(READ)}/{len(READ)}] Reading Jira: ")
    assert "Reading" not in answer.stdout


def _place(words: list[str], about: str) -> int:
    """Which one of the types it is."""
    return 1 + next(n for n, one in enumerate(word for word in words if "Jira: fields" in word) if about in one)
