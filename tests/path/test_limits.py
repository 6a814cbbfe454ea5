"""Published limits are kept: the sandbox counts, and never has to refuse."""

from __future__ import annotations

import httpx2

from tests.path.system import System


def test_many_features_at_once_stay_below_what_aha_allows(cloud: System) -> None:
    from crosswalk.sync import service

    refs = [cloud.feature(f"Bell {number}", 2) for number in range(25)]
    cloud.pass_time(120)
    cloud.forget()
    httpx2.post(f"{cloud.aha_at.address}/_sandbox/settings", json={"limits": True}).raise_for_status()
    service.send(cloud.integration, refs, "a test")
    cloud.drain()
    seen = httpx2.get(f"{cloud.aha_at.address}/_sandbox/requests", params={"limit": "5000"}).json()["requests"]
    assert len(seen) > 90
    assert [one["status"] for one in seen if one["status"] == 429] == []
    assert cloud.slept, "twenty requests a second were reached, so something had to wait"
    assert all(cloud.pair(ref).state == "agreed" for ref in refs)
