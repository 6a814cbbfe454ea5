"""The stand-in worlds a sandbox starts with: `demo` (a bicycle company at work), `empty` (the same, without issues),
`rules` (with stricter projects beside) and `large` or `large:N` (with 50,000 or N issues).

Everything is drawn from the clock's start and fixed lists, so that the same seed gives the same world.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira import catalogue, directory, large, rank, saved, seed_rules
from crosswalk_sandbox.jira.catalogue import BUG, EPIC, STORY, SUBTASK, TASK
from crosswalk_sandbox.jira.richtext import from_wiki
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import (
    Board,
    Comment,
    Component,
    Issue,
    Person,
    Project,
    RemoteLink,
    Screen,
    Sprint,
    Transition,
    Value,
    Version,
)
from crosswalk_sandbox.kernel.clock import Clock

SEEDS = ("demo", "empty", "rules")
CLOUD_ID = "c0ffee00-1234-4abc-8def-000000000001"
FULL = frozenset(catalogue.PERMISSIONS)
MEMBER = FULL - {"ADMINISTER_PROJECTS"}
READER = frozenset({"BROWSE_PROJECTS", "ASSIGNABLE_USER"})


def plant(seed: str, flavour: str, clock: Clock) -> Site:
    """A site with this seed. Raises ValueError for a seed there is none of."""
    many = large.size_of(seed)
    if seed not in SEEDS and many is None:
        raise ValueError(f"unknown seed {seed!r}; known: {', '.join(SEEDS)}, large, large:N")
    site = Site(clock, CLOUD_ID, "Fable Jira", ZoneInfo("Europe/Berlin"), index_lag=1.0 if flavour == "cloud" else 0.0)
    for person in _people():
        site.people[person.key] = person
    site.categories = list(catalogue.CATEGORIES)
    site.statuses = {s.id: s for s in catalogue.STATUSES}
    site.types = {t.id: t for t in catalogue.TYPES}
    site.priorities = {p.id: p for p in catalogue.PRIORITIES}
    site.resolutions = {r.id: r for r in catalogue.RESOLUTIONS}
    site.link_types = {t.id: t for t in catalogue.LINK_TYPES}
    site.fields = {f.id: f for f in (*catalogue.system_fields(), *catalogue.custom_fields(flavour))}
    site.screens["1"] = Screen("1", "Default Screen", list(catalogue.DEFAULT_SCREEN))
    if flavour == "dc":
        site.parted = frozenset({0, 1})  # there an epic is an issue like others, apart from its own link
        site.fields["parent"].types = frozenset({SUBTASK})
    else:
        site.fields["statuscategorychangedate"] = catalogue.CATEGORY_CHANGED
    _projects(site)
    directory.plant(site, {"Administrators": {*FULL}, "Developers": {*MEMBER}, "Users": {*READER}})
    saved.plant(site)
    site.template = deepcopy(next(iter(site.projects.values())))
    if seed in ("demo", "rules"):
        _issues(site, flavour)
    if many is not None:
        large.fill(site, flavour, many)
    if seed == "rules":
        seed_rules.plant(site, flavour)
    return site


def _people() -> list[Person]:
    def one(name: str, display: str, number: int, **more: object) -> Person:
        account = f"712020:{number:08d}-0000-4000-8000-00000000000{number}"
        person = Person(f"JIRAUSER1010{number}", name, account, display, f"{name}@example.com")
        for key, value in more.items():
            setattr(person, key, value)
        return person

    return [
        one("alice", "Alice Ng", 1, admin=True, zone="America/New_York"),
        one("bruno", "Bruno Costa", 2, email_hidden=True),
        one("chandra", "Chandra Iyer", 3, zone="Asia/Kolkata"),
        one("dana", "Dana Weiss", 4),
        one("otto", "Otto Aside", 5),
    ]


def _projects(site: Site) -> None:
    alice, bruno, chandra, dana, _ = site.people
    fab = Project("10000", "FAB", "Fable Bicycles", alice, [EPIC, STORY, TASK, BUG, SUBTASK], "Bicycles people love.")
    fab.grants = {alice: {*FULL}, bruno: {*MEMBER}, chandra: {*MEMBER}, dana: {*READER}}
    ops = Project("10001", "OPS", "Operations", bruno, [TASK, SUBTASK], "Only the operations team creates here.")
    ops.grants = {bruno: {*FULL}, alice: {*READER}}
    for project in (fab, ops):
        site.projects[project.id] = project
        project.statuses = [s.id for s in catalogue.STATUSES]
        project.transitions = _workflow()
    for identity, name, start, release, done in (
        ("10000", "Autumn 2026", "2026-09-01", "2026-11-15", True),
        ("10001", "spring 2027", "2027-01-11", "2027-04-30", False),
    ):
        site.versions[identity] = Version(identity, fab.id, name, "", released=done, start=start, release=release)
        fab.versions.append(identity)
    for identity, name in (("10000", "Frame"), ("10001", "App"), ("10002", "Web shop")):
        site.components[identity] = Component(identity, fab.id, name, f"Everything about the {name.lower()}")
    site.boards[1] = Board(1, "FAB board", fab.id)
    now = site.now().replace(minute=0, second=0, microsecond=0)
    site.sprints[1] = Sprint(
        1, "FAB Sprint 1", "active", 1, "Lights that work", now - timedelta(days=5), now + timedelta(days=9)
    )
    site.sprints[2] = Sprint(2, "FAB Sprint 2", "future", 1)
    for sprint in site.sprints.values():
        sprint.created = now - timedelta(days=6)
    for kind, taken in (("version", 2), ("component", 3)):
        for _ in range(taken):
            site.next_id(kind)


def _workflow() -> list[Transition]:
    """A workflow in which not every status leads to every other: Done is reached through In Review only, or
    by closing."""
    todo, doing, review, done = (s.id for s in catalogue.STATUSES)
    return [
        Transition("11", "To Do", todo, (doing, review, done)),
        Transition("21", "Start progress", doing, (todo, review)),
        Transition("31", "Send to review", review, (doing,)),
        Transition("41", "Done", done, (review,), ("resolution",), (), "10000"),
        Transition("51", "Close", done, (todo, doing), ("resolution", "fixVersions"), ("resolution",)),
    ]


_DEMO: tuple[tuple[str, str, str, int, str, str], ...] = (
    (EPIC, "Lights for dark mornings", "3", 2, "alice", "h2. Why\n\nRiders commute in the dark from October to March."),
    (
        STORY,
        "Dynamo light stays on at traffic lights",
        "3",
        1,
        "bruno",
        "A *capacitor* keeps the light on.\n\n* front\n* rear",
    ),
    (STORY, "Lights follow the sunset", "10000", 3, "chandra", "The app switches the lights by time and place."),
    (TASK, "Order samples from three suppliers", "10002", 3, "bruno", ""),
    (
        BUG,
        "Rear light flickers on cobblestones",
        "10001",
        1,
        "chandra",
        "{code}\nvoltage = 5.9 V\n{code}\nSeen in two frames.",
    ),
    (SUBTASK, "Measure the drop at the connector", "10000", 3, "", ""),
)


def _issues(site: Site, flavour: str) -> None:
    fab = site.projects["10000"]
    alice, bruno, *_ = site.people
    names = {person.name: key for key, person in site.people.items()}
    start = site.now() - timedelta(days=20)
    for number, (kind, summary, status, priority, assignee, text) in enumerate(_DEMO, start=1):
        at = start + timedelta(days=number, minutes=7 * number)
        issue = Issue(site.next_id("issue"), f"FAB-{number}", fab.id, kind, status, alice, at, at, rank.last(site))
        values: dict[str, Value] = {
            "summary": summary,
            "description": from_wiki(text) if text else None,
            "priority": str(priority),
            "assignee": names.get(assignee),
            "reporter": alice,
            "labels": ["lighting"] if number < 4 else [],
            "fixVersions": ["10001"] if number in (1, 2) else [],
        }
        if status == "10002":
            values["resolution"], issue.resolved = "10000", at
        issue.values = values
        site.enter(issue)
    fab.last_number = len(_DEMO)
    _relations(site, flavour, bruno)


def _relations(site: Site, flavour: str, author: str) -> None:
    epic, story, second, *_, bug, part = site.issues.values()
    for child in (story, second):
        child.values["parent" if flavour == "cloud" else "customfield_10014"] = epic.id
    if flavour == "dc":
        epic.values["customfield_10011"] = "Lights"
    part.values["parent"] = bug.id
    site.adopt(part)
    story.values["customfield_10016"] = 5.0
    story.values["customfield_10020"] = ["1"]
    at = story.created + timedelta(hours=3)
    text = from_wiki("The capacitor has arrived, see [the data sheet|https://example.com/capacitor].")
    story.comments.append(Comment(site.next_id("comment"), author, author, text, at, at))
    target: dict[str, object] = {"url": "https://example.com/wiki/lights", "title": "Lights: what riders told us"}
    second.remote_links.append(RemoteLink(int(site.next_id("remotelink")), None, None, {}, target))
    ops = site.projects["10001"]
    ops.last_number = 1
    task = Issue(site.next_id("issue"), "OPS-1", ops.id, TASK, "10000", author, at, at, rank.last(site))
    task.values = {"summary": "Renew the workshop's insurance", "reporter": author, "priority": "3", "labels": []}
    site.enter(task)
