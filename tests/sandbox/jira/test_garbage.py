"""Whatever is sent, no endpoint answers 500, and what is refused changes nothing."""

from __future__ import annotations

import io
import pickle
import types
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from crosswalk_sandbox.jira.app import ENDPOINTS, build
from crosswalk_sandbox.jira.contexts import contexts_of
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.web import Endpoint
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.jira_sweep import FIRST, LAST, MORE, QUERIES, Sweep, Write
from tests.official.watch import Running

from ..direct import Answered, Direct
from ..garbage import Dice, Request, Right, requests_for
from .play import Sandbox, basic, playing


class _Packer(pickle.Pickler):
    """What is no state (the clock, functions) is not packed, but named."""

    def __init__(self, file: io.BytesIO, shared: list[object]) -> None:
        super().__init__(file)
        self.shared = shared

    def persistent_id(self, obj: object) -> int | None:
        if not isinstance(obj, VirtualClock | types.FunctionType):
            return None
        self.shared.append(obj)
        return len(self.shared) - 1


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: list[object]) -> None:
        super().__init__(file)
        self.shared = shared

    def persistent_load(self, pid: int) -> object:
        return self.shared[pid]


class Kept:
    """The state of a Jira as it is now, to be compared with and gone back to."""

    def __init__(self, jira: Jira) -> None:
        self.jira = jira
        self.shared: list[object] = []
        file = io.BytesIO()
        _Packer(file, self.shared).dump((vars(jira.site), jira.token_ends))
        self.raw = file.getvalue()
        self.restore()
        self.text = self.seen()

    def seen(self) -> dict[str, str]:
        """All of it as text. The numbers that the next things will get belong to nobody yet."""
        kept = {name: repr(value) for name, value in vars(self.jira.site).items() if name not in ("clock", "counters")}
        return kept | {"token_ends": repr(self.jira.token_ends)}

    def differs(self) -> list[str]:
        """What is not as it was."""
        return [name for name, text in self.seen().items() if text != self.text[name]]

    def restore(self) -> None:
        """Everything as it was."""
        kept, self.jira.token_ends = _Unpacker(io.BytesIO(self.raw), self.shared).load()
        vars(self.jira.site).update(kept)
        self.jira.remembered.forget()


OF = {
    "media/file/{id}/binary": {"id": "@attachment"},
    "secure/attachment/{id}/{filename}": {"id": "@attachment", "filename": "a.txt"},
    "secure/thumbnail/{id}/{filename}": {"id": "@attachment", "filename": "a.png"},
    "api/X/securitylevel/{id}": {"id": "10000"},
    "api/X/issueLink/{linkId}": {"linkId": "@issuelink"},
}
"""What stands in the paths that the sweep leaves out."""


def right_for(endpoint: Endpoint, sweep: Sweep) -> Right:
    """The request with which the sweep reaches the endpoint."""
    same = [w for w in (*FIRST, *MORE, *LAST) if (w.method, w.template) == (endpoint.method, endpoint.template)]
    write = next((w for w in same if w.only in ("", sweep.sandbox.flavour)), Write(endpoint.method, endpoint.template))
    write = replace(write, of=OF.get(endpoint.template, {}) | write.of)
    query = write.query or QUERIES.get(endpoint.template, "") or (sweep.kept["user"] if "user" in endpoint.name else "")
    places = {name.strip("{}"): value for name, value in sweep.places(write).items()}
    template = "/" + endpoint.template if endpoint.template.startswith("secure/") else "/rest/" + endpoint.template
    template = template.replace("/api/X/", f"/api/{sweep.api}/")
    return Right(endpoint.method, template, places, sweep.filled(query), sweep.filled(write.body))


