"""The courier: deliveries, retries by the clock, fates, and that it never outlives its sandbox."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crosswalk_sandbox.kernel.clock import Clock, VirtualClock
from crosswalk_sandbox.kernel.faults import Fault, Faults
from crosswalk_sandbox.kernel.hooks import Courier, Terms


class Inbox:
    """What a receiver got, and the codes it answers, the last one for ever."""

    def __init__(self, codes: list[int]) -> None:
        self.codes, self.bodies, self.url = codes, list[bytes](), ""
        self.retries: list[str | None] = []
        self.gate: threading.Barrier | None = None


@contextmanager
def receiver(*codes: int) -> Iterator[Inbox]:
    inbox = Inbox(list(codes) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            inbox.retries.append(self.headers["X-Retry"])
            if inbox.gate is not None:
                inbox.gate.wait(30)
            code = inbox.codes.pop(0) if len(inbox.codes) > 1 else inbox.codes[0]
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    inbox.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=t"
    try:
        yield inbox
    finally:
        server.shutdown()
        server.server_close()


def test_deliveries_arrive_in_the_order_they_were_posted() -> None:
    courier = Courier(Clock())
    with receiver() as inbox:
        for n in range(5):
            courier.post(inbox.url, {"Content-Type": "text/plain"}, str(n).encode())
        assert courier.settle()
    assert inbox.bodies == [b"0", b"1", b"2", b"3", b"4"]
    assert {delivery.state for delivery in courier.past} == {"delivered"}
    courier.stop()


def test_a_failed_delivery_is_repeated_when_the_clock_says_so() -> None:
    clock = VirtualClock()
    courier = Courier(clock)
    with receiver(500, 500, 200) as inbox:
        delivery = courier.post(inbox.url, {}, b"x", Terms(retry_minutes=(5, 15)))
        assert courier.settle()
        assert delivery is not None
        assert (len(inbox.bodies), delivery.state) == (1, "waiting")
        clock.advance(5 * 60)
        assert courier.settle()
        assert len(inbox.bodies) == 2
        clock.advance(15 * 60)
        assert courier.settle()
    assert (len(inbox.bodies), delivery.state) == (3, "delivered")
    assert [attempt.status for attempt in delivery.attempts] == [500, 500, 200]
    courier.stop()


def test_each_try_is_dressed_anew_and_only_some_answers_are_tried_again() -> None:
    clock = VirtualClock()
    courier = Courier(clock)
    terms = Terms(
        retry_minutes=(5,) * 5,
        retried=lambda status: status is None or status >= 500,
        dress=lambda retry: {"X-Retry": str(retry)} if retry else {},
    )
    with receiver(500, 502, 404) as inbox:
        delivery = courier.post(inbox.url, {}, b"x", terms)
        for _ in range(6):
            assert courier.settle()
            clock.advance(5 * 60)
    assert delivery is not None
    assert inbox.retries == [None, "1", "2"]
    assert delivery.state == "failed"
    courier.stop()


def test_retries_end_and_no_answer_counts_as_a_failure() -> None:
    clock = VirtualClock()
    courier = Courier(clock)
    delivery = courier.post("http://127.0.0.1:9/nobody", {}, b"x", Terms(retry_minutes=(1, 1)))
    for _ in range(5):
        assert courier.settle()
        clock.advance(60)
    assert delivery is not None
    assert (delivery.state, len(delivery.attempts)) == ("failed", 3)
    courier.stop()


def test_a_lane_holds_so_many_deliveries_at_once_and_no_more() -> None:
    courier = Courier(Clock())
    with receiver() as inbox:
        inbox.gate = threading.Barrier(3)
        for n in range(9):
            courier.post(inbox.url, {}, str(n).encode(), Terms(lane="wide", width=3))
        assert courier.settle(), "three were not under way together: the barrier never opened"
        assert len(inbox.bodies) == 9
        gate = inbox.gate = threading.Barrier(2)
        for n in range(2):
            courier.post(inbox.url, {}, str(n).encode(), Terms(lane="narrow", width=1))
        assert not courier.settle(0.1), "two of one narrow lane met"
        assert courier.waiting() == 2
        while not gate.n_waiting:  # the second one must find no gate, and the first one must be at it
            time.sleep(0.001)
        inbox.gate = None
        gate.wait(30)
        assert courier.settle()
    courier.stop()


def test_what_was_never_tried_can_be_withdrawn() -> None:
    clock = VirtualClock()
    courier = Courier(clock)
    with receiver() as inbox:
        late = courier.post(inbox.url, {}, b"late", Terms(delay=10))
        soon = courier.post(inbox.url, {}, b"soon")
        assert courier.settle()
        assert late is not None
        assert soon is not None
        assert courier.withdraw(late)
        assert not courier.withdraw(soon)
        clock.advance(10)
        assert courier.settle()
    assert inbox.bodies == [b"soon"]
    assert (late.state, soon.state) == ("withdrawn", "delivered")
    courier.stop()


def test_without_retries_a_failure_is_final_and_says_why() -> None:
    courier = Courier(Clock(), timeout=1)
    refused = courier.post("http://127.0.0.1:9/nobody", {}, b"x")
    odd = courier.post("ftp://127.0.0.1/", {}, b"x")
    assert courier.settle()
    assert refused is not None
    assert odd is not None
    assert (refused.state, refused.attempts[0].status, odd.state) == ("failed", None, "failed")
    assert "ConnectionRefused" in refused.attempts[0].reason
    courier.stop()


def test_a_delayed_hook_waits_for_the_clock() -> None:
    clock = VirtualClock()
    courier = Courier(clock)
    with receiver() as inbox:
        courier.post(inbox.url, {}, b"late", Terms(delay=300))
        courier.post(inbox.url, {}, b"soon")
        assert courier.settle()
        assert inbox.bodies == [b"soon"]
        assert courier.waiting() == 1
        clock.advance(300)
        assert courier.settle()
        assert inbox.bodies == [b"soon", b"late"]
    courier.stop()


def test_hooks_can_be_lost_doubled_and_overtaken() -> None:
    faults, clock = Faults(), VirtualClock()
    courier = Courier(clock, faults)
    faults.add(Fault("hook_lost", path_regex="one"))
    faults.add(Fault("hook_double", path_regex="two"))
    faults.add(Fault("hook_late", path_regex="three", seconds=9))
    with receiver() as inbox:
        for label in ("one", "two", "three", "four"):
            courier.post(inbox.url, {}, label.encode(), label=label)
        assert courier.settle()
        clock.advance(9)
        assert courier.settle()
    assert inbox.bodies == [b"two", b"two", b"four", b"three"]
    assert [d.state for d in courier.past].count("lost") == 1
    courier.stop()


def test_a_stopped_courier_takes_nothing_and_its_thread_ends() -> None:
    courier = Courier(Clock())
    with receiver() as inbox:
        courier.post(inbox.url, {}, b"x")
        assert courier.settle()
        courier.stop()
        assert courier.post(inbox.url, {}, b"y") is None
        courier.resume()
        courier.post(inbox.url, {}, b"z")
        assert courier.settle()
    assert inbox.bodies == [b"x", b"z"]
    courier.stop()


def test_a_hook_can_be_sent_behind_the_next_one_to_the_same_address() -> None:
    faults = Faults()
    courier = Courier(VirtualClock(), faults)
    faults.add(Fault("hook_reordered", path_regex="first"))
    with receiver() as inbox:
        for label in ("first", "second", "third"):
            courier.post(inbox.url, {}, label.encode(), label=label)
            assert courier.settle()
            assert courier.waiting() == (label == "first")
    assert inbox.bodies == [b"second", b"first", b"third"]
    courier.stop()
