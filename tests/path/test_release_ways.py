"""A release's name and date in every direction: what either side changes is carried, put back, or left alone."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync.mapping import MappingRefused
from tests.path.system import System
from tests.path.test_refused_parts import allow

DIRECTIONS = ("to jira", "to aha", "both", "once to jira", "once to aha", "off")
TO_JIRA, TO_AHA = ("to jira", "both"), ("to aha", "both")


def direct(system: System, direction: str, **more: str) -> None:
    """Name and date of releases travel that way."""
    fields = system.integration.mapping["fields"]
    lines = [{**one, "direction": more.get(one["aha"], direction)} for one in fields["release"]]
    system.remap(fields={**fields, "release": lines})


class Release:
    """A release with a feature in it, sent."""

    def __init__(self, system: System, name: str) -> None:
        self.system = system
        body = {"release": {"name": name, "release_date": "2027-05-05"}}
        self.id = str(system.aha.post("/products/FAB/releases", body)["release"]["id"])
        self.feature = system.feature("Bell", release=self.id)
        assert system.send(self.feature).state == "agreed"
        self.version = system.pair(Ref("release", self.id)).right_id

    def look(self) -> None:
        self.system.pass_time(5)
        self.system.wake(self.system.pair(Ref("release", self.id)))
        self.system.drain()

    def in_aha(self) -> tuple[str, str | None]:
        shown = self.system.aha.record("releases", self.id)
        return shown["name"], shown["release_date"]

    def in_jira(self) -> tuple[str, str | None]:
        shown = self.system.jira.get(f"/version/{self.version}")
        return shown["name"], shown.get("releaseDate")

    def plan(self, side: str, name: str, day: str | None) -> tuple[str, str | None]:
        if side == "aha":
            body = {"release": {"name": name, "release_date": day}}
            self.system.aha.put(f"/products/FAB/releases/{self.id}", body)
        else:
            self.system.jira.send("PUT", f"/version/{self.version}", {"name": name, "releaseDate": day})
        return name, day

    def pair(self) -> Any:
        return self.system.pair(Ref("release", self.id))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_release_in_every_direction(system: System, direction: str) -> None:
    direct(system, direction, released="to jira")
    release = Release(system, "Own")
    made = ("Own", "2027-05-05")
    sent = made if direction in (*TO_JIRA, "once to jira") else ("Own", None)  # a version needs a name
    assert (release.in_aha(), release.in_jira()) == (made, sent)
    theirs = release.plan("jira", "Named in Jira", "2028-06-06")
    release.look()
    aha = theirs if direction in TO_AHA else made
    jira = made if direction == "to jira" else theirs
    assert (release.in_aha(), release.in_jira()) == (aha, jira)
    ours = release.plan("aha", "Named in Aha!", "2029-07-07")
    release.look()
    aha = jira if direction == "to aha" else ours
    jira = ours if direction in TO_JIRA else jira
    assert (release.in_aha(), release.in_jira()) == (aha, jira)
    assert release.pair().state == "agreed", release.pair().reason
    system.forget()
    release.look()
    writes = [one for side in ("aha", "jira") for one in system.requests(side) if one[0] in ("PUT", "POST", "DELETE")]
    assert [one for one in writes if "search" not in one[1] and "graphql" not in one[1]] == []


def test_a_poll_and_a_hook_find_a_version_that_was_renamed(system: System) -> None:
    direct(system, "both", released="to jira")
    release = Release(system, "Own")
    system.poll()
    system.drain()
    release.plan("jira", "Named in Jira", "2028-06-06")
    system.pass_time(120)
    assert system.poll() >= 1
    system.drain()
    assert release.in_aha() == ("Named in Jira", "2028-06-06")


def test_a_date_that_is_emptied_in_jira_stays_in_aha_and_the_pair_says_so(system: System) -> None:
    direct(system, "both", released="to jira")
    release = Release(system, "Own")
    release.plan("jira", "Renamed", None)
    release.look()
    assert release.in_aha() == ("Renamed", "2027-05-05")
    pair = release.pair()
    assert pair.state == "asking"
    assert "emptied" in pair.reason + " ".join(line.why for line in pair.journal.all())


def test_whether_it_is_released_flows_to_jira_alone(cloud: System) -> None:
    for direction in ("both", "to aha", "once to aha"):
        with pytest.raises(MappingRefused, match="only shows “Released” and takes no value"):
            direct(cloud, "both", released=direction)


@pytest.mark.parametrize("landed", [True, False])
def test_a_write_to_a_version_that_nobody_answered_is_not_looked_up_in_an_issue_of_that_number(
    system: System, landed: bool
) -> None:
    """Somebody renamed the version meanwhile: its history was asked for, as an issue's, and no run came to its end."""
    from crosswalk.store import journal

    direct(system, "both", released="to jira")
    release = Release(system, "Spring")
    release.look()
    assert release.version in system.site.issues
    system.pass_time(60)
    release.plan("aha", "Summer", "2027-06-06")
    fault = "reset_after" if landed else "reset_before"
    system.fault("jira", kind=fault, method="PUT", path_regex="version/", times=0)
    system.wake(release.pair())
    system.drain(1)
    assert release.pair().state == "waiting"
    allow(system)
    assert release.in_jira()[0] == ("Summer" if landed else "Spring")
    release.plan("jira", "Winter", "2027-06-06")
    system.forget()
    release.look()
    assert release.pair().state == "agreed"
    assert release.in_aha() == release.in_jira() == ("Summer", "2027-06-06"), "no stamp tells the newer"
    assert any("Winter" in line.kept for line in journal.of_pair(release.pair().pk))
    assert all("/version/" in path for _, path in system.requests("jira"))