def shaped(path: str, answer: Answered) -> bool:
    """Whether a refusal looks like one of Jira's."""
    if answer.status_code == 401 and "json" not in answer.media:
        return answer.text == "Client must be authenticated to access this resource."
    if "json" not in answer.media:
        return False
    body: Any = answer.json()
    if not isinstance(body, dict):
        return False
    if "problem+json" in answer.media:
        return set(body) == {"type", "title", "status", "detail", "instance"}
    if "status-code" in body:
        return set(body) == {"message", "status-code"} and body["status-code"] == answer.status_code
    if "/bulk" in path and isinstance(body.get("errors"), list):
        return set(body) <= {"issues", "errors"} and all("message" in e or "elementErrors" in e for e in body["errors"])
    texts = body.get("errorMessages", [])
    return set(body) in ({"errorMessages"}, {"errorMessages", "errors"}) and all(isinstance(t, str) for t in texts)


class Thrower:
    """Throws garbage at one stand-in that has one of everything."""

    def __init__(self, sandbox: Sandbox, http: Direct) -> None:
        self.sandbox, self.http = sandbox, http
        self.sweeps = [Sweep(sandbox, "2")] if sandbox.flavour == "dc" else [Sweep(sandbox, "3"), Sweep(sandbox, "2")]
        first = self.sweeps[0]
        with first.http:
            first.begin()
        first.kept["issuelink"] = sandbox.get("~/issue/FAB-2")["fields"]["issuelinks"][0]["id"]
        for sweep in self.sweeps:
            sweep.kept = defaultdict(lambda: "10000", first.kept)  # Data Center makes no dashboards
        for hook in sandbox.jira.site.subscriptions.values():
            hook.enabled = False
        assert first.wrong == []
        for field in sandbox.jira.site.fields.values():
            contexts_of(sandbox.jira.site, field)  # made when first looked at, which is no change
        self.kept = Kept(sandbox.jira)
        self.seen: Counter[int] = Counter()
        self.wrong: list[str] = []

    def throw(self, endpoint: Endpoint) -> int:
        """All that this endpoint gets; how often it refused."""
        dice = Dice(f"{self.sandbox.flavour} {endpoint.method} {endpoint.template}")
        rights = [right_for(endpoint, sweep) for sweep in self.sweeps]
        answers = [self.send(request) for request in requests_for(dice, rights)]
        if differs := self.kept.differs():  # by one that only asks
            self.wrong.append(f"{endpoint.method} {endpoint.template} changed {differs}")
            self.kept.restore()
        return sum(answer >= 400 for answer in answers)

    def send(self, request: Request) -> int:
        answer = self.http.request(request.method, request.address, request.content, request.headers)
        self.seen[answer.status_code] += 1
        if answer.status_code >= 500:
            self.wrong.append(f"{request}: {answer.status_code}")
        if answer.status_code >= 400 and not shaped(request.address, answer):
            self.wrong.append(f"{request}: {answer.status_code} {answer.text[:300]}")
        if request.method != "GET" and (differs := self.kept.differs()):
            if answer.status_code >= 400:
                self.wrong.append(f"{request}: {answer.status_code}, and changed {differs}")
            self.kept.restore()
        return answer.status_code


@pytest.mark.parametrize("flavour", ["cloud", "dc"])
def test_garbage_at_every_endpoint(flavour: str) -> None:
    """No 500; what is refused, or only asks, changes nothing; a refusal has one of Jira's shapes."""
    with playing(flavour) as sandbox, Direct(sandbox.app, sandbox.url, basic(*sandbox.auth())) as client:
        sandbox.call("POST", "/_sandbox/limits", json={"active": False})
        thrower = Thrower(sandbox, client)
        endpoints = [endpoint for endpoint in ENDPOINTS if flavour in endpoint.on]
        refused = {f"{one.method} {one.template}": thrower.throw(one) for one in endpoints}
    assert thrower.wrong == []
    # The garbage has to matter, or the test says nothing: every endpoint that takes a part of a path or a body refuses.
    # A filter that is not there has no boards, and some pass over what is sent.
    deaf = {f"{one.method} {one.template}" for one in endpoints if not one.read and "{" not in one.template}
    never = [name for name, times in refused.items() if not times and ("{" in name or name[0] == "P")]
    never = [name for name in never if name not in deaf]
    assert [name for name in never if "{filterId}" not in name] == []
    assert thrower.seen[200] + thrower.seen[201] + thrower.seen[204] > len(endpoints)


