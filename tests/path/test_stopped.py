"""What a person began for many records is stopped by a button: what is done stays, the rest goes on later."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.errors import Refused
from tests.path.system import System
from tests.path.test_import import under
from tests.path.test_import_pages import look as look_for_issues
from tests.path.test_match_pages import address, browser, found, look, twins, work

__all__ = ["browser"]
MANY = 45


def begun(system: System, what: str) -> Any:
    from crosswalk.store.errands import newest

    return newest(system.integration, what)


def press(system: System, browser: Any, where: str, act: str, **more: Any) -> str:
    """Press a button of a page that shows nothing to tick; the page it leads to."""
    sent = {"of": found(system)[0].errand_id, "act": act, **more} if found(system) else {"act": act}
    return str(browser.post(address(system, where), sent, follow=True).content.decode())


def test_linking_is_stopped_and_goes_on(cloud: System, browser: Any) -> None:
    from crosswalk.sync import proposals

    twins(cloud, MANY)
    look(cloud, browser, rule=["name"])
    press(cloud, browser, "match/tick", "all")
    page = press(cloud, browser, "match/tick", "link")
    assert 'name="act" value="stop">Stop</button>' in page
    assert 'value="link" disabled' in page
    told: list[int] = []

    def tell(_step: str, done: int, _of: int) -> None:
        told.append(done)
        if done == proposals.STEP:
            assert "It stops before its next step." in press(cloud, browser, "match/tick", "stop")

    result = proposals.link(begun(cloud, "link"), tell)
    assert (told, result) == ([0, 20], {"linked": 40, "refused": 0, "left": len(found(cloud)) - 40})
    assert cloud.integration.pairs.count() == 40
    work(cloud)
    page = browser.get(address(cloud, "match")).content.decode()
    assert f"It was stopped: {len(found(cloud)) - 40} stay ticked." in page
    assert 'value="stop"' not in page
    assert "There was nothing to stop any more." in press(cloud, browser, "match/tick", "stop")
    press(cloud, browser, "match/tick", "link")
    work(cloud)
    assert all(row.pair_id for row in found(cloud))
    assert "It was stopped" not in browser.get(address(cloud, "match")).content.decode()


def test_of_two_who_link_at_once_the_second_is_told(cloud: System, browser: Any) -> None:
    """Two at work on one list would call what the other linked refused."""
    from crosswalk.store import findings
    from crosswalk.store.models import Errand
    from crosswalk.sync import proposals

    twins(cloud, 3)
    look(cloud, browser, rule=["name"])
    press(cloud, browser, "match/tick", "all")
    press(cloud, browser, "match/tick", "link")
    rows = [row.pk for row in found(cloud)]
    again = press(cloud, browser, "match/tick", "link", shown=rows, record=rows[:2])
    assert "alice is linking matches now, so nothing was done." in again
    with pytest.raises(Refused, match="alice is linking"):
        proposals.begin_link(begun(cloud, "match"), 2, "bob")
    assert Errand.objects.filter(what="link").count() == 1
    work(cloud)
    assert {row.state for row in found(cloud)} <= {findings.DONE, ""}


def test_who_counts_is_stopped_before_it_is_said_of_all(cloud: System, browser: Any) -> None:
    from crosswalk.store import pairs

    twins(cloud, 3)
    look(cloud, browser, rule=["name"])
    press(cloud, browser, "match/tick", "all")
    press(cloud, browser, "match/tick", "link")
    work(cloud)
    waiting = pairs.unsaid(cloud.integration.pk).count()
    browser.post(address(cloud, "settle"), {"said": "keep"})
    work(cloud)
    browser.post(address(cloud, "settle"), {"carry": begun(cloud, "settle").pk})
    assert 'value="stop">Stop</button>' in browser.get(address(cloud, "settle")).content.decode()
    assert "It stops before its next step." in press(cloud, browser, "settle", "stop")
    work(cloud)
    assert pairs.unsaid(cloud.integration.pk).count() == waiting > 0
    assert f"It was stopped: {waiting} still wait" in browser.get(address(cloud, "settle")).content.decode()


def test_an_import_is_stopped(cloud: System, browser: Any) -> None:
    under(cloud, "none")
    look_for_issues(cloud, browser)
    rows = [row.pk for row in found(cloud)]
    page = press(cloud, browser, "import/take", "import", shown=rows, record=rows)
    assert 'value="stop">Stop</button>' in page
    assert "It stops before its next step." in press(cloud, browser, "import/take", "stop", shown=rows, record=rows)
    work(cloud)
    assert f"It was stopped: {len(rows)} stay ticked." in browser.get(address(cloud, "import")).content.decode()
    assert all(row.ticked and row.pair_id is None for row in found(cloud))
