"""Issues become Aha! records: by a query, of a version, and as they appear below what is in step."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_match import story


def pair_of(system: System, key: str) -> Any:
    from crosswalk.store.models import Pair

    return Pair.objects.filter(integration=system.integration, right_key=key).first()


def bring(system: System, jql: str = "", release: str = "") -> int:
    from crosswalk.sync import importing

    found = importing.find(system.integration, importing.Asked(jql, release))
    count = importing.take(system.integration, found, "a test")
    system.drain()
    return count


def settle_poll(system: System) -> None:
    """Two polls and what they wake; Cloud's search knows what is new by then."""
    for _ in range(2):
        system.pass_time(60)
        system.poll()
        system.drain()


def features(system: System) -> int:
    return len(system.aha.get("/products/FAB/features", per_page="200")["features"])


def test_issues_that_a_query_finds_become_features(system: System) -> None:
    key = story(system, "Bell of brass", description="Rings")
    story(system, "Horn")
    before, issues = features(system), len(system.site.issues)
    assert bring(system, 'summary ~ "brass"') == 1
    pair = pair_of(system, key)
    assert pair.state == "agreed", pair.reason
    made = system.aha.record("features", pair.left_key)
    assert (made["name"], "Rings" in str(made["description"])) == ("Bell of brass", True)
    assert (features(system), len(system.site.issues)) == (before + 1, issues)
    assert bring(system, 'summary ~ "brass"') == 0
    assert_quiet(system, Ref("feature", pair.left_id, pair.left_key))
    system.aha.rename("features", pair.left_key, "Bell of tin")
    settle_poll(system)
    assert system.issue(key)["summary"] == "Bell of tin"


def test_a_version_is_imported_whole(system: System) -> None:
    made = system.jira.send("POST", "/version", {"name": "Spring 9", "project": "FAB"})
    keys = [story(system, f"Bell {number}", fixVersions=[{"id": made["id"]}]) for number in range(2)]
    assert bring(system, release="Spring 9") == 3
    release = pair_of(system, "Spring 9")
    assert (release.state, release.kind) == ("agreed", "release"), release.reason
    for key in keys:
        pair = pair_of(system, key)
        assert pair.state == "agreed", pair.reason
        assert system.aha.record("features", pair.left_key)["release"]["id"] == release.left_id


def under(system: System, setting: str) -> tuple[str, str]:
    """An issue of a mapped type and one of another, made in the version of a sent feature's release."""
    ref = system.feature("Bell")
    pair = system.send(ref)
    settle_poll(system)
    if setting != "none":
        system.remap(imports=setting)
    version = system.issue(pair.right_key)["fixVersions"][0]["id"]
    kind = next(one for one in system.site.types.values() if one.name == "Bug")
    there = {"fixVersions": [{"id": version}]}
    mapped, other = story(system, "Horn", **there), story(system, "Crack", issuetype={"id": kind.id}, **there)
    settle_poll(system)
    return mapped, other


@pytest.mark.parametrize(
    ("setting", "made"), [("none", (False, False)), ("mapped", (True, False)), ("all", (True, True))]
)
def test_what_appears_below_a_linked_parent_is_brought_as_the_setting_says(
    system: System, setting: str, made: tuple[bool, bool]
) -> None:
    from crosswalk.sync import importing

    before, keys = features(system), under(system, setting)
    assert tuple(pair_of(system, key) is not None for key in keys) == made
    assert features(system) == before + 1 + sum(made)
    waiting = importing.find(system.integration, importing.Asked())
    assert [one.ref.key for one in waiting] == [key for key, there in zip(keys, made, strict=True) if not there]
    for key in keys:
        assert (found := pair_of(system, key)) is None or found.state == "agreed"


def test_an_issue_that_is_moved_below_a_linked_parent_is_brought(system: System) -> None:
    pair = system.send(system.feature("Bell"))
    system.remap(imports="mapped")
    key = story(system, "Horn")
    settle_poll(system)
    assert pair_of(system, key) is None
    version = system.issue(pair.right_key)["fixVersions"][0]["id"]
    system.jira.edit(key, fixVersions=[{"id": version}])
    settle_poll(system)
    assert pair_of(system, key).state == "agreed"


def test_what_crosswalk_made_itself_is_not_brought_back(system: System) -> None:
    """Also while the answer to the create is lost."""
    system.poll()
    system.remap(imports="all")
    before = features(system)
    ref = system.feature("Bell")
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue$")
    pair = system.send(ref)
    settle_poll(system)
    settle_poll(system)
    pair = system.pair(ref)
    assert (pair.state, features(system)) == ("agreed", before + 1)


def test_a_query_never_leaves_the_project_and_a_bad_one_is_refused(cloud: System) -> None:
    from crosswalk.sync import importing

    key = story(cloud, "Bell")
    for jql in ("summary ~ Bell ORDER BY key", "(summary ~ Bell", "nose = 7"):
        with pytest.raises(Exception, match=r"query|nose|Field") as told:
            importing.find(cloud.integration, importing.Asked(jql))
        assert told.type.__module__ == Refused.__module__
    found = importing.find(cloud.integration, importing.Asked("summary ~ Bell) OR (project is not EMPTY"))
    assert key in {one.ref.key for one in found}
    assert {one.ref.key.partition("-")[0] for one in found} == {"FAB"}


def test_the_command_shows_the_plan_and_imports_nothing_when_it_is_dry(cloud: System) -> None:
    from crosswalk.cli_many import import_

    key = story(cloud, "Bell of brass")
    before = features(cloud)
    dry = CliRunner().invoke(import_, ["Fable", "--jql", "summary ~ brass", "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert f"{key} Bell of brass (Story) becomes: feature" in dry.output
    assert "Aha!: 1 to be made" in dry.output
    assert (features(cloud), pair_of(cloud, key)) == (before, None)
    done = CliRunner().invoke(import_, ["Fable", "--jql", "summary ~ brass"])
    assert "1 record is on its way" in done.output, done.output
    cloud.drain()
    assert features(cloud) == before + 1
    refused = CliRunner().invoke(import_, ["Fable", "--release", "No such"])
    assert (refused.exit_code, "no version “No such”" in refused.output) == (1, True)
