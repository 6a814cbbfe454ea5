"""Home's small charts: what was written by hour, the delay from hook to write, what requests are left."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NOW = START + timedelta(hours=23, minutes=30)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


ARRIVED, BY_HOOK, BY_POLL = ("A hook arrived.", ""), ("", "a hook of Jira, by ann"), ("", "a poll of Jira")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], {}),
        ([(1, at(1), *ARRIVED), (1, at(2), *BY_HOOK)], {0: 60.0}),
        ([(1, at(1), *ARRIVED), (2, at(2), *BY_HOOK), (1, at(61), *BY_HOOK)], {1: 3600.0}),
        ([(1, at(1), *ARRIVED), (1, at(3), *BY_HOOK), (1, at(9), *BY_HOOK)], {0: 120.0}),
        ([(1, at(0), *ARRIVED), (1, at(1), *BY_HOOK), (2, at(2), *ARRIVED), (2, at(5), *BY_HOOK)], {0: 120.0}),
        ([(1, at(1), *BY_HOOK)], {}),
        # An echo of a write leads to none: neither does it to what a poll finds later, nor to another hook's write.
        ([(1, at(1), *ARRIVED), (1, at(50), *BY_POLL), (1, at(51), *BY_HOOK)], {}),
        ([(1, at(1), *ARRIVED), (1, at(2), *ARRIVED), (1, at(3), *BY_HOOK)], {0: 60.0}),
        ([(1, at(1), *ARRIVED), (1, at(9), "", "ann (Retry)")], {}),
    ],
)
def test_delays(told: list[tuple[int, datetime, str, str]], found: dict[int, float], database: Any) -> None:
    from crosswalk.sync.pulse import delays

    got = delays(told, START)
    assert {hour: value for hour, value in enumerate(got) if value is not None} == found


def test_the_last_day_is_counted_by_hour(integration: Any, pair: Any, journal: Any) -> None:
    from crosswalk.store.models import JournalEntry, RequestEntry
    from crosswalk.sync.pulse import Pulses

    one = pair()
    for moment, fields in (
        (at(5), {"run": 1, "field": "Name", "side": "right"}),
        (at(65), {"run": 2, "field": "Name", "side": "right"}),
        (at(70), {"run": 2, "field": "Due date", "side": "left"}),
        (at(70), {"run": 2, "field": "Due date", "side": "left", "level": "warning"}),
        (at(70), {"field": "Name", "side": "right"}),
        (at(-5), {"run": 1, "field": "Name", "side": "right"}),
    ):
        JournalEntry.objects.filter(pk=journal("x", pair=one, **fields).pk).update(at=moment)
    for seconds in (1, 30, 59, 61):
        account = f"aha {integration.aha.address.split('//')[1]}"
        RequestEntry.objects.create(at=NOW.timestamp() - seconds, account=account)
    found = Pulses(NOW).of(integration)
    assert found.carried == (1, 2, *[0] * 22)
    fresh = journal("y", pair=one, run=3, field="Name", side="left")
    JournalEntry.objects.filter(pk=fresh.pk).update(at=NOW)
    assert Pulses(NOW).of(integration).carried == (1, 2, *[0] * 21, 1), "what was just carried is counted at once"
    assert [(one.left, one.most) for one in found.budgets] == [(297, 300), (40, 40)]


def test_the_page_draws_them_without_style_or_script(client: Any, integration: Any, pair: Any, journal: Any) -> None:
    one = pair()
    journal("Told.", pair=one, why="A hook arrived.")
    journal("x", pair=one, run=1, field="Name", side="right", cause="a hook of Aha!")
    page = client.get("/").content.decode()
    assert page.count('<svg class="bars"') == 2
    assert "1 field written in 24 h" in page
    assert "s from hook to write" in page
    assert "300 of 300 requests left this minute" in page
    assert re.search(r"<dt>Conflicts</dt><dd><a [^>]*>0<", page)
    assert "style=" not in page


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        ("FAB-7 made in Jira.", True),
        ("FAB-7 made in Aha!.", True),
        ("FAB-7 was found in Jira: an earlier create had landed.", True),
        ("FAB-7 was found in Jira by its name.", False),
        ("A comment is copied to Jira.", False),
    ],
)
def test_records_that_were_made_are_counted_and_called_so(
    client: Any, integration: Any, pair: Any, journal: Any, what: str, counts: bool
) -> None:
    one = pair()
    journal(what, pair=one, run=1, side="right")
    assert ("1 record made in 24 h" in client.get("/").content.decode()) is counts
    journal(what, pair=one, run=2, side="right")
    journal("Name is written.", pair=one, run=2, side="right", field="Name")
    journal("Made by hand.", pair=one, side="right")
    for more in ({"code": "F8"}, {"kept": '{"set": []}'}):  # a line about a write, beside the write's own
        journal("Tags is told about.", pair=one, run=2, side="right", field="Tags", **more)
    told = "2 records made, 1 field written in 24 h" if counts else "1 field written in 24 h"
    assert f"Figures: {told}" in client.get("/").content.decode()


@pytest.mark.parametrize(("written", "charts"), [(0, 0), (2, 1)])
def test_a_chart_that_would_be_empty_is_left_out(
    client: Any, pair: Any, journal: Any, written: int, charts: int
) -> None:
    one = pair()
    for run in range(1, written + 1):
        journal("x", pair=one, run=run, field="Name", side="right")
    page = client.get("/").content.decode()
    assert page.count('<svg class="bars"') == charts
    assert ("2 fields written in 24 h" if written else "no edit carried in 24 h") in page
