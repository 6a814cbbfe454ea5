"""What people do to a family of records on either side, through the vendors' own REST, and what they see of it.

Every word a person writes is written once in a run, so that it can be looked for afterwards. Fields are held as both
sides would say them: a person by name, an estimate in minutes, a status by Jira's word, a list entry by entry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from crosswalk.merge.records import Ref
from crosswalk.merge.unconfirmed import begun
from crosswalk_sandbox.jira.state import IssueType
from tests.path.files import Desk
from tests.path.matrix.hands import WAYS, put_in_aha, put_in_jira
from tests.path.matrix.rows import PLACES
from tests.path.system import TLS, System, pairs_where
from tests.path.test_deletions import delete_in_jira

WORD = re.compile(r"w\d+w")
PLURALS = {"feature": "features", "requirement": "requirements", "epic": "epics", "initiative": "initiatives"}
STATUSES = {
    "To Do": "Under consideration",
    "In Progress": "In development",
    "In Review": "Ready to ship",
    "Done": "Shipped",
}
SENT = {aha: jira for jira, aha in STATUSES.items()}
PEOPLE = ("alice", "dana", "chandra", None)  # whose addresses Jira shows
BADGES = ("Red", "Green", "Blue")
HERE = ZoneInfo("America/New_York")
"""The time zone of the account that Crosswalk works as."""
EVERY, FEATURES = ("feature", "requirement"), ("feature",)
HIGH = ("epic", "initiative")
WIDER = ("status", "labels", "reporter")
"""Lines of Jira fields that go both ways here, and not at first."""
FULL: Mapping[str, Any] = {
    "description": "<p>Loud</p>",
    "due_date": "2026-12-24",
    "start_date": "2026-12-01",
    "original_estimate": 120,
    "remaining_estimate": 90,
    "tags": ["loud"],
    "custom_fields": {"live_note": "w0w", "live_tier": "Green", "live_plan": "4", "live_badges": ["Red", "Blue"]},
}
"""What a feature of the beginning holds, so that there is something to clear."""
GIVE = (
    "mutation ($id: ID!, $given: RequirementAttributes!) {updateRequirement(id: $id, attributes: $given)"
    "{errors {attributes {name}}}}"
)


@dataclass(frozen=True)
class Line:
    """A field: on which records, which way it travels, its names on both sides; `type` is that of a custom field."""

    kinds: tuple[str, ...]
    aha: str
    jira: str
    direction: str = "both"
    type: tuple[str, str] = ("", "")


FIELDS: Mapping[str, Line] = {
    "name": Line((*EVERY, *HIGH), "name", "summary"),
    "due": Line(FEATURES, "due_date", "duedate"),
    "start": Line(FEATURES, "start_date", "customfield_10390", type=("", "datepicker")),
    "assignee": Line((*EVERY, *HIGH), "assigned_to_user", "assignee"),
    "reporter": Line(FEATURES, "created_by_user", "reporter"),
    "estimate": Line(EVERY, "original_estimate", "timeoriginalestimate"),
    "remaining": Line(EVERY, "remaining_estimate", "timeestimate"),
    "status": Line(EVERY, "workflow_status", "status"),
    "note": Line(FEATURES, "live_note", "customfield_10391", type=("TextField", "textfield")),
    "tier": Line(FEATURES, "live_tier", "customfield_10392", type=("SelectConstant", "select")),
    "plan": Line(FEATURES, "live_plan", "customfield_10393", "to jira", ("NumberField", "float")),
    "fact": Line(FEATURES, "live_fact", "customfield_10394", "to aha", ("DateField", "datepicker")),
    "release": Line(FEATURES, "release", "fixVersions", "to jira"),
    "page": Line(FEATURES, "live_page", "customfield_10396", type=("UrlField", "url")),
    "day": Line(FEATURES, "live_day", "customfield_10397", type=("DateField", "datetime")),
    "epic": Line(FEATURES, "epic", "parent"),
    "place": Line(FEATURES, "live_place", "customfield_10401", type=("SelectConstant", "cascadingselect")),
    "points": Line(FEATURES, "original_estimate", "customfield_10016"),
}
SETS: Mapping[str, Line] = {
    "tags": Line(FEATURES, "tags", "labels"),
    "badges": Line(FEATURES, "live_badges", "customfield_10395", type=("SelectMultiple", "multiselect")),
    "boxes": Line(FEATURES, "live_boxes", "customfield_10399", type=("TagsField", "multicheckboxes")),
    "crowd": Line(FEATURES, "live_crowd", "customfield_10400", type=("Records::UsersField", "multiuserpicker")),
}
TIMES = ("estimate", "remaining")
NEWER = frozenset({"page", "day", "epic", "place", "boxes", "crowd", "points"})
"""What people do only in plays that no seed draws: those that stand beside planted bugs stay as they are."""
EPICS = ("Sound", "Light")
THEME = "10950"
"""An issue type of the site's own, which an initiative becomes."""
CHOSEN: Mapping[str, tuple[str | None, ...]] = {
    "assignee": PEOPLE,
    "reporter": PEOPLE[:3],
    "tier": (None, *BADGES),
    "epic": (None, *EPICS),
    "place": (None, *PLACES[0]),
}


