"""What people do to a family of records on either side, through the vendors' own REST, and what they see of it.

Every word a person writes is written once in a run, so that it can be looked for afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from tests.path.files import Desk
from tests.path.matrix.hands import WAYS
from tests.path.system import System

WORD = re.compile(r"w\d+w")
PLURALS = {"feature": "features", "requirement": "requirements"}
STATUSES = {
    "To Do": "Under consideration",
    "In Progress": "In development",
    "In Review": "Ready to ship",
    "Done": "Shipped",
}
PEOPLE = ("alice", "dana", "chandra", None)  # whose addresses Jira shows
MOVE = (
    "mutation ($id: ID!, $feature: ID!) {updateRequirement(id: $id, attributes: {feature: {id: $feature}})"
    "{errors {attributes {name}}}}"
)


@dataclass(frozen=True)
class Twins:
    """A record and its issue."""

    kind: str
    id: str
    key: str


class People:
    """A product owner and an engineer. `word` gives a new word each time."""

    def __init__(self, system: System, refs: list[Ref]) -> None:
        self.system, self.refs, self.words = system, refs, 0
        self.desks = {ref.id: Desk(system, ref) for ref in refs}

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()

    def forget(self) -> None:
        """The family is none of the next play's."""
        from crosswalk.store.models import Pair

        Pair.objects.filter(pk__in=[pair.pk for pair in self.pairs()]).delete()

    def word(self) -> str:
        self.words += 1
        return f"w{self.refs[0].id[-6:]}{self.words:03}w"

    # ---- which records there are

    def pairs(self) -> list[Any]:
        """The pairs of the family."""
        from crosswalk.store.models import Pair

        tops = [self.system.pair(ref) for ref in self.refs]
        return sorted({one for top in tops for one in (top, *Pair.objects.filter(parent=top))}, key=lambda one: one.pk)

    def twins(self) -> list[Twins]:
        """What is joined, in the order of the pairs."""
        whole = [one for one in self.pairs() if one.left_id and one.right_key]
        return [Twins(one.left_kind, one.left_id, one.right_key) for one in whole]

    # ---- fields

    def edit(self, at: Twins, side: str, field: str, pick: int) -> str:
        """Edit a field of a record on a side; the new word of it, or "" where none is to be looked for."""
        return str(getattr(self, f"_{field}")(at, side, pick) or "")

    def put(self, at: Twins, **values: Any) -> None:
        self.system.aha.put(f"/{PLURALS[at.kind]}/{at.id}", {at.kind: values})

    def in_aha(self, at: Twins) -> dict[str, Any]:
        return self.system.aha.record(PLURALS[at.kind], at.id)

    def _name(self, at: Twins, side: str, _pick: int) -> str:
        word = self.word()
        self.put(at, name=word) if side == "aha" else self.system.jira.edit(at.key, summary=word)
        return word

    def _description(self, at: Twins, side: str, pick: int) -> str:
        """A new paragraph, or another word in one that is there."""
        word = self.word()
        if side == "aha":
            text = self.in_aha(at)["description"]["body"] or ""
        else:
            text = self.system.issue(at.key, "description")["description"] or ""
        there = WORD.findall(text)
        if there and pick % 3 == 0:
            text = text.replace(there[pick % len(there)], word)
        else:
            text = f"{text}<p>{word}</p>" if side == "aha" else f"{text}\n\n{word}".strip()
        self.put(at, description=text) if side == "aha" else self.system.jira.edit(at.key, description=text)
        return word

    def _due(self, at: Twins, side: str, pick: int) -> str:
        self.words += 1
        day = (date(2027, 1, 1) + timedelta(days=self.words)).isoformat() if pick % 4 else None
        self.put(at, due_date=day) if side == "aha" else self.system.jira.edit(at.key, duedate=day)
        return day or ""

    def _assignee(self, at: Twins, side: str, pick: int) -> None:
        who = PEOPLE[pick % len(PEOPLE)]
        if side == "aha":
            self.put(at, assigned_to_user={"email": f"{who}@example.com"} if who else None)
            return
        person = next((one for one in self.system.site.people.values() if one.name == who), None)
        cloud = self.system.flavour == "cloud"
        named = {"accountId": person.account_id} if person and cloud else {"name": who}
        self.system.jira.edit(at.key, assignee=named if person else None)

    def _tags(self, at: Twins, side: str, pick: int) -> str:
        held = self.tags(at, side)
        new = held[1:] if held and pick % 3 == 0 else [*held, self.word()]
        self.put(at, tags=new) if side == "aha" else self.system.jira.edit(at.key, labels=new)
        return ""

    def tags(self, at: Twins, side: str) -> list[str]:
        found = self.in_aha(at)["tags"] if side == "aha" else self.system.issue(at.key, "labels")["labels"]
        return sorted(found)

    def _estimate(self, at: Twins, side: str, pick: int) -> None:
        minutes = 60 * (1 + pick % 5)
        if side == "aha":
            self.put(at, original_estimate=minutes)
        else:
            self.system.jira.edit(at.key, timetracking={"originalEstimate": f"{minutes}m"})

    def _status(self, at: Twins, side: str, pick: int) -> None:
        wanted = sorted(STATUSES)[pick % len(STATUSES)]
        if side == "aha":
            self.put(at, workflow_status={"name": STATUSES[wanted]})
            return
        while (now := self.system.issue(at.key, "status")["status"]["name"]) != wanted:
            self.system.jira.move(at.key, WAYS.get((now, wanted), wanted))

    # ---- what hangs on records

    def comment(self, at: Twins, side: str) -> str:
        word = self.word()
        if side == "aha":
            self.system.aha.post(f"/{PLURALS[at.kind]}/{at.id}/comments", {"comment": {"body": f"<p>{word}</p>"}})
        else:
            self.system.jira.send("POST", f"/issue/{at.key}/comment", {"body": word})
        return word

    def comments(self, at: Twins, side: str) -> dict[str, tuple[str, str]]:
        """By word: the id and the body."""
        if side == "aha":
            listed = self.system.aha.get(f"/{PLURALS[at.kind]}/{at.id}/comments")["comments"]
        else:
            listed = self.system.jira.get(f"/issue/{at.key}/comment")["comments"]
        found = [(WORD.findall(one["body"])[-1], one) for one in listed if WORD.search(one["body"])]
        assert len({word for word, _ in found}) == len(found), f"a comment is there twice on {at} in {side}"
        return {word: (one["id"], one["body"]) for word, one in found}

    def change_comment(self, at: Twins, side: str, old: str) -> str:
        """Somebody changes their own comment."""
        word, (number, body) = self.word(), self.comments(at, side)[old]
        if side == "aha":
            self.system.aha.put(f"/comments/{number}", {"comment": {"body": body.replace(old, word)}})
        else:
            self.system.jira.send("PUT", f"/issue/{at.key}/comment/{number}", {"body": body.replace(old, word)})
        return word

    def remove_comment(self, at: Twins, side: str, old: str) -> None:
        number = self.comments(at, side)[old][0]
        if side == "aha":
            self.system.aha.send("DELETE", f"/comments/{number}")
        else:
            self.system.jira.send("DELETE", f"/issue/{at.key}/comment/{number}")

    def attach(self, ref: Ref, side: str) -> str:
        word = self.word()
        put = self.desks[ref.id].put_in_aha if side == "aha" else self.desks[ref.id].put_in_jira
        put(f"{word}.txt", word.encode(), "text/plain")
        return word

    def files(self, ref: Ref, side: str) -> Counter[str]:
        desk = self.desks[ref.id]
        listed = desk.in_aha() if side == "aha" else desk.in_jira()
        assert all(name == f"{data.decode()}.txt" for name, data in listed), listed
        return Counter(data.decode() for _, data in listed)

    def log_work(self, ref: Ref, minutes: int) -> None:
        body = {"timeSpentSeconds": minutes * 60, "started": "2026-11-20T09:00:00.000+0100"}
        self.system.jira.send("POST", f"/issue/{self.system.pair(ref).right_key}/worklog", body)

    def link(self, begins: Ref, ends: Ref) -> None:
        """A link in Jira."""
        keys = {"inwardIssue": {"key": self.key(begins)}, "outwardIssue": {"key": self.key(ends)}}
        self.system.jira.send("POST", "/issueLink", {"type": {"name": "Relates"}, **keys})

    def key(self, ref: Ref) -> str:
        return str(self.system.pair(ref).right_key)

    # ---- what stands below

    def add_requirement(self, ref: Ref, side: str) -> str:
        word = self.word()
        if side == "aha":
            self.system.aha.post(f"/features/{ref.id}/requirements", {"requirement": {"name": word}})
            return word
        place = {"project": {"key": "FAB"}, "parent": {"key": self.key(ref)}, "issuetype": {"name": "Sub-task"}}
        self.system.jira.send("POST", "/issue", {"fields": {**place, "summary": word}})
        return word

    def move_requirement(self, at: Twins, to: Ref, side: str) -> None:
        if side == "jira" and self.system.flavour == "cloud":
            self.system.jira.edit(at.key, parent={"key": self.key(to)})
        elif self.system.flavour == "cloud":
            body = {"query": MOVE, "variables": {"id": at.id, "feature": to.id}}
            headers = {"Authorization": f"Bearer {self.system.aha_at.secret}"}
            httpx2.post(f"{self.system.aha_at.address}/api/v2/graphql", json=body, headers=headers).raise_for_status()

    def below(self, ref: Ref, side: str) -> list[str]:
        """The names of what stands below a feature."""
        if side == "aha":
            return sorted(one["name"] for one in self.system.aha.record("features", ref.id)["requirements"])
        return sorted(one["fields"]["summary"] for one in self.system.issue(self.key(ref), "subtasks")["subtasks"])
