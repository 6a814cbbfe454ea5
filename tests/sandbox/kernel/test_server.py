"""A running sandbox: start and stop, every fault as a client sees it, the request log, the control API."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.kernel.app import build_app
from crosswalk_sandbox.kernel.clock import Clock, VirtualClock
from crosswalk_sandbox.kernel.control import Control, control_of
from crosswalk_sandbox.kernel.server import Running

Sent = dict[str, object]


def counter(clock: Clock) -> Starlette:
    """A tiny API: POST adds one, GET tells how many and shows its own address."""
    count = 0

    async def add(request: Request) -> Response:
        nonlocal count
        count += 1
        return JSONResponse({"count": count})

    async def tell(request: Request) -> Response:
        lag = control_of(request).faults.seconds("lag", "GET", request.url.path)
        return JSONResponse({"count": count, "url": f"{request.app.state.base_url}/api/n", "lag": lag})

    routes = [Route("/api/n", add, methods=["POST"], name="add"), Route("/api/n", tell, name="tell")]
    return build_app(routes, Control(clock, lambda: {"count": count}, api=("/api/",)))


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with Running(counter(VirtualClock())) as url, httpx2.Client(base_url=url, timeout=60) as client:
        yield client


def switch_on(client: httpx2.Client, **fault: object) -> Sent:
    answer = client.post("/_sandbox/faults", json=fault)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_it_starts_and_stops_quickly_and_again() -> None:
    app = counter(Clock())
    began = time.process_time()
    for _ in range(3):
        with Running(app) as url:
            assert httpx2.get(f"{url}/api/n").json()["url"].startswith(url)
    assert (time.process_time() - began) / 3 < 0.5  # of this process: the machine may be busy


def test_nothing_is_told_of_whoever_hangs_up_within_a_request(caplog: pytest.LogCaptureFixture) -> None:
    """As a worker does that is killed while it sends."""
    left = threading.Event()

    async def add(request: Request) -> Response:
        try:
            await request.body()
        finally:
            left.set()
        return Response()

    app = build_app([Route("/api/n", add, methods=["POST"])], Control(Clock(), dict, api=("/api/",)))
    with Running(app) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as half:
            half.sendall(b"POST /api/n HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        assert left.wait(60)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


def test_a_status_fault_strikes_the_nth_match_so_often_and_is_not_applied(client: httpx2.Client) -> None:
    switch_on(client, kind="status", method="POST", nth=2, times=2, status=503, body="busy", headers={"X-Why": "test"})
    codes = [client.post("/api/n").status_code for _ in range(5)]
    assert codes == [200, 503, 503, 200, 200]
    assert client.get("/api/n").json()["count"] == 3


def test_a_status_fault_can_be_applied_all_the_same(client: httpx2.Client) -> None:
    switch_on(client, kind="status", method="POST", status=502, body="<h1>Bad gateway</h1>", applied=True)
    answer = client.post("/api/n")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert client.get("/api/n").json()["count"] == 1


@pytest.mark.parametrize(("kind", "applied"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_leaves_no_answer(client: httpx2.Client, kind: str, applied: int) -> None:
    switch_on(client, kind=kind, method="POST")
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        client.post("/api/n")
    assert client.get("/api/n").json()["count"] == applied
    seen = client.get("/_sandbox/requests").json()["requests"][0]
    assert (seen["status"], seen["fault"], seen["applied"]) == (0, kind, bool(applied))


def test_a_truncated_answer_promises_more_than_it_sends(client: httpx2.Client) -> None:
    switch_on(client, kind="truncated")
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get("/api/n")


def test_a_page_instead_of_data_and_a_redirect_to_a_login(client: httpx2.Client) -> None:
    switch_on(client, kind="html_200")
    page = client.get("/api/n")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    switch_on(client, kind="login_redirect")
    sent_on = client.get("/api/n")
    assert (sent_on.status_code, sent_on.headers["location"]) == (302, f"{str(client.base_url).rstrip('/')}/login")


@pytest.mark.parametrize("retry_after", [None, 7])
def test_too_many_requests_with_and_without_a_wait(client: httpx2.Client, retry_after: int | None) -> None:
    switch_on(client, kind="429", retry_after=retry_after)
    answer = client.get("/api/n")
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, retry_after and str(retry_after))


def test_a_slow_answer_is_applied_and_late(client: httpx2.Client) -> None:
    switch_on(client, kind="slow", method="POST", seconds=0.05)
    began = time.perf_counter()
    assert client.post("/api/n").json() == {"count": 1}
    assert time.perf_counter() - began >= 0.05


def test_lag_is_told_to_the_application(client: httpx2.Client) -> None:
    switch_on(client, kind="lag", seconds=30, times=0)
    assert [client.get("/api/n").json()["lag"] for _ in range(2)] == [30, 30]


def test_probability_is_drawn_from_the_seed(client: httpx2.Client) -> None:
    runs = []
    for _ in range(2):
        client.delete("/_sandbox/faults")
        switch_on(client, kind="status", probability=0.5, times=0, seed=3)
        runs.append([client.get("/api/n").status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert {200, 500} == set(runs[0])


def test_faults_are_listed_and_switched_off(client: httpx2.Client) -> None:
    number = switch_on(client, kind="status", times=0)["number"]
    switch_on(client, kind="slow", path_regex="^/nowhere$")
    assert [rule["kind"] for rule in client.get("/_sandbox/faults").json()["faults"]] == ["status", "slow"]
    assert client.delete(f"/_sandbox/faults?number={number}").json() == {"switched_off": 1}
    assert client.get("/api/n").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "earthquake"},
        {},
        {"kind": "status", "path_regex": "("},
        {"kind": "status", "nth": 0},
        {"kind": "status", "status": "500"},
        {"kind": "status", "times": True},
        {"kind": "status", "colour": "red"},
        {"kind": "status", "headers": {"a": 1}},
        {"kind": "status", "status": 204, "body": "x"},
        {"kind": "lag", "seconds": 1e18},
        {"kind": "429", "retry_after": -5},
        {"kind": "world", "change": {"do": ["skew_clock"]}},
        ["kind"],
        '{"kind": "slow", "seconds": NaN}',
        '{"kind": "429", "retry_after": 1e400}',
    ],
)
def test_a_fault_without_sense_is_refused_with_a_reason(client: httpx2.Client, body: object) -> None:
    sent = body if isinstance(body, str) else json.dumps(body)
    answer = client.post("/_sandbox/faults", content=sent)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client.get("/_sandbox/faults").json()["faults"] == []


@pytest.mark.parametrize("number", ["none", "9" * 5000, "-1"])
def test_a_number_that_is_none_ends_no_fault_and_undoes_nothing(client: httpx2.Client, number: str) -> None:
    switch_on(client, kind="status", method="get")
    client.post("/_sandbox/world", json={"do": "skew_clock", "seconds": 5})
    assert client.delete("/_sandbox/faults", params={"number": number}).json() == {"switched_off": 0}
    assert client.delete("/_sandbox/world", params={"number": number}).json() == {"undone": 0}
    assert client.get("/api/n").status_code == 500, "the method is meant in whatever letters"


def test_the_log_holds_api_requests_with_their_operation(client: httpx2.Client) -> None:
    client.get("/api/n?page=2")
    client.post("/api/n")
    client.get("/api/nothing")
    log = client.get("/_sandbox/requests").json()
    assert [(r["operation"], r["query"], r["status"]) for r in log["requests"]] == [
        ("tell", "page=2", 200),
        ("add", "", 200),
        ("", "", 404),
    ]
    assert log["by_operation"] == {"GET tell": 1, "POST add": 1, "GET (no route)": 1}
    client.post("/_sandbox/faults", json={"kind": "500"})
    client.get("/api/n")
    assert client.get("/_sandbox/requests").json()["by_operation"]["GET (struck by a fault)"] == 1
    assert client.get("/_sandbox/requests?since=2").json()["requests"][0]["path"] == "/api/nothing"
    client.delete("/_sandbox/requests")
    assert client.get("/_sandbox/requests").json()["requests"] == []


def test_the_clock_is_driven_over_http_when_it_is_virtual(client: httpx2.Client) -> None:
    before = client.post("/_sandbox/clock/advance", json={"seconds": 0}).json()["now"]
    assert client.post("/_sandbox/clock/advance", json={"seconds": 90}).json()["now"] > before
    assert client.post("/_sandbox/clock/advance", json={"seconds": "soon"}).status_code == 400
    steps = [client.post("/_sandbox/clock/advance", json={"seconds": 1e9}).status_code for _ in range(230)]
    assert (steps[0], steps[-1]) == (200, 400), "time ends, and says so"
    with Running(counter(Clock())) as url:
        assert httpx2.post(f"{url}/_sandbox/clock/advance", json={"seconds": 1}).status_code == 409


def test_the_application_sums_itself_up(client: httpx2.Client) -> None:
    client.post("/api/n")
    assert client.get("/_sandbox/state").json() == {"count": 1}
    assert client.get("/_static/sandbox.css").status_code == 200