def make_fields(system: System) -> list[dict[str, Any]]:
    """The custom fields, on either side, and the lines of a feature about them."""
    lines = []
    for name, line in {**FIELDS, **SETS}.items():
        here, there = line.type
        options = PLACES if name == "place" else (BADGES, BADGES)
        if here:
            put_in_aha(system, line.aha, here, options[0] if here.startswith("Select") else ())
        if there:
            put_in_jira(system, line.jira, there, options[1] if "select" in there or "check" in there else ())
            aha = f"custom:{line.aha}" if here else line.aha
            lines.append({"name": name.capitalize(), "aha": aha, "jira": line.jira, "direction": line.direction})
    return lines


def map_everything(system: System) -> None:
    """A mapping that carries everything both ways and follows removals."""
    from crosswalk.sync import service

    lines = make_fields(system)
    service.load_project_data(system.integration)
    mapping = system.integration.mapping
    fields = {
        kind: [{**line, "direction": "both"} if kind in EVERY and line["jira"] in WIDER else line for line in held]
        for kind, held in mapping["fields"].items()
    }
    given = {line["jira"] for line in lines}
    fields["feature"] = [one for one in fields["feature"] if one["jira"] not in given] + lines
    gone = {"removed": "delete", "removed_in_jira": "delete"}
    types = {**mapping["types"], "requirement": {**mapping["types"]["requirement"], **gone}}
    parts = {kind: {**line, "removes": True} for kind, line in mapping["parts"].items()}
    statuses = {**mapping["statuses"], **dict.fromkeys(("feature", "requirement"), STATUSES)}
    screens = {"Resolution": "Done"}  # what the transition “Close” asks for
    system.remap(fields=fields, types=types, parts=parts, statuses=statuses, screens=screens)


def make_epics(system: System) -> None:
    """Two epics, below which features may stand, and an initiative that is a Theme in Jira: all in step."""
    from crosswalk.sync import service

    system.site.types[THEME] = IssueType(THEME, "Theme", level=0)
    system.site.project("FAB").types.append(THEME)
    service.load_project_data(system.integration)
    types = system.integration.mapping["types"]
    high = {"epic": {**types["epic"], "create": "to jira"}, "initiative": {"type": "Theme", "create": "to jira"}}
    system.remap(types={**types, **high})
    release = system.aha.get("/products/FAB/releases")["releases"][0]["id"]
    made = [system.aha.post(f"/releases/{release}/epics", {"epic": {"name": name}})["epic"] for name in EPICS]
    refs = [Ref("epic", one["id"], one["reference_num"]) for one in made]
    above = system.aha.post("/products/FAB/initiatives", {"initiative": {"name": "Winter"}})["initiative"]
    service.send(system.integration, [*refs, Ref("initiative", above["id"], above["reference_num"])], "a test")
    system.drain()


@dataclass(frozen=True)
class Twins:
    """A record and its issue."""

    kind: str
    id: str
    key: str


def _twins(pairs: list[Any]) -> list[Twins]:
    return [Twins(one.left_kind, one.left_id, one.right_key) for one in pairs if one.left_id and one.right_key]


