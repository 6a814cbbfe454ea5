"""The page of what is only in Jira: what each state of the read shows, filters, pages, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone


def _address(integration: Any, part: str = "") -> str:
    return f"/integrations/{integration.pk}/only-in-jira/{part}"


def _read(integration: Any, count: int = 0, **fields: Any) -> Any:
    """A read that ended, with so many findings; every third can not be imported."""
    from crosswalk.store.models import Errand, Finding

    given = {"asked": {"words": ""}, "asked_at": timezone.now(), "finished_at": timezone.now() - timedelta(minutes=3)}
    result = {"found": count, "looked": 7, "whole": True}
    made = Errand.objects.create(integration=integration, what="lone", **{**given, "result": result, **fields})
    Finding.objects.bulk_create(
        Finding(
            errand=made, place=number, kind="feature", clear=number % 3 != 0, right_kind="issue", type="Story",
            right_id=str(9000 + number), right_key=f"SEA-{number}", right_name=f"Boat {number}", why="it can not",
        )
        for number in range(count)
    )  # fmt: skip
    return made


def _keys(answer: Any) -> list[str]:
    return re.findall(r'<td role="cell" class="there"><span class="key">([^<]+)', answer.content.decode())


@pytest.mark.parametrize(
    ("fields", "says", "says_not"),
    [
        ({"finished_at": None, "step": "Looked at 500 issues"}, "Looked at 500 issues", "Read again"),
        ({"trouble": "Jira is away.", "remedy": "Wait."}, "Jira is away.", "in no pair is called"),
        ({}, "7 issues looked at", "those that changed last"),
        (
            {"result": {"looked": 20_000, "whole": False}},
            "those that changed last; search finds the others",
            "not read yet",
        ),
        ({"asked": {"words": "brass"}}, "only what is called “brass”", "Jira was not read yet"),
    ],
)
def test_each_state_of_the_read_is_told(
    client: Any, integration: Any, fields: dict[str, Any], says: str, says_not: str
) -> None:
    _read(integration, **fields)
    text = client.get(_address(integration)).content.decode()
    assert says in text
    assert says_not not in text


def test_it_is_read_when_it_is_opened_for_the_first_time_by_who_may(
    client: Any, integration: Any, as_role: Any
) -> None:
    from crosswalk.store.models import Errand

    first = client.get(_address(integration)).content.decode()
    assert 'hx-trigger="load"' in first
    assert 'hx-trigger="load"' not in as_role("viewer").get(_address(integration)).content.decode()
    assert "every 1s" in client.post(_address(integration), headers={"HX-Request": "true"}).content.decode()
    client.post(_address(integration))
    assert [(one.what, one.asked) for one in Errand.objects.all()] == [("lone", {"words": ""})]


def test_what_is_in_a_pair_by_now_is_left_out_and_counted_so(client: Any, integration: Any, pair: Any) -> None:
    _read(integration, 4)
    pair(1, right_id="9001", right_key="SEA-1")
    answer = client.get(_address(integration))
    assert _keys(answer) == ["SEA-0", "SEA-2", "SEA-3"]
    records = client.get(f"/integrations/{integration.pk}/?state=agreed").content.decode()
    assert 'Only in Jira <span class="count">3</span>' in records


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("only=ready", ["SEA-1", "SEA-2", "SEA-4"]),
        ("only=not", ["SEA-0", "SEA-3"]),
        ("q=sea-3", ["SEA-3"]),
        ("q=boat+2", ["SEA-2"]),
        ("q=%3Cb%3E", []),
        ("only=no&after=x", ["SEA-0", "SEA-1", "SEA-2", "SEA-3", "SEA-4"]),
        ("after=2", ["SEA-3", "SEA-4"]),
    ],
)
def test_filters_search_and_pages(client: Any, integration: Any, asked: str, keys: list[str]) -> None:
    _read(integration, 5)
    answer = client.get(_address(integration, f"?{asked}"))
    assert _keys(answer) == keys
    assert b"<b>" not in answer.content


def test_a_second_page_is_led_to(client: Any, integration: Any) -> None:
    _read(integration, 60)
    first = client.get(_address(integration, "?q=boat"))
    older = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert older is not None
    assert len(_keys(first)) == 50
    assert _keys(client.get(older[1].replace("&amp;", "&"))) == [f"SEA-{number}" for number in range(50, 60)]


def test_ticks_are_kept_and_all_of_a_filter_are_ticked(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Finding

    made = _read(integration, 5)
    rows = list(Finding.objects.order_by("place"))
    sent = {"of": made.pk, "shown": [one.pk for one in rows]}
    told = client.post(_address(integration, "take/"), {**sent, "record": [rows[1].pk]}, headers={"HX-Request": "true"})
    assert "1</strong> ticked" in told.content.decode()
    client.post(_address(integration, "take/"), {**sent, "record": [], "act": "all", "q": "boat 2"})
    assert [one.right_key for one in Finding.objects.filter(ticked=True)] == ["SEA-2"]
    client.post(_address(integration, "take/"), {**sent, "record": [], "act": "all"})
    assert Finding.objects.filter(ticked=True).count() == 3, "what can not be imported is not ticked"


@pytest.mark.parametrize("act", ["import", "ignore"])
def test_nothing_ticked_and_an_old_page_do_nothing_and_say_so(client: Any, integration: Any, act: str) -> None:
    from crosswalk.store.models import Errand

    made = _read(integration, 3)
    said = client.post(_address(integration, "take/"), {"of": made.pk, "act": act}, follow=True).content
    assert b"Nothing is ticked" in said
    said = client.post(_address(integration, "take/"), {"of": made.pk + 1, "act": act}, follow=True).content
    assert b"Somebody looked again" in said
    assert not Errand.objects.filter(what="bring").exists()


@pytest.mark.parametrize("name", ["feature:pair-99:", "feature:pair-x:", "feature:pair-:", "a b:pair-1:", "f:pair-1"])
def test_what_no_page_names_is_not_acted_on(client: Any, integration: Any, pair: Any, name: str) -> None:
    one = pair(1, state="agreed")
    client.post(f"/integrations/{integration.pk}/act/", {"act": "pause", "record": name})
    one.refresh_from_db()
    assert one.held == ""


def test_a_record_that_is_in_aha_is_not_reached_by_the_number_of_its_pair(
    client: Any, integration: Any, pair: Any
) -> None:
    one, alone = pair(1), pair(2, left_id=None, left_kind="", left_key="", held="ignored", state="new")
    for held in (one, alone):
        client.post(
            f"/integrations/{integration.pk}/act/",
            {"act": "resume" if held is alone else "pause", "record": f"feature:pair-{held.pk}:"},
        )
        held.refresh_from_db()
        assert held.held == ""
    client.post(f"/integrations/{integration.pk}/act/", {"act": "ignore", "record": f"feature:pair-{alone.pk}:"})
    alone.refresh_from_db()
    assert alone.held == "ignored"
    assert integration.pairs.count() == 2


def test_a_version_which_has_no_key_but_its_name_is_named_once(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Finding

    _read(integration, 2)
    first, _ = Finding.objects.order_by("place")
    first.right_kind, first.right_key, first.right_name = "version", "Autumn", "Autumn"
    first.save()
    page = client.get(_address(integration)).content.decode()
    assert '<span class="key">Autumn</span> <span class="more">' in page
    assert '<span class="key">SEA-1</span> Boat 1 <span class="more">' in page
