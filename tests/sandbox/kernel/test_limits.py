"""Request limits: windows, buckets, both at once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.kernel.limits import Bucket, Window, Windows


def test_a_window_refuses_the_hit_over_its_limit_and_says_when_it_opens() -> None:
    windows = Windows([Window("second", 2, 1.0)])
    assert windows.hit("a", 10.0).remaining == 1
    assert windows.hit("a", 10.4).remaining == 0
    refused = windows.hit("a", 10.5)
    assert (refused.allowed, round(refused.retry_after, 3), refused.reset) == (False, 0.5, 11.0)
    assert windows.hit("b", 10.5).allowed, "another key has its own window"
    assert windows.hit("a", 11.0).allowed


def test_a_bucket_refills_with_time() -> None:
    windows = Windows([Bucket("burst", 2, per_second=1.0)])
    assert [windows.hit("a", 0.0).allowed for _ in range(3)] == [True, True, False]
    assert windows.hit("a", 0.5).retry_after == 0.5
    assert windows.hit("a", 1.0).allowed


def test_of_two_rules_the_one_that_refuses_longest_speaks() -> None:
    windows = Windows([Window("second", 1, 1.0), Window("minute", 2, 60.0)])
    windows.hit("a", 0.0)
    assert windows.hit("a", 0.1).rule == "second"
    windows.hit("a", 1.0)
    assert windows.hit("a", 1.1).rule == "minute"


@settings(max_examples=60)
@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_its_limit(gaps: list[float], limit: int) -> None:
    windows, now, passed = Windows([Window("w", limit, 2.0)]), 0.0, list[float]()
    for gap in gaps:
        now += gap
        verdict = windows.hit("k", now)
        if verdict.allowed:
            passed.append(now)
        else:
            assert windows.hit("k", now + verdict.retry_after + 1e-9).allowed
            passed.append(now + verdict.retry_after + 1e-9)
            now += verdict.retry_after + 1e-9
        assert sum(1 for at in passed if at > now - 2.0) <= limit