class People:
    """A product owner and an engineer. `word` gives a new word each time."""

    counted: Collection[str] = ()
    """The features whose estimates are points."""

    def __init__(self, system: System, refs: list[Ref]) -> None:
        self.system, self.refs, self.words = system, refs, 0
        self.desks = {ref.id: Desk(system, ref) for ref in refs}
        self.releases = {one["id"]: one["name"] for one in system.aha.get("/products/FAB/releases")["releases"][:3]}

    @property
    def epics(self) -> dict[str, tuple[str, str]]:
        """By the name each had at first: the id in Aha! and the key in Jira."""
        found = [one for one in self.pairs_above() if one.kind == "epic"]
        return {name: (one.left_id or "", one.right_key) for name, one in zip(EPICS, found, strict=False)}

    def take(self, ref: Ref) -> None:
        """One more of the family."""
        self.refs.append(ref)
        self.desks[ref.id] = Desk(self.system, ref)

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
        ids = [ref.id for ref in self.refs]
        tops = f"left_kind = 'feature' AND left_id IN ({', '.join(['%s'] * len(ids))})"
        family = f"({tops} OR parent_id IN (SELECT id FROM store_pair WHERE {tops}))"
        return pairs_where(f"integration_id = %s AND {family}", self.system.integration.pk, *ids, *ids)

    def pairs_above(self) -> list[Any]:
        """The pairs of the epics and the initiative: nobody's family."""
        kinds = ", ".join(["%s"] * len(HIGH))
        return pairs_where(f"integration_id = %s AND left_kind IN ({kinds})", self.system.integration.pk, *HIGH)

    def all_pairs(self) -> list[Any]:
        return [*self.pairs(), *self.pairs_above()]

    def twins(self) -> list[Twins]:
        """What is joined, in the order of the pairs."""
        return _twins(self.pairs())

    def begun(self, at: Twins) -> bool:
        """Whether both sides of a record agreed on anything yet."""
        return any(one.left_id == at.id and begun(one.base) for one in self.all_pairs())

    def everybody(self) -> list[Twins]:
        """The same, and what is above."""
        return _twins(self.all_pairs())

    # ---- fields

    def has(self, at: Twins, field: str) -> bool:
        """Whether a record has a field: its estimate is one of points, or of time."""
        if field in (*TIMES, "points"):
            return at.kind in FIELDS[field].kinds and (field == "points") == (at.id in self.counted)
        return at.kind in (FIELDS.get(field) or SETS[field]).kinds

    def value(self, field: str, pick: int) -> Any:
        """What somebody could set `field` to."""
        if field in CHOSEN:
            return CHOSEN[field][pick % len(CHOSEN[field])]
        match field:
            case "name":
                return self.word()
            case "note":
                return self.word() if pick % 3 else None
            case "page":
                return f"https://example.com/{self.word()}" if pick % 3 else None
            case "due" | "start" | "fact" | "day":
                self.words += 1
                return (date(2027, 1, 1) + timedelta(days=self.words)).isoformat() if pick % 3 else None
            case "plan" | "points":
                self.words += 1
                return float(self.words) if pick % 3 else None
            case "estimate" | "remaining":
                return 60 * (pick % 4) or None
            case "release":
                return sorted(self.releases.values())[pick % len(self.releases)]
        return sorted(STATUSES)[pick % len(STATUSES)]

    def put(self, at: Twins, side: str, field: str, value: Any) -> None:
        """Somebody sets a field."""
        self._put_in_aha(at, field, value) if side == "aha" else self._put_in_jira(at, field, value)

    def write(self, at: Twins, **values: Any) -> None:
        self.system.aha.put(f"/{PLURALS[at.kind]}/{at.id}", {at.kind: values})

    def _put_in_aha(self, at: Twins, field: str, value: Any) -> None:
        line = {**FIELDS, **SETS}[field]
        match field:
            case "assignee":
                value = {"email": f"{value}@example.com"} if value else None
            case "reporter":
                self.write(at, created_by=f"{value}@example.com")
                return
            case "status":
                value = {"name": STATUSES[value]}
            case "release":
                value = next(number for number, name in self.releases.items() if name == value)
            case "epic":
                value = self.epics[value][0] if value else None
            case "crowd":
                value = [f"{one}@example.com" for one in value]
            case "points" if value:
                self.write(at, original_estimate_text=f"{value:g}p")
                return
        if line.type[0]:
            self.write(at, custom_fields={line.aha: "" if value is None else value})
        else:
            self.write(at, **{line.aha: value})

    def _put_in_jira(self, at: Twins, field: str, value: Any) -> None:
        line = {**FIELDS, **SETS}[field]
        match field:
            case "status":
                while (now := self.system.issue(at.key, "status")["status"]["name"]) != value:
                    self.system.jira.move(at.key, WAYS.get((now, value), value))
                return
            case "estimate" | "remaining":
                inner = "originalEstimate" if field == "estimate" else "remainingEstimate"
                self.system.jira.edit(at.key, timetracking={inner: f"{value}m" if value else ""})
                return
            case "assignee" | "reporter" if value:
                value = self._account(value)
            case "tier" if value:
                value = {"value": value}
            case "place" if value:
                options = self.system.site.fields[line.jira].options
                above, _, below = next(one.id for one in options if one.name == value.split(" / ")[-1]).partition("/")
                value = {"id": above, "child": {"id": below}} if below else {"id": above}
            case "badges" | "boxes":
                value = [{"value": one} for one in value]
            case "crowd":
                value = [self._account(one) for one in value]
            case "day" if value:
                value = f"{value}T23:30:00.000-0500"  # tomorrow in UTC; the account's day is this one
            case "release":
                value = [{"name": value}]
            case "epic":
                self._put_below(at.key, self.epics[value][1] if value else None)
                return
        self.system.jira.edit(at.key, **{line.jira: value})

    def _account(self, name: str) -> dict[str, str]:
        who = next(one for one in self.system.site.people.values() if one.name == name)
        return {"accountId": who.account_id} if self.system.flavour == "cloud" else {"name": name}

    def _put_below(self, key: str, epic: str | None) -> None:
        """An engineer puts an issue below an epic, or takes it out."""
        if self.system.flavour == "dc":
            self.system.jira.edit(key, customfield_10014=epic)
        elif epic:
            self.system.jira.edit(key, parent={"key": epic})
        else:
            self.system.jira.send("PUT", f"/issue/{key}", {"update": {"parent": [{"set": {"none": True}}]}})

    def in_aha(self, at: Twins) -> dict[str, Any]:
        return self.system.aha.record(PLURALS[at.kind], at.id)

    def held(self, at: Twins, side: str) -> dict[str, Any]:
        """What a person sees of the fields of a record; of sets what is in them, each `set:entry`."""
        shown = self.in_aha(at) if side == "aha" else self.system.issue(at.key)
        custom = {one["key"]: one.get("value") for one in shown.get("custom_fields", ())} if side == "aha" else {}
        seen = _aha_value if side == "aha" else _jira_value
        found = {
            name: seen(name, custom.get(line.aha) if line.type[0] and side == "aha" else shown.get(_name(line, side)))
            for name, line in FIELDS.items()
            if self.has(at, name)
        }
        for name, line in SETS.items():
            entries = custom.get(line.aha) if line.type[0] and side == "aha" else shown.get(_name(line, side))
            found |= {f"{name}:{_entry(name, one)}": True for one in entries or ()}
        if "epic" in found and side == "aha":
            above = (shown.get("epic") or {}).get("id")
            found["epic"] = next((name for name, (number, _) in self.epics.items() if number == above), above)
        elif "epic" in found:
            above = shown.get("customfield_10014") or (shown.get("parent") or {}).get("key")
            found["epic"] = next((name for name, (_, key) in self.epics.items() if key == above), above)
        return found

    def toggle(self, at: Twins, side: str, name: str, pick: int) -> tuple[str, bool]:
        """Somebody puts an entry into a set, or takes one out: which, and whether it is in."""
        held = [one.partition(":")[2] for one in self.held(at, side) if one.startswith(f"{name}:")]
        if name in ("badges", "boxes"):
            entry = BADGES[pick % len(BADGES)]
        elif name == "crowd":
            entry = str(PEOPLE[pick % 3])
        else:
            entry = held[pick % len(held)] if held and pick % 3 == 0 else self.word()
        new = [one for one in held if one != entry] if entry in held else [*held, entry]
        self.put(at, side, name, new)
        return entry, entry in new

    def describe(self, at: Twins, side: str, pick: int) -> str:
        """A new paragraph, or another word in one that is there; the new word."""
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
        if side == "aha":
            self.write(at, description=text)
        else:
            self.system.jira.edit(at.key, description=text)
        return word

    def described(self, at: Twins, side: str) -> list[str]:
        """The words of a description, in any order."""
        if side == "aha":
            return sorted(WORD.findall(self.in_aha(at)["description"]["body"] or ""))
        return sorted(WORD.findall(self.system.issue(at.key, "description")["description"] or ""))

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
            listed = self._said(at.kind, at.id)
        else:
            listed = self.system.jira.get(f"/issue/{at.key}/comment")["comments"]
        found = [(WORD.findall(one["body"])[-1], one) for one in listed if WORD.search(one["body"])]
        assert len({word for word, _ in found}) == len(found), f"a comment is there twice on {at} in {side}"
        return {word: (one["id"], one["body"]) for word, one in found}

    def _said(self, kind: str, number: str) -> list[dict[str, Any]]:
        """The comments in Aha!, which lists them by the page."""
        said, page, pages = list[dict[str, Any]](), 0, 1
        while page < pages:
            page += 1
            answer = self.system.aha.get(f"/{PLURALS[kind]}/{number}/comments", page=str(page))
            said += answer["comments"]
            pages = answer["pagination"]["total_pages"]
        return said

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

    def attach_to_comment(self, at: Twins, said: str) -> str:
        """A product owner attaches a file to what they said; its word."""
        word = self.word()
        number, _ = self.comments(at, "aha")[said]
        self.desks[at.id].put_on_comment(number, f"{word}.txt", word.encode())
        return word

    def files_said(self, ref: Ref) -> Counter[str]:
        """The files of the comments in Aha!."""
        listed = self._said("feature", ref.id)
        return Counter(file["file_name"].removesuffix(".txt") for one in listed for file in one["attachments"])

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

    def detach(self, ref: Ref, side: str, word: str) -> bool:
        """Somebody deletes a file that both sides have; whether they did."""
        if not (self.files(ref, "aha")[word] and self.files(ref, "jira")[word]):
            return False
        if side == "aha":
            listed = self.desks[ref.id].feature()["description"]["attachments"]
            found = next(one["id"] for one in listed if one["file_name"] == f"{word}.txt")
            self.system.aha.send("DELETE", f"/attachments/{found}")
        else:
            listed = self.system.issue(self.key(ref), "attachment")["attachment"]
            found = next(one["id"] for one in listed if one["filename"] == f"{word}.txt")
            self.system.jira.send("DELETE", f"/attachment/{found}")
        return True

    def log_work(self, ref: Ref, minutes: int) -> str:
        """An engineer logs work; the id."""
        body = {"timeSpentSeconds": minutes * 60, "started": "2026-11-20T09:00:00.000+0100"}
        return str(self.system.jira.send("POST", f"/issue/{self.key(ref)}/worklog", body)["id"])

    def change_work(self, ref: Ref, number: str, minutes: int) -> None:
        """0 takes it away."""
        path = f"/issue/{self.key(ref)}/worklog/{number}"
        if minutes:
            self.system.jira.send("PUT", path, {"timeSpentSeconds": minutes * 60})
        else:
            self.system.jira.send("DELETE", path)

    def link(self, side: str) -> None:
        """A link between the first two."""
        begins, ends = self.refs[:2]
        if side == "aha":
            body = {"record_type": "feature", "record_id": int(ends.id), "link_type": 10}
            self.system.aha.send("POST", f"/features/{begins.id}/record_links", {"record_link": body})
            return
        keys = {"inwardIssue": {"key": self.key(begins)}, "outwardIssue": {"key": self.key(ends)}}
        self.system.jira.send("POST", "/issueLink", {"type": {"name": "Relates"}, **keys})

    def unlink(self, side: str) -> bool:
        """Somebody removes the link, where both sides have it; whether they did."""
        here, there = self.links("aha"), self.links("jira")
        if not (here and there):
            return False
        if side == "aha":
            self.system.aha.send("DELETE", f"/record_links/{here[0]}")
        else:
            self.system.jira.send("DELETE", f"/issueLink/{there[0]}")
        return True

    def links(self, side: str) -> list[str]:
        """The ids of the links of the first two."""
        if side == "jira":
            return [one["id"] for one in self.system.issue(self.key(self.refs[0]), "issuelinks")["issuelinks"]]
        mine = {ref.id for ref in self.refs}
        return [one.id for one in self.system.account.links.values() if one.parent.id in mine]

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
        """Below another feature; Data Center's REST has no way for that, and a person's own is not played here."""
        if side == "jira" and self.system.flavour == "cloud":
            self.system.jira.edit(at.key, parent={"key": self.key(to)})
        elif self.system.flavour == "cloud":
            self._give(at, {"feature": {"id": to.id}})

    def place(self, at: Twins, position: int) -> None:
        """A product owner drags a requirement to another place."""
        self._give(at, {"position": position})

    def _give(self, at: Twins, given: dict[str, Any]) -> None:
        body = {"query": GIVE, "variables": {"id": at.id, "given": given}}
        headers = {"Authorization": f"Bearer {self.system.aha_at.secret}"}
        path = f"{self.system.aha_at.address}/api/v2/graphql"
        httpx2.post(path, json=body, headers=headers, verify=TLS).raise_for_status()

    def delete(self, at: Twins, side: str) -> None:
        """Jira's own hook tells of it: without one it might be hidden, and a person is asked."""
        if side == "aha":
            self.system.aha.send("DELETE", f"/{PLURALS[at.kind]}/{at.id}")
        else:
            delete_in_jira(self.system, at.key)

    def order(self, ref: Ref, side: str) -> list[str]:
        """The names of what stands below a feature, in its order."""
        listed = self.system.aha.record("features", ref.id)["requirements"]
        if side == "aha":
            return [one["name"] for one in sorted(listed, key=lambda one: one["position"])]
        issues = self.system.site.children(self.system.site.issue(self.key(ref)))
        return [str(one.values["summary"]) for one in sorted(issues, key=lambda one: one.rank)]

    def below(self, ref: Ref, side: str) -> list[str]:
        """The names of what stands below a feature."""
        if side == "aha":
            return sorted(one["name"] for one in self.system.aha.record("features", ref.id)["requirements"])
        return sorted(one["fields"]["summary"] for one in self.system.issue(self.key(ref), "subtasks")["subtasks"])


