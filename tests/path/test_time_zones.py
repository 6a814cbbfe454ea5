"""A day is a day: in no time zone, on no day on which clocks are set, and after no move of a server is it another."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_commands import COMPARE, work
from tests.path.test_fields import change, custom, line, put_in_aha, put_in_jira, remap
from tests.path.test_release_ways import Release, direct
from tests.path.test_worklogs import done, logged

DAYS = ("2026-10-25", "2027-03-28", "2027-04-04", "2026-11-01")
"""Clocks are set on them: in Berlin, in Berlin, in Auckland, in New York."""


def move(system: System, zone: str) -> None:
    """The server and everybody who works there move to another time zone, and the project data is loaded."""
    from crosswalk.sync import service

    system.site.zone = ZoneInfo(zone)
    for person in system.site.people.values():
        person.zone = zone
    service.load_project_data(system.integration)
    system.integration.refresh_from_db()


@pytest.fixture(params=["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Etc/GMT+12"])
def there(request: pytest.FixtureRequest, system: System) -> System:
    """Jira is in this time zone; work goes both ways, and a date is joined with a moment."""
    move(system, request.param)
    put_in_aha(system, "begin", "DateField")
    put_in_jira(system, "customfield_10090", "datetime")
    remap(system, line("Begin", "custom:begin", "customfield_10090"))
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "worklog": {"direction": "both"}})
    return system


def days(system: System, ref: Ref) -> tuple[object, ...]:
    """Each day of a feature, as both sides show it; of a moment in Jira its own clock's."""
    issue, shown = system.issue(system.pair(ref).right_key), system.aha.record("features", ref.key)
    begin = str(issue["customfield_10090"])[:10]
    return issue["duedate"], shown["due_date"], begin, custom(system, ref, "begin")


def enter(system: System, ref: Ref, day: str, hours: int = 1) -> None:
    event = {"user_id": int(system.aha.get("/me")["user"]["id"]), "work_done_text": f"{hours}h", "occurred_on": day}
    system.aha.post(f"/features/{ref.id}/time_tracking_events", {"time_tracking_event": event})


def test_days_stay_days(there: System) -> None:
    refs = [there.feature(f"Bell {day}", due_date=day, custom_fields={"begin": day}) for day in DAYS]
    for ref, day in zip(refs, DAYS, strict=True):
        there.send(ref)
        look(there, ref)
        assert days(there, ref) == (day,) * 4
        assert_quiet(there, ref)
    ref, key = refs[0], there.pair(refs[0]).right_key
    for day in DAYS[1:]:
        there.jira.edit(key, duedate=day, customfield_10090=f"{day}T00:30:00.000{_offset(there, day)}")
        look(there, ref)
        assert days(there, ref) == (day,) * 4
        change(there, ref, due_date=DAYS[0], custom_fields={"begin": DAYS[0]})
        look(there, ref)
        assert days(there, ref) == (DAYS[0],) * 4
    assert warnings(there, ref) == []


def _offset(system: System, day: str) -> str:
    return datetime.fromisoformat(f"{day}T00:30").replace(tzinfo=system.site.zone).strftime("%z")


def test_work_is_of_the_same_day_on_both_sides(there: System) -> None:
    ref = there.feature("Bell", original_estimate_text="2d")
    key = there.send(ref).right_key
    for hours, day in enumerate(DAYS, 1):
        enter(there, ref, day, hours)
    look(there, ref)
    entered = sorted((day, 60 * hours) for hours, day in enumerate(DAYS, 1))
    assert logged(there, key) == entered
    there.fault("jira", kind="reset_after", method="POST", path_regex="/worklog$")
    enter(there, ref, "2026-11-20")
    for _ in range(4):
        look(there, ref)
        there.pass_time(100)
    assert logged(there, key) == done(there, "features", ref.id) == sorted([*entered, ("2026-11-20", 60)])
    assert_quiet(there, ref)


@pytest.mark.parametrize("there", ["Europe/Berlin"], indirect=True)
@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Sao_Paulo"])
def test_a_server_that_moves_changes_no_day(there: System, zone: str) -> None:
    ref = there.feature("Bell", due_date=DAYS[0], custom_fields={"begin": DAYS[1]}, original_estimate_text="2d")
    there.send(ref)
    look(there, ref)
    before = there.aha.record("features", ref.key)["due_date"], custom(there, ref, "begin")
    move(there, zone)
    work(there, COMPARE)
    there.drain()
    there.wake(there.pair(ref))
    there.drain()
    assert (there.aha.record("features", ref.key)["due_date"], custom(there, ref, "begin")) == before == DAYS[:2]
    assert there.issue(there.pair(ref).right_key)["duedate"] == DAYS[0]
    assert_quiet(there, ref)
    there.aha.rename("features", ref.key, "Brass bell")
    look(there, ref)
    assert (there.aha.record("features", ref.key)["due_date"], custom(there, ref, "begin")) == before
    change(there, ref, custom_fields={"begin": DAYS[2]})
    look(there, ref)
    assert days(there, ref)[2:] == (DAYS[2],) * 2


def test_days_of_releases(there: System) -> None:
    direct(there, "both", released="to jira")
    release = Release(there, "Winter ride")
    for number, day in enumerate(DAYS):
        for side in ("aha", "jira"):
            planned = release.plan(side, f"Winter ride {number} {side}", day)
            release.look()
            assert (release.in_aha(), release.in_jira()) == (planned, planned)