def test_hostile_bodies(jira: Sandbox) -> None:
    before = jira.get("/_sandbox/state")
    deep = b'{"fields":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    document: Any = {"type": "text", "text": "x"}
    for _ in range(300):
        document = {"type": "blockquote", "content": [document]}
    nested = {
        "fields": {
            "project": {"key": "FAB"},
            "issuetype": {"name": "Task"},
            "summary": "x",
            "description": {"type": "doc", "version": 1, "content": [document]},
        }
    }
    headers = {"Content-Type": "application/json"}
    assert jira.call("POST", "~/issue", content=deep, headers=headers).status_code == 400
    assert jira.call("POST", "~/issue", json=nested).status_code == 400
    upload = {"Content-Type": "multipart/form-data; boundary=b", "X-Atlassian-Token": "no-check"}
    assert jira.call("POST", "~/issue/FAB-1/attachments", content=b"--b\r\nbroken", headers=upload).status_code == 400
    assert jira.call("PUT", "~/issue/FAB-1", content=b"\xff\xfe", headers=headers).status_code == 400
    assert jira.call("POST", "~/issue", content=b"a=b", headers={"Content-Type": "text/plain"}).status_code == 415
    assert jira.get("/_sandbox/state") == before


def test_half_of_a_surrogate_pair_is_kept_as_a_question_mark(jira: Sandbox) -> None:
    """JSON can name it and UTF-8 can not hold it."""
    headers = {"Content-Type": "application/json"}
    version, kept = '"description": "\\ud800", "projectId": 10000', """"jql": "text ~ 'a\\udfff'" """
    for path, more in (("~/version", version), ("~/filter", kept)):
        raw = '{"name": "a\\ud800", ' + more + "}"
        answer = jira.call("POST", path, content=raw, headers=headers)
        assert (answer.status_code // 100, answer.json()["name"]) == (2, "a?")


BROKEN_FORMS = {
    "no boundary": ("multipart/form-data", b"x"),
    "a part without a name": ("multipart/form-data; boundary=b", b"--b\r\n\r\nxx\r\n--b--\r\n"),
    "a header without end": (
        "multipart/form-data; boundary=b",
        b"--b\r\nX: " + b"a" * 200_000 + b"\r\n\r\nx\r\n--b--\r\n",
    ),
    "too many parts": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxx\r\n' * 150 + b"--b--\r\n",
    ),
}


@pytest.mark.parametrize("name", BROKEN_FORMS)
def test_forms_that_can_not_be_read(jira: Sandbox, name: str) -> None:
    kind, content = BROKEN_FORMS[name]
    headers = {"Content-Type": kind, "X-Atlassian-Token": "no-check"}
    answer = jira.call("POST", "~/issue/FAB-1/attachments", content=content, headers=headers)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessages", "errors"])


def test_a_file_of_an_odd_name_can_be_read(cloud: Sandbox) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\x00\x7fb"\r\n\r\nbell\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b", "X-Atlassian-Token": "no-check"}
    (made,) = cloud.call("POST", "~/issue/FAB-1/attachments", content=part, headers=headers).json()
    answer = cloud.call("GET", f"~/attachment/content/{made['id']}?redirect=false")
    assert (answer.content, answer.headers["Content-Disposition"]) == (b"bell", 'attachment; filename="a??b"')


@pytest.mark.parametrize("flavour", ["cloud", "dc"])
def test_head_is_get_without_a_body(flavour: str) -> None:
    app, credentials = build(flavour, "demo", VirtualClock())
    auth = ("alice@example.com", credentials["token"]) if flavour == "cloud" else ("alice", credentials["password"])
    # Served unwatched, as the vendor's documents name no HEAD.
    with Running(app) as url, httpx2.Client(base_url=url, auth=auth) as client:
        whole, head = client.get("/rest/api/2/issue/FAB-1"), client.head("/rest/api/2/issue/FAB-1")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.content))
        assert client.head("/rest/api/2/issue/FAB-99").status_code == 404