def _entry(name: str, one: Any) -> str:
    """An entry of a list, as both sides would say it."""
    if name == "crowd":
        return str(one["displayName"].split()[0].lower() if isinstance(one, dict) else one.partition("@")[0])
    return str(one["value"] if isinstance(one, dict) else one)


def _name(line: Line, side: str) -> str:
    return line.aha if side == "aha" else line.jira


def _aha_value(name: str, value: Any) -> Any:
    match name:
        case "assignee" | "reporter":
            return value["email"].partition("@")[0] if value else None
        case "status":
            return SENT[value["name"]]
        case "release":
            return value["name"]
        case "plan":
            return float(value) if value else None
        case "remaining":
            return value  # nothing left is not the same as not said
    return value or None


def _jira_value(name: str, value: Any) -> Any:
    match name:
        case "assignee" | "reporter":
            return value["displayName"].split()[0].lower() if value else None
        case "status":
            return value["name"]
        case "estimate" | "remaining":
            return None if value is None else value // 60
        case "tier":
            return value["value"] if value else None
        case "place":
            return " / ".join(one["value"] for one in (value, value.get("child")) if one) if value else None
        case "day":
            return datetime.fromisoformat(value).astimezone(HERE).date().isoformat() if value else None
        case "release":
            return " and ".join(one["name"] for one in value)
    return value or None
