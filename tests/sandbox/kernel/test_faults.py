"""Every kind of fault as a client sees it on the wire, on a stand-in Jira and on a stand-in Aha!."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from crosswalk_sandbox.aha import build as build_aha
from crosswalk_sandbox.jira import build as build_jira
from crosswalk_sandbox.jira.deliver import signature
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.faults import KINDS
from crosswalk_sandbox.kernel.server import Running
from tests.sandbox.jira.play import Receiver

# Kinds whose effect is shown elsewhere: with the answer they replace it (below, in STATUSES), in test_server.py, in
# test_hooks.py, and for lag and stale reads in the tests of each product.
ELSEWHERE = {
    "status", "reset_before", "reset_after", "slow", "truncated", "html_200", "login_redirect", "429", "lag", "stale",
    "hook_lost", "hook_double", "hook_late", "hook_reordered",
}  # fmt: skip
HERE = {"drip", "world", "hook_first", "hook_bare"}
STATUSES = {
    "400": 400, "401": 401, "403": 403, "captcha": 403, "404": 404, "409": 409, "413": 413, "429_global": 429,
    "429_tenant": 429, "429_burst": 429, "429_issue": 429, "429_gateway": 429, "500": 500, "502": 502, "503": 503,
    "504": 504,
}  # fmt: skip


@contextmanager
def jira() -> Iterator[httpx2.Client]:
    app, told = build_jira("cloud", "demo", VirtualClock())
    with Running(app) as url, httpx2.Client(base_url=url, auth=(told["email"], told["token"]), timeout=60) as client:
        yield client


@contextmanager
def aha() -> Iterator[httpx2.Client]:
    app, told = build_aha("demo", VirtualClock())
    headers = {"Authorization": f"Bearer {told['token']}"}
    with Running(app) as url, httpx2.Client(base_url=url, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[httpx2.Client]:
    with jira() as client:
        yield client


@pytest.fixture(autouse=True)
def calm(client: httpx2.Client) -> Iterator[None]:
    yield
    client.delete("/_sandbox/faults")
    client.delete("/_sandbox/world")


def switch_on(client: httpx2.Client, **fault: object) -> None:
    answer = client.post("/_sandbox/faults", json=fault)
    assert answer.status_code == 200, answer.text


def test_every_kind_is_shown_somewhere(client: httpx2.Client) -> None:
    assert set(KINDS) <= ELSEWHERE | HERE | set(STATUSES)
    assert client.get("/_sandbox/faults").json()["kinds"] == list(KINDS)


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_a_kind_named_after_an_answer_gives_it(client: httpx2.Client, kind: str, status: int) -> None:
    before = client.get("/rest/api/3/issue/FAB-1").json()["fields"]["summary"]
    switch_on(client, kind=kind, method="PUT")
    answer = client.put("/rest/api/3/issue/FAB-1", json={"fields": {"summary": f"Struck by {kind}"}})
    after = client.get("/rest/api/3/issue/FAB-1").json()["fields"]["summary"]
    assert answer.status_code == status
    assert (after != before) == (kind == "504"), "only a gateway's time-out comes after the write was made"


def test_refusals_have_the_products_own_bodies(client: httpx2.Client) -> None:
    switch_on(client, kind="401")
    assert client.get("/rest/api/3/myself").text == "Client must be authenticated to access this resource."
    switch_on(client, kind="captcha")
    assert client.get("/rest/api/3/myself").headers["x-seraph-loginreason"] == "AUTHENTICATION_DENIED"
    switch_on(client, kind="404")
    assert client.get("/rest/api/3/issue/FAB-1").json()["errorMessages"] == [
        "Issue does not exist or you do not have permission to see it."
    ]
    with aha() as other:
        switch_on(other, kind="401")
        assert other.get("/api/v1/me").json() == {"error": "Invalid API key"}


def test_a_refused_credential_is_refused_alike_by_a_switch_and_by_itself() -> None:
    """On Data Center, which names the caller in a header: a client tells it from Cloud by that."""
    app, told = build_jira("dc", "demo", VirtualClock())
    with Running(app) as url, httpx2.Client(base_url=url, auth=(told["username"], "wrong"), timeout=60) as client:
        there = client.get("/rest/api/2/myself")
        switch_on(client, kind="401")
        switched = client.get("/rest/api/2/myself")
        named = ("x-ausername", "x-seraph-loginreason", "www-authenticate")
        assert (switched.status_code, switched.text) == (there.status_code, there.text)
        assert [switched.headers[name] for name in named] == [there.headers[name] for name in named]


LIMITED = (
    # The clock starts at 09:00:00.
    ("429_global", "jira-quota-global-based", "3600", "10:00:00"),
    ("429_tenant", "jira-quota-tenant-based", "3600", "10:00:00"),
    ("429_burst", "jira-burst-based", "1", "09:00:01"),
    ("429_issue", "jira-per-issue-on-write", "2", "09:00:02"),
    ("429_gateway", None, None, "09:00:01"),
)


@pytest.mark.parametrize(("kind", "reason", "wait", "reset"), LIMITED)
def test_refusals_for_limits_say_which_and_how_long(
    client: httpx2.Client, kind: str, reason: str | None, wait: str | None, reset: str
) -> None:
    switch_on(client, kind=kind)
    headers = client.get("/rest/api/3/myself").headers
    assert (headers.get("ratelimit-reason"), headers.get("retry-after")) == (reason, wait)
    assert headers["x-ratelimit-reset"] == f"2026-11-24T{reset}Z"
    if kind != "429_gateway":
        switch_on(client, kind=kind, retry_after=9)
        headers = client.get("/rest/api/3/myself").headers
        assert (headers["retry-after"], headers["x-ratelimit-reset"]) == ("9", "2026-11-24T09:00:09Z")


def test_a_refusal_says_how_long_only_where_it_is_asked_to(client: httpx2.Client) -> None:
    for asked in (None, 7):
        switch_on(client, kind="429", retry_after=asked)
        assert client.get("/rest/api/3/myself").headers.get("retry-after") == (asked and str(asked))
    switch_on(client, kind="503")
    assert client.get("/rest/api/3/myself").headers["retry-after"] == "5"


def test_a_body_of_ones_own_goes_over_the_canned_one(client: httpx2.Client) -> None:
    switch_on(client, kind="409", body='{"mine": 1}', headers={"X-Mine": "2"})
    answer = client.get("/rest/api/3/myself")
    assert (answer.status_code, answer.json(), answer.headers["x-mine"]) == (409, {"mine": 1}, "2")


def test_a_body_that_drips_comes_whole_and_late(client: httpx2.Client) -> None:
    whole = client.get("/rest/api/3/issue/FAB-1").json()
    switch_on(client, kind="drip", seconds=0.3)  # a busy reader finds it all at once in less
    began = time.perf_counter()
    with client.stream("GET", "/rest/api/3/issue/FAB-1") as answer:
        pieces = list(answer.iter_raw())
    assert time.perf_counter() - began >= 0.3
    assert len(pieces) > 1
    assert httpx2.Response(200, content=b"".join(pieces)).json() == whole


def test_who_switches_a_slow_answer_off_gets_it_at_once(client: httpx2.Client) -> None:
    switch_on(client, kind="slow", path_regex="myself", seconds=600)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(httpx2.get, f"{client.base_url}/rest/api/3/myself", auth=client.auth)
        _wait_until(lambda: client.get("/_sandbox/faults").json()["faults"][0]["struck"] == 1)
        assert not slow.done()
        client.delete("/_sandbox/faults")
        assert slow.result().status_code == 200


def test_what_was_listed_is_gone_when_it_is_read(client: httpx2.Client) -> None:
    listed = client.get("/rest/api/3/search/jql", params={"jql": "project = FAB", "fields": "summary"}).json()["issues"]
    gone = listed[-1]["key"]
    switch_on(client, kind="world", path_regex=f"/issue/{gone}$", change={"do": "delete_issue", "issue": gone})
    assert client.get(f"/rest/api/3/issue/{gone}").status_code == 404
    client.delete("/_sandbox/world")
    assert client.get(f"/rest/api/3/issue/{gone}").status_code == 200


def test_pages_shift_while_they_are_read(client: httpx2.Client) -> None:
    ask = {"jql": "project = FAB ORDER BY key DESC", "fields": "summary", "maxResults": "2"}
    first = client.get("/rest/api/3/search/jql", params=ask).json()
    unshifted = client.get("/rest/api/3/search/jql", params={**ask, "nextPageToken": first["nextPageToken"]}).json()
    client.delete("/_sandbox/faults")
    change = {"do": "delete_issue", "issue": first["issues"][0]["key"]}
    switch_on(client, kind="world", path_regex="search/jql", change=change)
    second = client.get("/rest/api/3/search/jql", params={**ask, "nextPageToken": first["nextPageToken"]}).json()
    skipped = [one["key"] for one in unshifted["issues"] if one["key"] not in [two["key"] for two in second["issues"]]]
    assert skipped == [unshifted["issues"][0]["key"]], "what moved up a page is in neither"


def test_a_hook_comes_before_the_answer_of_the_create() -> None:
    with jira() as client, Receiver() as receiver:
        client.post("/_sandbox/hooks", json={"url": receiver.url})
        switch_on(client, kind="hook_first", method="POST", path_regex="/issue$")
        issue = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "Bell"}
        with client.stream("POST", "/rest/api/3/issue", json={"fields": issue}) as answer:
            before = receiver.events()
            assert answer.status_code == 201
        assert before == ["jira:issue_created"]


def test_a_hook_that_the_product_would_hold_back_comes_before_the_answer_too() -> None:
    with aha() as client, Receiver() as receiver:
        client.post("/_sandbox/hooks", json={"url": receiver.url})
        client.post("/_sandbox/settings", json={"text_delay": 300.0})
        switch_on(client, kind="hook_first", method="PUT")
        text = {"feature": {"description": "<p>Ring.</p>"}}
        with client.stream("PUT", "/api/v1/features/FAB-1", json=text) as answer:
            before = len(receiver.got)
            assert answer.status_code == 200
        assert before == 1


def test_a_hook_comes_without_what_changed_and_signed_as_it_is() -> None:
    with jira() as client, Receiver() as receiver:
        client.post("/_sandbox/hooks", json={"url": receiver.url, "secret": "s3cret"})
        switch_on(client, kind="hook_bare", path_regex="issue_updated")
        for summary in ("Bell", "Horn"):
            client.put("/rest/api/3/issue/FAB-1", json={"fields": {"summary": summary}})
        _wait_until(lambda: len(receiver.got) == 2)
        bare, whole = receiver.got
        assert set(whole.body) - set(bare.body) == {"changelog"}
        assert bare.headers["x-hub-signature"] == signature("s3cret", bare.raw)
        assert bare.headers.keys() == whole.headers.keys()
    with aha() as client, Receiver() as receiver:
        client.post("/_sandbox/hooks", json={"url": receiver.url})
        switch_on(client, kind="hook_bare")
        for name in ("Bell", "Horn"):
            client.put("/api/v1/features/FAB-1", json={"feature": {"name": name}})
        _wait_until(lambda: len(receiver.got) == 2)
        bare, whole = receiver.got
        assert set(whole.body["audit"]) - set(bare.body["audit"]) == {"changes"}


def test_an_outage_refuses_connections_and_ends() -> None:
    with jira() as client:
        assert client.post("/_sandbox/outage", json={"seconds": "long"}).status_code == 400
        # Long enough to be seen, however busy the machine.
        assert client.post("/_sandbox/outage", json={"seconds": 2.5}).json() == {"seconds": 2.5}
        port = client.base_url.port
        assert port is not None
        _wait_until(lambda: not _accepts(port))
        _wait_until(lambda: _accepts(port))
        assert client.get("/rest/api/3/myself").status_code == 200


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset where nobody listens any more while one comes in
        return False
    return True


def _wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_skewed_clock_shows_in_stamps_and_in_the_date_header(client: httpx2.Client) -> None:
    true = parsedate_to_datetime(client.get("/rest/api/3/myself").headers["date"])
    client.post("/_sandbox/world", json={"do": "skew_clock", "seconds": -3600})
    answer = client.get("/rest/api/3/serverInfo")
    assert (true - parsedate_to_datetime(answer.headers["date"])).total_seconds() == 3600
    assert client.get("/_sandbox/clock").json()["skew"] == -3600
    client.put("/rest/api/3/issue/FAB-2", json={"fields": {"summary": "An hour ago"}})
    updated = client.get("/rest/api/3/issue/FAB-2").json()["fields"]["updated"]
    assert updated.startswith("2026-11-24T09:00"), "10:00 in Berlin, an hour behind"


@pytest.mark.parametrize(
    "headers",
    [{"X-A\r\nX-B": "1"}, {"X-A": "1\r\nX-B: 2"}, {"X A": "1"}, {"": "1"}, {"X-A": "\x00"}, {"X-Ä": "1"}, {"X": "☃"}],
)
def test_a_header_that_can_not_be_one_is_refused_in_a_rule(client: httpx2.Client, headers: dict[str, str]) -> None:
    answer = client.post("/_sandbox/faults", json={"kind": "status", "headers": headers})
    assert answer.status_code == 400
    assert "headers" in answer.text
    assert client.get("/_sandbox/faults").json()["faults"] == []
