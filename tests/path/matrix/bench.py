"""Two features that were sent, and what people do to what hangs on them and stands below them. Vendors' REST only."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from crosswalk_sandbox.aha.state import Attachment
from tests.path.files import Desk
from tests.path.matrix.hands import put_in_aha, put_in_jira
from tests.path.system import System

WORD = re.compile(r"w-\w+")
PLACE = (
    "mutation ($id: ID!, $given: RequirementAttributes!) {updateRequirement(id: $id, attributes: $given)"
    "{errors {attributes {name}}}}"
)
DEPENDS_ON = 20


class Bench:
    """`one` has two requirements, `two` has none; `three` is in a release of its own."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.ids: dict[str, str] = {}
        self._fields()
        self.release = system.aha.post("/products/FAB/releases", {"release": RELEASE_MADE})["release"]["id"]
        self.one, self.two = system.feature("One", 3, description="<p>one</p>"), system.feature("Two")
        self.three = system.feature("Three", release=self.release)
        for ref in (self.one, self.two, self.three):
            system.send(ref)
        self.desks = {ref.id: Desk(system, ref) for ref in (self.one, self.two, self.three)}
        self.first, self.second, self.third = system.children(self.one)

    def _fields(self) -> None:
        from crosswalk.sync import service

        system = self.system
        for key in ("made", "outcome"):
            put_in_aha(system, key, "TextField")
        put_in_jira(system, RANK, "float")
        system.site.fields[RANK].name = "Aha! Rank"
        service.load_project_data(system.integration)
        mapping = system.integration.mapping
        fields, parts = mapping["fields"], mapping["parts"]
        shown = [
            {"name": "Made", "aha": "custom:made", "jira": "created", "direction": "to aha"},
            {"name": "Outcome", "aha": "custom:outcome", "jira": "resolution", "direction": "to aha"},
        ]
        rank = {"name": "Aha! Rank", "aha": "position", "jira": RANK, "direction": "to jira"}
        system.remap(
            fields={
                **fields,
                "feature": [*fields["feature"], *shown],
                "requirement": [*(one for one in fields["requirement"] if one["jira"] != RANK), rank],
            },
            parts={kind: {**line, "removes": True} for kind, line in parts.items()},
            screens={"Resolution": "Done"},
            constants={"feature": {"components": "App", "customfield_10033": "2027-06-01"}},
        )

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()

    def key(self, ref: Ref) -> str:
        return str(self.system.pair(ref).right_key)

    def direct(self, direction: str) -> None:
        """What hangs on records travels in that direction."""
        parts = self.system.integration.mapping["parts"]
        self.system.remap(parts={kind: {**line, "direction": direction} for kind, line in parts.items()})

    # ---- comments

    def say(self, side: str, word: str, ref: Ref | None = None) -> None:
        ref = ref or self.one
        if side == "aha":
            made = self.system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": f"<p>{word}</p>"}})
            self.ids[word] = made["comment"]["id"]
        else:
            self.ids[word] = self.system.jira.send("POST", f"/issue/{self.key(ref)}/comment", {"body": word})["id"]

    def say_anew(self, side: str, old: str, word: str) -> None:
        number = self.ids[word] = self.ids[old]
        if side == "aha":
            self.system.aha.put(f"/comments/{number}", {"comment": {"body": f"<p>{word}</p>"}})
        else:
            self.system.jira.send("PUT", f"/issue/{self.key(self.one)}/comment/{number}", {"body": word})

    def unsay(self, side: str, word: str) -> None:
        if side == "aha":
            self.system.aha.send("DELETE", f"/comments/{self.ids[word]}")
        else:
            self.system.jira.send("DELETE", f"/issue/{self.key(self.one)}/comment/{self.ids[word]}")

    def comments(self, side: str) -> list[str]:
        if side == "aha":
            listed = self.system.aha.get(f"/features/{self.one.id}/comments")["comments"]
        else:
            listed = self.system.jira.get(f"/issue/{self.key(self.one)}/comment")["comments"]
        return sorted(WORD.findall(one["body"])[-1] for one in listed)

    # ---- files

    def attach(self, side: str, name: str, data: bytes) -> None:
        desk = self.desks[self.one.id]
        self.ids[name] = (desk.put_in_aha if side == "aha" else desk.put_in_jira)(name, data, "text/plain")["id"]

    def detach(self, side: str, name: str) -> None:
        if side == "aha":
            self.system.aha.send("DELETE", f"/attachments/{self.ids[name]}")
        else:
            self.system.jira.send("DELETE", f"/attachment/{self.ids[name]}")

    def attach_to_record(self) -> None:
        """A product owner drops a file on the record itself; there is no API for that."""
        system, data = self.system, b"dropped"
        record, number = system.account.find("feature", self.two.id), system.account.new_id()
        made = Attachment(number, "dropped.txt", "text/plain", data, "t" * 24, system.account.now(), record)
        record.attachments.append(made)
        system.account.attachments[number] = made
        self.ids["dropped"] = number

    def record_files(self, side: str) -> list[str]:
        """The names of the files of a record itself, and of those of its issue that are no comment's."""
        if side == "aha":
            return sorted(one["file_name"] for one in self.system.aha.record("features", self.two.id)["attachments"])
        return sorted(name for name, _ in self.desks[self.two.id].in_jira() if name == "dropped.txt")

    def files(self, side: str) -> list[tuple[str, bytes]]:
        desk = self.desks[self.one.id]
        return sorted(desk.in_aha() if side == "aha" else desk.in_jira())

    def attach_to_comment(self) -> None:
        self.say("aha", "w-file", self.two)
        self.desks[self.two.id].put_on_comment(self.ids["w-file"], "said.txt", b"said")

    def detach_from_comment(self) -> None:
        (comment,) = self.system.aha.get(f"/features/{self.two.id}/comments")["comments"]
        self.system.aha.send("DELETE", f"/attachments/{comment['attachments'][0]['id']}")

    def said_files(self, side: str) -> list[str]:
        if side == "jira":
            return sorted(name for name, _ in self.desks[self.two.id].in_jira() if name == "said.txt")
        listed = self.system.aha.get(f"/features/{self.two.id}/comments")["comments"]
        return sorted(file["file_name"] for one in listed for file in one["attachments"])

    # ---- pictures in a description

    def show_picture(self, name: str | None) -> None:
        desk, body = self.desks[self.three.id], "<p>three</p>"
        if name:
            file = desk.put_in_aha(name, name.encode())
            body = f'{body}<p><img src="{file["download_url"]}"></p>'
        self.system.aha.put(f"/features/{self.three.id}", {"feature": {"description": body}})

    def pictures(self, side: str) -> list[str]:
        """The names of the own files that a side's text shows."""
        desk = self.desks[self.three.id]
        if side == "aha":
            text = desk.feature()["description"]
            return sorted(one["file_name"] for one in text["attachments"] if one["download_url"] in text["body"])
        api = "3" if self.system.flavour == "cloud" else "2"
        path = f"{self.system.jira_at.address}/rest/api/{api}/issue/{desk.key}"
        text = str(desk.jira.get(path, params={"fields": "description"}).json()["fields"]["description"])
        listed = self.system.issue(desk.key)["attachment"]
        media = {one["id"]: self.media(desk, one["id"]) for one in listed} if api == "3" else {}
        return sorted(one["filename"] for one in listed if media.get(one["id"], f"!{one['filename']}") in text)

    def media(self, desk: Desk, attachment: str) -> str:
        """What a document calls an image among the attachments: the id in the address its content is sent from."""
        path = f"{self.system.jira_at.address}/rest/api/3/attachment/content/{attachment}"
        where = desk.jira.get(path, follow_redirects=False).headers["location"]
        return where.partition("/file/")[2].partition("/")[0]

    # ---- work, links

    def log(self, side: str, minutes: int) -> None:
        if side == "aha":
            owner = self.system.aha.get("/me")["user"]["id"]
            event = {"user_id": int(owner), "work_done_text": f"{minutes / 60:g}h", "occurred_on": "2026-11-19"}
            self.system.aha.post(f"/features/{self.one.id}/time_tracking_events", {"time_tracking_event": event})
        else:
            body = {"timeSpentSeconds": minutes * 60, "started": "2026-11-20T09:00:00.000+0100"}
            self.ids["work"] = self.system.jira.send("POST", f"/issue/{self.key(self.one)}/worklog", body)["id"]

    def relog(self, minutes: int) -> None:
        path = f"/issue/{self.key(self.one)}/worklog/{self.ids['work']}"
        self.system.jira.send("PUT", path, {"timeSpentSeconds": minutes * 60})

    def unlog(self) -> None:
        self.system.jira.send("DELETE", f"/issue/{self.key(self.one)}/worklog/{self.ids['work']}")

    def work(self, side: str) -> list[int]:
        if side == "aha":
            events = self.system.aha.record("features", self.one.id)["time_tracking_events"]
            return sorted(int(one["work_done"]) for one in events)
        listed = self.system.jira.get(f"/issue/{self.key(self.one)}/worklog")["worklogs"]
        return sorted(one["timeSpentSeconds"] // 60 for one in listed)

    def link(self, side: str) -> None:
        if side == "aha":
            body = {"record_type": "feature", "record_id": int(self.two.id), "link_type": DEPENDS_ON}
            self.system.aha.send("POST", f"/features/{self.one.id}/record_links", {"record_link": body})
        else:
            ends = {"inwardIssue": {"key": self.key(self.two)}, "outwardIssue": {"key": self.key(self.one)}}
            self.system.jira.send("POST", "/issueLink", {"type": {"name": "Duplicate"}, **ends})

    def unlink(self, side: str, type_: str | int) -> None:
        if side == "aha":
            for one in list(self.system.account.links.values()):
                if one.type_id == type_ and one.parent.id == self.one.id:
                    self.system.aha.send("DELETE", f"/record_links/{one.id}")
            return
        for one in self.system.issue(self.key(self.one), "issuelinks")["issuelinks"]:
            if one["type"]["name"] == type_:
                self.system.jira.send("DELETE", f"/issueLink/{one['id']}")

    def clear_links(self) -> None:
        """Somebody takes every link away, on both sides."""
        for one in self.system.issue(self.key(self.one), "issuelinks")["issuelinks"]:
            self.system.jira.send("DELETE", f"/issueLink/{one['id']}")
        for found in list(self.system.account.links.values()):
            if found.parent.id in (self.one.id, self.two.id):
                self.system.aha.send("DELETE", f"/record_links/{found.id}")

    def links(self, side: str) -> int:
        if side == "jira":
            return len(self.system.issue(self.key(self.one), "issuelinks")["issuelinks"])
        mine = {self.one.id, self.two.id}
        return sum(one.parent.id in mine for one in self.system.account.links.values())

    # ---- requirements

    def add(self, side: str, name: str) -> None:
        if side == "aha":
            self.system.aha.post(f"/features/{self.two.id}/requirements", {"requirement": {"name": name}})
            return
        place = {"project": {"key": "FAB"}, "parent": {"key": self.key(self.two)}, "issuetype": {"name": "Sub-task"}}
        self.system.jira.send("POST", "/issue", {"fields": {**place, "summary": name}})

    def rename(self, side: str, old: str, name: str) -> None:
        pair = next(one for one in self.system.children(self.two) if old in (one.title, one.title))
        if side == "aha":
            self.system.aha.rename("requirements", pair.left_id, name)
        else:
            self.system.jira.rename(pair.right_key, name)

    def remove(self, side: str, name: str) -> None:
        pair = next(one for one in self.system.children(self.two) if one.title == name)
        if side == "aha":
            self.system.aha.send("DELETE", f"/requirements/{pair.left_id}")
        else:
            self.system.jira.send("DELETE", f"/issue/{pair.right_key}")

    def below(self, side: str, ref: Ref) -> list[str]:
        if side == "aha":
            return sorted(one["name"] for one in self.system.aha.record("features", ref.id)["requirements"])
        return sorted(one["fields"]["summary"] for one in self.system.issue(self.key(ref), "subtasks")["subtasks"])

    def place(self, pair: Any, position: int) -> None:
        """A product owner drags a requirement to another place."""
        self._graphql(pair, {"position": position})

    def move(self, side: str, to: Ref) -> None:
        """The third requirement is put below another feature."""
        if side == "aha":
            self._graphql(self.third, {"feature": {"id": to.id}})
        elif self.system.flavour == "cloud":
            self.system.jira.edit(self.third.right_key, parent={"key": self.key(to)})
        else:
            kind = next(one.id for one in self.system.site.types.values() if one.subtask)
            body = {"issue": self.third.right_key, "project": "FAB", "type": kind, "parent": self.key(to)}
            httpx2.post(f"{self.system.jira_at.address}/_sandbox/move", json=body).raise_for_status()

    def _graphql(self, pair: Any, given: dict[str, Any]) -> None:
        body = {"query": PLACE, "variables": {"id": pair.left_id, "given": given}}
        headers = {"Authorization": f"Bearer {self.system.aha_at.secret}"}
        answer = httpx2.post(f"{self.system.aha_at.address}/api/v2/graphql", json=body, headers=headers).json()
        assert "errors" not in answer, answer

    def order(self, side: str) -> list[str]:
        """The first two requirements in the order of the plan, or of the backlog."""
        pair_of = {one.left_id: one for one in (self.first, self.second)}
        if side == "aha":
            listed = self.system.aha.record("features", self.one.id)["requirements"]
            return [one["name"] for one in sorted(listed, key=lambda one: one["position"]) if one["id"] in pair_of]
        issues = [self.system.site.issue(one.right_key) for one in pair_of.values()]
        return [str(one.values["summary"]) for one in sorted(issues, key=lambda one: one.rank)]

    def rank_in_jira(self) -> None:
        """An engineer drags the first requirement before the second, as it was at first."""
        body = {"issues": [self.first.right_key], "rankBeforeIssue": self.second.right_key}
        path = f"{self.system.jira_at.address}/rest/agile/1.0/issue/rank"
        httpx2.put(path, json=body, auth=(self.system.jira_at.user, self.system.jira_at.secret)).raise_for_status()

    def ranks(self, side: str) -> list[int]:
        pairs = (self.first, self.second)
        if side == "aha":
            listed = {one["id"]: one for one in self.system.aha.record("features", self.one.id)["requirements"]}
            return [int(listed[one.left_id]["position"]) for one in pairs]
        return [int(self.system.issue(one.right_key)[RANK] or 0) for one in pairs]

    # ---- what one side shows

    def shows(self, side: str, name: str, key: str) -> Any:
        """A field that Jira keeps by itself, and the custom field that shows it in Aha!: each in Jira's words."""
        if side == "jira":
            value = self.system.issue(self.key(self.two), name)[name]
            return value["name"] if isinstance(value, dict) else value and datetime.fromisoformat(value)
        shown = self.system.aha.record("features", self.two.id)["custom_fields"]
        text = next((one["value"] for one in shown if one["key"] == key), "")
        return datetime.fromisoformat(text) if text[:2] == "20" else text or None

    def write_over(self, key: str) -> None:
        """A product owner writes something else there."""
        body = {"feature": {"custom_fields": {key: "mine"}}}
        self.system.aha.put(f"/features/{self.two.id}", body)

    def finish(self, resolution: str) -> None:
        """An engineer closes the issue."""
        key = self.key(self.two)
        if self.system.issue(key, "status")["status"]["name"] == "Done":
            self.system.jira.move(key, "To Do")
        ways = self.system.jira.get(f"/issue/{key}/transitions")["transitions"]
        body = {"transition": {"id": next(one["id"] for one in ways if one["name"] == "Close")}}
        fields = {"resolution": {"name": resolution}}
        self.system.jira.send("POST", f"/issue/{key}/transitions", {**body, "fields": fields})

    # ---- releases

    def released(self, side: str) -> bool:
        if side == "aha":
            return bool(self.system.aha.record("releases", self.release)["released"])
        return bool(self.version()["released"])

    def ship(self, side: str, *, now: bool) -> None:
        """Somebody says that the release is out; or that it is not."""
        if side == "aha":
            body = {"release": {"workflow_status": {"name": "Shipped" if now else "On track"}}}
            self.system.aha.put(f"/products/FAB/releases/{self.release}", body)
        else:
            self.system.jira.send("PUT", f"/version/{self.version()['id']}", {"released": now})

    def version(self) -> dict[str, Any]:
        (named,) = self.system.issue(self.key(self.three), "fixVersions")["fixVersions"]
        return self.system.jira.get(f"/version/{named['id']}")

    def planned(self, side: str) -> tuple[str, str]:
        """Name and date."""
        if side == "aha":
            shown = self.system.aha.record("releases", self.release)
            return shown["name"], shown["release_date"]
        held = self.version()
        return held["name"], held["releaseDate"]

    def plan(self, side: str, name: str, day: str) -> None:
        if side == "aha":
            body = {"release": {"name": name, "release_date": day}}
            self.system.aha.put(f"/products/FAB/releases/{self.release}", body)
        else:
            self.system.jira.send("PUT", f"/version/{self.version()['id']}", {"name": name, "releaseDate": day})


RELEASE_MADE = {"name": "Own", "release_date": "2027-05-05"}
RANK = "customfield_10290"
