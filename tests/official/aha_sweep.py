"""A call of every endpoint of the Aha! sandbox, with sensible arguments, in an order in which each one succeeds.

Reads need no row: those without one are made from their template. A new endpoint that writes wants a row in `writes`.
"""

from __future__ import annotations

from typing import Any

from crosswalk_sandbox.aha.app import endpoints
from tests.sandbox.aha.conftest import Aha

Json = Any
RECORDS = {
    "features": "FAB-1",
    "requirements": "FAB-1-1",
    "epics": "FAB-E-1",
    "releases": "FAB-R-1",
    "initiatives": "FAB-S-1",
    "goals": "FAB-G-1",
}
LINKED = ("features", "epics", "releases", "initiatives", "goals")
FILE = {"attachment[data]": ("a.txt", b"x", "text/plain")}


class Sweep:
    """Calls everything once; `called` are the operations that succeeded."""

    def __init__(self, aha: Aha) -> None:
        self.aha = aha
        self.called: set[str] = set()
        self.wrong: list[str] = []
        self.ids: dict[str, str] = {"users": "alice@example.com", "products": "FAB", **RECORDS}

    def run(self) -> list[str]:
        """Every call; what did not succeed."""
        self.parts()
        self.administer()
        for operation in endpoints().operations:
            if operation.startswith("GET "):
                self.call(operation)
        self.records()
        self.remove()
        return self.wrong

    def call(self, operation: str, body: Json = None, files: Json = None, **of: str) -> Any:
        """One call; answers its JSON."""
        method, template = operation.split(" ")
        path = self.path(template, of)
        answer = self.aha.http.request(method, f"/api/v1{path}", json=body, files=files)
        if answer.status_code >= 300:
            self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            return {}
        self.called.add(operation)
        return answer.json() if answer.content else None

    def path(self, template: str, of: dict[str, str]) -> str:
        """The path of a call: named parts from `of`, or from what stands before them."""
        parts: list[str] = []
        for part in template.strip("/").split("/"):
            name = part.strip("{}")
            known = {"product": "FAB", "name": "key", "value": "ROAD-1", **self.ids, **of}
            parts.append(known[name if name in known else parts[-1]] if part.startswith("{") else part)
        return "/" + "/".join(parts)

    def parts(self) -> None:
        """Comments, files, links, integration fields on every kind of record."""
        self.ids["integration"] = self.aha.credentials["integration_id"]
        for kind in RECORDS:
            comment = self.call(f"POST /{kind}/{{id}}/comments", {"comment": {"body": "x"}})
            field = {"integration_field": {"name": "key", "value": "ROAD-1"}}
            self.call(f"POST /{kind}/{{id}}/integrations/{{integration}}/fields", field)
        self.ids["comments"] = comment["comment"]["id"]
        self.call("PUT /comments/{id}", {"comment": {"body": "y"}})
        for kind in LINKED:
            target = self.aha.feature("FAB-2")["id"]
            link = {"record_type": "feature", "record_id": target, "link_type": 10}
            self.call(f"POST /{kind}/{{id}}/record_links", {"record_link": link})
        self.ids["record_links"] = str(self.aha.get("/features/FAB-1/record_links")["record_links"][0]["id"])
        for kind in ("features", "requirements", "initiatives"):
            me = self.aha.get("/me")["user"]["id"]
            event = {"user_id": me, "work_done_text": "1h", "occurred_on": "2026-11-02"}
            self.call(f"POST /{kind}/{{id}}/time_tracking_events", {"time_tracking_event": event})
        self.ids["notes"] = self.aha.feature()["description"]["id"]
        self.ids["attachments"] = self.call("POST /notes/{id}/attachments", files=FILE)["attachment"]["id"]
        self.call("POST /comments/{id}/attachments", files=FILE)

    def administer(self) -> None:
        """Workspaces, integrations, options of a custom field."""
        product = {"name": "Other", "prefix": "OTH", "description": "d"}
        self.call("POST /products", {"product": product})
        self.call("PUT /products/{id}", {"product": {"name": "Others"}}, products="OTH")
        integration = {"integration": {"service_name": "jira", "name": "Second", "enabled": True}}
        self.call("POST /products/{product}/integrations", integration)
        self.call("POST /integrations", integration)
        self.call("PUT /products/{product}/integrations/{integration}", {"integration": {"name": "Jira"}})
        second = self.aha.get("/integrations")["integrations"][0]["id"]
        self.call("PUT /integrations/{integration}", {"integration": {"name": "Jira"}}, integration=second)
        change = {"integration_id": self.ids["integration"], "model_class": "Feature", "model_id": "FAB-1"}
        self.call("POST /integration_changes", change)
        fields = self.aha.get("/custom_field_definitions")["custom_field_definitions"]
        tier = next(one["id"] for one in fields if one["key"] == "customer_tier")
        self.ids["custom_field_definitions"] = tier
        option = {"custom_field_option": {"value": "Family"}}
        stem = "/custom_field_definitions/{id}/custom_field_options"
        self.ids["option"] = self.call(f"POST {stem}", option)["id"]
        self.call(f"PUT {stem}/{{option}}", {"custom_field_option": {"value": "Families"}})
        self.call(f"DELETE {stem}/{{option}}")
        self.ids["workflows"] = str(self.aha.get("/products/FAB/workflows")["workflows"][0]["id"])
        self.ids["screen_definitions"] = str(self.aha.get("/screen_definitions")["screen_definitions"][0]["id"])

    def records(self) -> None:
        """Every way to make and to change a record."""
        self.call(
            "POST /releases/{id}/features", {"feature": {"name": "n", "custom_fields": {"customer_tier": "Courier"}}}
        )
        self.call("POST /features/{id}/requirements", {"requirement": {"name": "n"}})
        self.call("POST /releases/{id}/epics", {"epic": {"name": "n"}})
        self.call("POST /products/{product}/epics", {"epic": {"name": "n"}})
        for kind in ("release", "initiative", "goal"):
            self.call(f"POST /products/{{product}}/{kind}s", {kind: {"name": "n"}})
            self.call(f"PUT /products/{{product}}/{kind}s/{{id}}", {kind: {"name": "m"}})
        for kind in RECORDS:
            self.call(f"PUT /{kind}/{{id}}", {kind[:-1]: {"name": "o"}})
        self.call("POST /releases/{id}/duplicate")
        self.call("POST /requirements/{id}/convert_to_feature", {}, requirements="FAB-1-2")
        self.call("POST /features/{id}/convert_to_epic", {}, features="FAB-9")

    def remove(self) -> None:
        """What can be deleted, and one thing brought back."""
        self.call("DELETE /attachments/{id}")
        self.call("DELETE /record_links/{id}")
        self.call("DELETE /comments/{id}")
        fields = self.aha.get(f"/features/FAB-1/integrations/{self.ids['integration']}/fields")["integration_fields"]
        self.call("DELETE /integration_fields/{id}", integration_fields=fields[0]["id"])
        self.call("DELETE /features/{id}", features="FAB-12")
        self.call("POST /deletions/{id}/restore", deletions=str(self.aha.get("/deletions")["deletions"][0]["id"]))
        self.call("DELETE /requirements/{id}")
        self.call("DELETE /epics/{id}")
        for kind in ("release", "initiative", "goal"):
            made = self.call(f"POST /products/{{product}}/{kind}s", {kind: {"name": "gone"}})
            if made:
                self.call(f"DELETE /products/{{product}}/{kind}s/{{id}}", **{f"{kind}s": made[kind]["id"]})
