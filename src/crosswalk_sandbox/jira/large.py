"""The large site: so many issues in one project, with people, versions, labels, comments, files and links. Drawn from
nothing but numbers, so that it is the same at every start. Every sentence is invented.
"""

from __future__ import annotations

from datetime import timedelta

from crosswalk_sandbox.jira import rank
from crosswalk_sandbox.jira.catalogue import BUG, EPIC, STORY, SUBTASK, TASK
from crosswalk_sandbox.jira.richtext import from_wiki
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Attachment, Comment, Issue, Person, Project, Value, Version

ISSUES = 50_000
MOST = 200_000
AN_EPIC = 50
PEOPLE, VERSIONS = 60, 40
VERBS = ("Show", "Warm", "Lock", "Count", "Plan", "Share", "Test", "Paint")
THINGS = ("the saddle", "the route", "the battery", "the bell", "the lights", "the frame", "the basket")
LABELS = ("safety", "maps", "battery", "shop", "winter", "courier")
STATUSES = ("10000", "3", "10001", "10002")
KINDS = (STORY, TASK, BUG, STORY, SUBTASK)
TEXTS = tuple(
    from_wiki(text)
    for text in (
        "Riders *notice* it.\n\n* front\n* rear",
        "h3. Why\n\nAsked for by many riders.\n\n# measure\n# build",
        "See [the test|https://rides.example.com/tests/7].\n\n{code}\npart = 7\n{code}",
        "||Part||Test||\n|7|12|",
        "bq. Please.\n\nThat is all.",
    )
)


def size_of(seed: str) -> int | None:
    """How many issues `large` or `large:N` means; None for any other seed. Raises ValueError for too many."""
    word, colon, number = seed.partition(":")
    if word != "large" or (colon and not number.isdecimal()):
        return None
    many = int(number) if colon and len(number) < 9 else ISSUES if not colon else MOST + 1
    if many > MOST:
        raise ValueError(f"large:{number}: at most {MOST}")
    return many


def fill(site: Site, flavour: str, many: int) -> None:
    """Put everything into the project FAB."""
    fab = site.projects["10000"]
    _people(site, fab)
    for number in range(VERSIONS):
        version = Version(site.next_id("version"), fab.id, f"Release {number + 1}", released=number < 4)
        site.versions[version.id] = version
        fab.versions.append(version.id)
    versions = fab.versions[-VERSIONS:]
    people = [key for key in site.people if "ASSIGNABLE_USER" in fab.grants.get(key, ())]
    epic = story = None
    for number in range(many):
        kind = EPIC if number % AN_EPIC == 0 else KINDS[number % 5]
        issue = _issue(site, fab, number, kind, people[number % len(people)])
        issue.values["fixVersions"] = [versions[number * VERSIONS // many]] if number % 3 else []
        if kind == EPIC:
            epic = issue
            if flavour == "dc":
                issue.values["customfield_10011"] = f"Epic {number // AN_EPIC + 1}"
        elif kind == SUBTASK and story is not None:
            issue.values["parent"] = story.id
        elif epic is not None:
            issue.values["parent" if flavour == "cloud" else "customfield_10014"] = epic.id
        if kind == STORY:
            story = issue
        site.enter(issue)
    fab.last_number = many


def _people(site: Site, fab: Project) -> None:
    granted = next(iter(fab.grants.values()))
    for number in range(1, PEOPLE + 1):
        name, account = f"rider{number:02}", f"712020:{number:08d}-0000-4000-8000-000000000100"
        person = Person(f"JIRAUSER102{number:02}", name, account, f"Rider {number:02}", f"{name}@example.com")
        site.people[person.key] = person
        fab.grants[person.key] = set(granted) - {"ADMINISTER_PROJECTS"}


def _issue(site: Site, fab: Project, number: int, kind: str, who: str) -> Issue:
    at = site.now() - timedelta(days=200) + timedelta(minutes=5 * number % 280_000)
    status = STATUSES[number % 4]
    issue = Issue(site.next_id("issue"), f"FAB-{number + 1}", fab.id, kind, status, who, at, at, rank.last(site))
    values: dict[str, Value] = {
        "summary": f"{VERBS[number % 8]} {THINGS[number % 7]} ({number + 1})",
        "description": TEXTS[number % 5],
        "priority": str(number % 5 + 1),
        "assignee": who if number % 4 else None,
        "reporter": who,
        "labels": [LABELS[number % 6]] if number % 2 else [],
    }
    if status == "10002":
        values["resolution"], issue.resolved = "10000", at
    issue.values = values
    if number % 10 == 0:
        issue.comments.append(Comment(site.next_id("comment"), who, who, TEXTS[number // 10 % 5], at, at))
    if number % 20 == 0:
        file = Attachment(site.next_id("attachment"), issue.id, "test.txt", "text/plain", b"Measured.\n" * 20, who, at)
        site.attachments[file.id] = file
        issue.attachments.append(file.id)
    return issue
