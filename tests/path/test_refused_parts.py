"""What a side would not take of what hangs on records is told once, and sent again only when there is a reason to."""

from __future__ import annotations

import re

import httpx2

from tests.path.looking import BELIEVED, assert_quiet, look, press_retry, warnings
from tests.path.matrix.bench import Bench
from tests.path.system import TLS, System

MADE = r"/(comments?|attachments|issueLink|record_links|worklog|time_tracking_events)$"
CHANGED = r"/(comments?|attachments?|issueLink|record_links|worklog|time_tracking_events)/\d+$"


def refuse(system: System, kind: str, method: str, path: str) -> None:
    """Both servers take none of these any more."""
    for side in ("aha", "jira"):
        system.fault(side, kind=kind, method=method, path_regex=path, times=0)


def allow(system: System) -> None:
    for account in (system.aha_at, system.jira_at):
        httpx2.delete(f"{account.address}/_sandbox/faults", verify=TLS).raise_for_status()


def tried(bench: Bench, times: int = 1) -> list[str]:
    """What was sent in so many looks, and did not come from a person: method and last word of the path."""
    system = bench.system
    system.forget()
    for _ in range(times):
        system.pass_time(BELIEVED)
        system.wake(*(system.pair(ref) for ref in (bench.one, bench.two)))
        system.drain()
    sent = [one for side in ("aha", "jira") for one in system.requests(side) if one[0] != "GET"]
    parts = [(method, path) for method, path in sent if re.search(f"{MADE}|{CHANGED}", path)]
    return sorted(f"{method} {path.rstrip('/0123456789').rpartition('/')[2]}" for method, path in parts)


def test_what_is_refused_is_sent_once(system: System) -> None:
    bench = Bench(system)
    bench.direct("both")
    for side in ("aha", "jira"):
        bench.say(side, f"w-{side}")
        bench.attach(side, side, b"file")
        bench.log(side, 60 if side == "aha" else 90)
    bench.link("aha")
    refuse(system, "403", "POST", MADE)
    first = tried(bench)
    assert first == sorted(
        ["POST comment", "POST comments", "POST issueLink", "POST time_tracking_events", "POST worklog"]
        + ["POST attachments"] * 2
    )
    lines = warnings(system, bench.one)
    assert len(lines) == len(first)
    assert all(line.remedy for line in lines)
    assert tried(bench, 3) == []
    assert_quiet(system, bench.one)
    bench.say_anew("jira", "w-jira", "w-other")
    assert tried(bench) == ["POST comments"], "what changed is tried, and that alone"
    assert tried(bench, 2) == []
    allow(system)
    assert tried(bench) == [], "nobody asked"
    assert press_retry(system, bench.one).state == "agreed"
    assert bench.comments("aha") == bench.comments("jira") == ["w-aha", "w-other"]
    assert bench.files("aha") == bench.files("jira")
    assert bench.work("aha") == bench.work("jira") == [60, 90]
    assert bench.links("aha") == bench.links("jira") == 1
    edits_and_removals(bench)
    bench.close()


def edits_and_removals(bench: Bench) -> None:
    """The same of an edit and of what is removed; a mapping that says otherwise is a reason to try again."""
    system = bench.system
    bench.say_anew("aha", "w-aha", "w-edited")
    bench.unsay("jira", "w-other")
    bench.detach("jira", "jira")
    refuse(system, "403", "PUT", CHANGED)
    refuse(system, "403", "DELETE", CHANGED)
    assert tried(bench) == ["DELETE attachments", "DELETE comments", "PUT comment"]
    assert tried(bench, 3) == []
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "comment": {**parts["comment"], "private": True}})
    assert tried(bench) == ["DELETE comments", "PUT comment"]
    allow(system)
    assert tried(bench, 2) == []
    assert press_retry(system, bench.one).state == "agreed"
    assert bench.comments("aha") == bench.comments("jira") == ["w-edited"]
    assert bench.files("aha") == bench.files("jira") == [("aha", b"file")]


def test_a_comment_that_a_closed_issue_refused_is_sent_when_it_is_open_again(system: System) -> None:
    bench = Bench(system)
    bench.direct("both")
    bench.say("aha", "w-late")
    refuse(system, "403", "POST", MADE)
    assert tried(bench) == ["POST comment"]
    assert tried(bench, 2) == []
    system.jira.move(bench.key(bench.one), "In Progress")
    assert tried(bench) == ["POST comment"], "another status is a reason to try"
    assert tried(bench, 2) == []
    allow(system)
    system.jira.move(bench.key(bench.one), "To Do")
    assert tried(bench) == ["POST comment"]
    assert bench.comments("jira") == ["w-late"]
    assert system.pair(bench.one).state == "agreed", system.pair(bench.one).reason
    bench.close()


def test_a_comment_too_long_for_jira_is_told_once_whatever_else_is_said(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    for text in ("pedal " * 7000, "short"):
        system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": f"<p>{text}</p>"}})
    look(system, ref)
    (line,) = warnings(system, ref)
    assert (line.code, system.pair(ref).state) == ("F7", "asking")
    assert line.what.startswith(f"A comment of {ref.key} was not carried to Jira: The text is too long for Jira: 42,")
    assert line.remedy == "Shorten it, or attach the long text."
    assert line.remedy not in line.what
    assert len(system.issue(pair.right_key)["comment"]["comments"]) == 1
    assert_quiet(system, ref)
