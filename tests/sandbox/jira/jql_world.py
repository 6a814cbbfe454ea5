"""Issues drawn by chance, queries drawn by chance, and what the queries find, worked out naively.

The naive answer is written from Jira's pages alone, over plain dictionaries: a clause is true, false, or (where the
field is empty) neither, NOT turns true and false round, AND and OR go by that three-valued logic, and what is true is
found. It shares nothing with the sandbox but the names of people, statuses and fields.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira import seeds
from crosswalk_sandbox.jira.saved import Filter
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Change, Issue, Item, Link, Named, SecurityLevel, Worklog
from crosswalk_sandbox.kernel.clock import VirtualClock

Record = dict[str, Any]
START = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
PROJECTS = ["FAB", "OPS"]
STATUSES = ["To Do", "In Progress", "In Review", "Done"]
STATUS_IDS = dict(zip(STATUSES, ("10000", "3", "10001", "10002"), strict=True))
PRIORITIES = ["Lowest", "Low", "Medium", "High", "Highest"]
PEOPLE = {"Alice Ng": "JIRAUSER10101", "Bruno Costa": "JIRAUSER10102", "Chandra Iyer": "JIRAUSER10103"}
LABELS = ["horn", "bell", "lamp"]
VERSIONS = {"Autumn 2026": "10000", "spring 2027": "10001"}
LEVELS = {"Reporter Only": "10020", "Leads": "10021"}
CATEGORIES = {"Bicycles": "10090", "Unused": "10091"}
FILTERS = {"Bells": "labels = bell", "Bells of FAB": 'filter = Bells AND NOT project = "OPS"'}
LINKED = ["blocks", "is blocked by"]
WORDS = ["bicycle", "bicycles", "lamp", "horn", "loud"]
HOURS = 24 * 20


def records(seed: int, count: int = 40) -> list[Record]:
    """Issues as plain data, the same for the same seed."""
    chance = random.Random(seed)
    out: list[Record] = []
    numbers = dict.fromkeys(PROJECTS, 0)
    for _ in range(count):
        project = chance.choice(PROJECTS)
        numbers[project] += 1
        born = chance.randrange(HOURS // 7) * 7
        spells = [(born, chance.choice(STATUSES), chance.choice([*PEOPLE]))]
        for _ in range(chance.randrange(4)):
            later = spells[-1][0] + chance.randrange(1, 9) * 7
            other = [status for status in STATUSES if status != spells[-1][1]]
            spells.append((later, chance.choice(other), chance.choice([*PEOPLE])))
        out.append({
            "key": (project, numbers[project]),
            "project": project,
            "spells": spells,
            "status": spells[-1][1],
            "creator": spells[0][2],
            "created": born,
            "updated": max(spells[-1][0], born),
            "priority": chance.choice([None, *PRIORITIES]),
            "assignee": chance.choice([None, *PEOPLE]),
            "labels": set(chance.sample(LABELS, chance.randrange(3))),
            "fixVersion": set(chance.sample([*VERSIONS], chance.randrange(3))),
            "points": chance.choice([None, 1.0, 2.0, 3.0, 5.0]),
            "due": chance.choice([None, *(f"2026-11-{day:02}" for day in (9, 10, 11, 24))]),
            "summary": " ".join(chance.sample(WORDS, chance.randrange(1, 4))),
        })  # fmt: skip
    for number, record in enumerate(out):
        _add_work(record, chance)
        inside = {"Bells": "bell" in record["labels"]}
        inside["Bells of FAB"] = inside["Bells"] and record["project"] != "OPS"
        # The empty name: an issue that is in no filter is not without a value.
        record["filter"] = {"", *(name for name, holds in inside.items() if holds)}
        record["level"] = chance.choice([None, None, *LEVELS])
        record["category"] = "Bicycles" if record["project"] == "FAB" else None
        record["blocks"] = chance.choice([None, None, *range(number)])
    for number, record in enumerate(out):
        ends = {"blocks": record["blocks"] is not None, "is blocked by": any(r["blocks"] == number for r in out)}
        record["issueLinkType"] = {word for word, holds in ends.items() if holds}
    return out


def _add_work(record: Record, chance: random.Random) -> None:
    """At most one piece of work, so that a comparison and its opposite exclude each other."""
    record["spent"], record["estimate"] = chance.choice([0, 3600, 5400]), chance.choice([None, 3600, 7200])
    record["workRatio"] = record["spent"] * 100 // record["estimate"] if record["estimate"] else None
    record["work"] = (chance.randrange(HOURS), chance.choice([*PEOPLE])) if chance.random() < 0.6 else None
    record["worklogAuthor"] = record["worklogDate"] = None
    if record["work"]:
        record["worklogAuthor"] = record["work"][1]
        record["worklogDate"] = hour(record["work"][0]).astimezone(ZONE).date().isoformat()


def hour(number: int) -> datetime:
    """The moment that a number of hours stands for."""
    return START + timedelta(hours=number)


def planted(flavour: str, data: list[Record]) -> Site:
    """A sandbox that holds these issues and no others."""
    clock = VirtualClock()
    site = seeds.plant("empty", flavour, clock)
    projects = {project.key: project.id for project in site.projects.values()}
    priorities = {one.name: key for key, one in site.priorities.items()}
    _plant_names(site)
    for record in data:
        spells = record["spells"]
        issue = Issue(
            id=site.next_id("issue"),
            key="{}-{}".format(*record["key"]),
            project=projects[record["project"]],
            type="10002",
            status=STATUS_IDS[record["status"]],
            creator=PEOPLE[record["creator"]],
            created=hour(record["created"]),
            updated=hour(record["updated"]),
        )
        issue.values = {
            "summary": record["summary"],
            "priority": priorities.get(record["priority"]),
            "assignee": PEOPLE.get(record["assignee"]),
            "labels": sorted(record["labels"]),
            "fixVersions": [VERSIONS[name] for name in sorted(record["fixVersion"])],
            "duedate": record["due"],
            "customfield_10016": record["points"],
            "timeoriginalestimate": record["estimate"],
            "security": LEVELS.get(record["level"]),
        }
        issue.spent = record["spent"]
        if record["work"]:
            at, key = hour(record["work"][0]), PEOPLE[record["work"][1]]
            issue.worklogs.append(Worklog("1", key, key, None, at, 60, at, at))
        for (_, before, _), (at, after, by) in itertools.pairwise(spells):
            item = Item("status", "status", STATUS_IDS[before], before, STATUS_IDS[after], after)
            issue.changes.append(Change(site.next_id("change"), PEOPLE[by], hour(at), [item]))
        site.enter(issue)
    ids = [*site.issues]
    for number, record in enumerate(data):
        if record["blocks"] is not None:
            site.join(Link(site.next_id("issuelink"), BLOCKS, ids[number], ids[record["blocks"]]))
    return site


BLOCKS = "10000"


def _plant_names(site: Site) -> None:
    """Levels that everybody is in, categories of projects, filters of which one leads to another."""
    for name, identity in LEVELS.items():
        site.levels[identity] = SecurityLevel(identity, name, people=frozenset(PEOPLE.values()))
    for name, identity in CATEGORIES.items():
        site.project_categories[identity] = Named(identity, name)
    next(p for p in site.projects.values() if p.key == "FAB").category = CATEGORIES["Bicycles"]
    for name, query in FILTERS.items():
        kept = Filter(site.next_id("filter"), name, PEOPLE["Alice Ng"], query)
        site.filters[kept.id] = kept


# ---- queries


@dataclass(frozen=True)
class Clause:
    """`fixed` holds the predicates of a history clause: (word, text, value)."""

    field: str
    operator: str
    values: tuple[Any, ...]
    fixed: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Joined:
    """`word` is and, or, not."""

    word: str
    parts: tuple[Any, ...]


EQUAL = ["=", "!=", "in", "not in"]
ORDER = ["<", "<=", ">", ">="]
EMPTY = ["is", "is not"]
CHOICES: dict[str, tuple[list[str], list[Any]]] = {
    "project": (EQUAL, PROJECTS),
    "status": (EQUAL, STATUSES),
    "priority": ([*EQUAL, *ORDER, *EMPTY], PRIORITIES),
    "assignee": ([*EQUAL, *EMPTY], [*PEOPLE]),
    "labels": ([*EQUAL, *EMPTY], LABELS),
    "fixVersion": ([*EQUAL, *EMPTY], [*VERSIONS]),
    "points": ([*EQUAL, *ORDER, *EMPTY], [1.0, 2.0, 4.0]),
    "due": ([*EQUAL, *ORDER, *EMPTY], ["2026-11-09", "2026-11-10", "2026-11-24"]),
    "created": ([*ORDER, "="], [*range(0, HOURS, 7)]),
    "updated": ([*ORDER, "="], [*range(0, HOURS, 7)]),
    "key": (["=", "!=", "in", "not in", *ORDER], [(p, n) for p in PROJECTS for n in (1, 2, 5, 9)]),
    "workRatio": ([*EQUAL, *ORDER, *EMPTY], [0, 50, 75, 100]),
    "level": ([*EQUAL, *EMPTY], [*LEVELS]),
    "category": ([*EQUAL, *EMPTY], [*CATEGORIES]),
    "worklogAuthor": ([*EQUAL, *EMPTY], [*PEOPLE]),
    "worklogDate": ([*EQUAL, *ORDER], ["2026-11-04", "2026-11-10", "2026-11-19"]),
    "issueLinkType": (EQUAL, LINKED),
    "filter": (EQUAL, [*FILTERS]),
    "summary": (["~", "!~"], ["bicycle", "loud", "bicyc*", "lamp horn", "loud bicycle*"]),
}
MAY_BE_EMPTY = {
    "priority",
    "assignee",
    "labels",
    "fixVersion",
    "points",
    "due",
    "workRatio",
    "level",
    "category",
    "worklogAuthor",
}


def clause(chance: random.Random) -> Clause:
    """A clause over one field; often over the history of the status."""
    field = chance.choice([*CHOICES, "history", "history", "history"])
    if field == "history":
        return history(chance)
    operators, values = CHOICES[field]
    operator = chance.choice(operators)
    if operator in EMPTY:
        return Clause(field, operator, (None,))
    if operator in ("in", "not in"):
        some = [chance.choice(values) for _ in range(chance.randrange(1, 4))]
        if field in MAY_BE_EMPTY and chance.randrange(4) == 0:
            some.insert(chance.randrange(len(some) + 1), None)
        return Clause(field, operator, tuple(some))
    return Clause(field, operator, (chance.choice(values),))


def history(chance: random.Random) -> Clause:
    """A clause over what the status was."""
    operator = chance.choice(["was", "was not", "was in", "was not in", "changed", "changed"])
    size = 0 if operator == "changed" else 2 if operator.endswith("in") else 1
    values = tuple(chance.choice(STATUSES) for _ in range(size))
    words = ["from", "to"] * (operator == "changed") + ["by", "after", "before", "on", "during"]
    fixed: list[tuple[str, Any]] = []
    for word in chance.sample(words, chance.randrange(3)):
        if word == "by":
            fixed.append((word, chance.choice([*PEOPLE])))
        elif word in ("from", "to"):
            fixed.append((word, chance.choice(STATUSES)))
        elif word == "during":
            start = chance.randrange(HOURS)
            fixed.append((word, (start, start + chance.randrange(100))))
        else:
            fixed.append((word, chance.randrange(0, HOURS, 7)))
    return Clause("status", operator, values, tuple(fixed))


def tree(chance: random.Random, leaves: int = 4) -> Any:
    """A clause, or some joined, of about so many leaves."""
    kind = chance.choice(["clause", "not", "and", "or"]) if leaves > 1 else chance.choice(["clause", "clause", "not"])
    if kind == "clause":
        return clause(chance)
    if kind == "not":
        return Joined("not", (tree(chance, leaves - 1),)) if leaves > 1 else Joined("not", (clause(chance),))
    return Joined(kind, tuple(tree(chance, leaves // 2) for _ in range(chance.choice((2, 2, 3)))))


def order(chance: random.Random) -> list[tuple[str, bool]]:
    """None to two fields to order by, and whether they fall."""
    fields = ["key", "created", "priority", "points", "due", "summary"]
    return [(chance.choice(fields), chance.random() < 0.5) for _ in range(chance.randrange(3))]


# ---- as text


def case(word: str, chance: random.Random) -> str:
    """A keyword in any case."""
    return "".join(chance.choice((letter.lower(), letter.upper())) for letter in word)


def written(tree: Any, chance: random.Random) -> str:
    """The query as somebody might type it; only the parentheses it needs, and sometimes more."""
    text = clause_text(tree, chance) if isinstance(tree, Clause) else joined_text(tree, chance)
    return f"({text})" if chance.random() < 0.15 else text


def joined_text(tree: Joined, chance: random.Random) -> str:
    parts = []
    for part in tree.parts:
        text = written(part, chance)
        loose = isinstance(part, Joined) and (
            (tree.word == "not" and part.word != "not") or (tree.word == "and" and part.word == "or")
        )
        parts.append(f"({text})" if loose else text)
    if tree.word == "not":
        return f"{case('not', chance)} {parts[0]}" if chance.random() < 0.7 else f"!{parts[0]}"
    signs = {"and": ["&&", "&"], "or": ["||", "|"]}[tree.word]
    return "".join(
        part if not place else f" {case(tree.word, chance) if chance.random() < 0.7 else chance.choice(signs)} {part}"
        for place, part in enumerate(parts)
    )


def clause_text(clause: Clause, chance: random.Random) -> str:
    field = {"points": chance.choice(['"Story Points"', "cf[10016]", "CF [ 10016 ]"])}.get(clause.field, clause.field)
    operator = " ".join(case(word, chance) for word in clause.operator.split())
    values = [value_text(clause.field, value, chance) for value in clause.values]
    many = clause.operator.split()[-1] == "in"
    out = f"{field} {operator} " + (f"({', '.join(values)})" if many else "".join(values))
    for word, value in clause.fixed:
        if word == "during":
            shown = f"({value_text('created', value[0], chance)}, {value_text('created', value[1], chance)})"
        else:
            kind = {"by": "assignee", "from": "status", "to": "status"}.get(word, "created")
            shown = value_text(kind, value, chance)
        out += f" {case(word, chance)} {shown}"
    return out


def value_text(field: str, value: Any, chance: random.Random) -> str:
    if value is None:
        return case(chance.choice(("empty", "null")), chance)
    if field in ("created", "updated"):
        local = hour(value).astimezone(ZONE)
        return quoted(local.strftime(chance.choice(("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"))), chance)
    if field == "key":
        return "{}-{}".format(*value)
    if field in ("points", "workRatio"):
        return f"{value:g}"
    if field == "fixVersion" and chance.random() < 0.3:
        return VERSIONS[value]
    if field == "status" and chance.random() < 0.3:
        return STATUS_IDS[value]
    if " " in value or "*" in value or chance.random() < 0.3:
        return quoted(value, chance)
    return str(value)


def quoted(text: str, chance: random.Random) -> str:
    sign = chance.choice("\"'")
    return sign + text.replace("a", chance.choice(("a", "\\u0061"))) + sign


# ---- what it finds, naively

Verdict = bool | None


def verdict(tree: Any, record: Record) -> Verdict:
    """True, false, or None where an empty field leaves it open."""
    if isinstance(tree, Clause):
        return history_holds(tree, record) if tree.operator in HISTORY else clause_holds(tree, record)
    parts = [verdict(part, record) for part in tree.parts]
    if tree.word == "not":
        return None if parts[0] is None else not parts[0]
    decisive = tree.word == "or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


HISTORY = {"was", "was not", "was in", "was not in", "changed"}
RANK: dict[str, Callable[[Any], Any]] = {"priority": PRIORITIES.index, "created": hour, "updated": hour}
COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def clause_holds(clause: Clause, record: Record) -> Verdict:
    held, wanted, operator = record[clause.field], clause.values, clause.operator
    if operator in EMPTY:
        return (held in (None, set())) is (operator == "is")
    if operator in ("~", "!~"):
        return text_holds(wanted[0], held) is (operator == "~")
    if held is None or held == set():
        return operator == "in" if None in wanted else None
    if operator in COMPARES:
        if clause.field == "key":
            return COMPARES[operator](held[1], wanted[0][1]) if held[0] == wanted[0][0] else None
        rank = RANK.get(clause.field, lambda value: value)
        return COMPARES[operator](rank(held), rank(wanted[0]))
    own = held if isinstance(held, set) else {held}
    return bool(own & set(wanted)) is (operator in ("=", "in"))


def text_holds(wanted: str, text: str) -> bool:
    words = text.split()
    return all(
        any(word.startswith(part[:-1]) if part.endswith("*") else word == part for word in words)
        for part in wanted.split()
    )


def history_holds(clause: Clause, record: Record) -> bool:
    spells = record["spells"]
    fixed = dict(clause.fixed)
    if clause.operator == "changed":
        return any(
            ("from" not in fixed or before == fixed["from"])
            and ("to" not in fixed or after == fixed["to"])
            and ("by" not in fixed or by == fixed["by"])
            and moment_fits(hour(at), fixed)
            for (_, before, _), (at, after, by) in itertools.pairwise(spells)
        )
    ends = [hour(at) for at, _, _ in spells[1:]] + [datetime.max.replace(tzinfo=UTC)]
    was = any(
        status in clause.values and ("by" not in fixed or by == fixed["by"]) and spell_fits(hour(at), end, fixed)
        for (at, status, by), end in zip(spells, ends, strict=True)
    )
    return was is ("not" not in clause.operator)


def day_of(number: int) -> tuple[datetime, datetime]:
    """First moment of the day in New York, and of the next."""
    local = hour(number).astimezone(ZONE)
    first = datetime(local.year, local.month, local.day, tzinfo=ZONE)
    after = local.date() + timedelta(days=1)
    return first, datetime(after.year, after.month, after.day, tzinfo=ZONE)


def moment_fits(at: datetime, fixed: dict[str, Any]) -> bool:
    fits = ("after" not in fixed or at > hour(fixed["after"])) and ("before" not in fixed or at < hour(fixed["before"]))
    if "on" in fixed:
        first, after = day_of(fixed["on"])
        fits = fits and first <= at < after
    if "during" in fixed:
        fits = fits and hour(fixed["during"][0]) <= at <= hour(fixed["during"][1])
    return fits


def spell_fits(start: datetime, end: datetime, fixed: dict[str, Any]) -> bool:
    fits = ("after" not in fixed or end > hour(fixed["after"])) and (
        "before" not in fixed or start < hour(fixed["before"])
    )
    if "on" in fixed:
        first, after = day_of(fixed["on"])
        fits = fits and start < after and end > first
    if "during" in fixed:
        fits = fits and start <= hour(fixed["during"][1]) and end > hour(fixed["during"][0])
    return fits


def answer(tree: Any, order: list[tuple[str, bool]], data: list[Record]) -> list[str]:
    """The keys found, in order: the youngest first among equals, empty fields last when rising."""
    found = [record for record in reversed(data) if verdict(tree, record) is True]
    for field, down in reversed(order):
        rank = {"priority": PRIORITIES.index}.get(field, lambda value: value)
        full = [record for record in found if record[field] is not None]
        none = [record for record in found if record[field] is None]
        full.sort(key=lambda record: rank(record[field]), reverse=down)
        found = none + full if down else full + none
    return ["{}-{}".format(*record["key"]) for record in found]


def order_text(order: list[tuple[str, bool]]) -> str:
    names = {"points": "cf[10016]"}
    parts = [f"{names.get(field, field)} {'DESC' if down else 'ASC'}" for field, down in order]
    return " ORDER BY " + ", ".join(parts) if parts else ""
