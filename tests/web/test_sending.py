"""Sending all on a page: what each state shows, and what is refused with a reason."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.utils import timezone


def _address(integration: Any) -> str:
    return f"/integrations/{integration.pk}/send-all/"


def _page(client: Any, integration: Any) -> str:
    return str(client.get(_address(integration)).content.decode())


def _load(integration: Any, **fields: Any) -> Any:
    from crosswalk.store.models import Errand

    given = {"what": "send", "asked": {"release": ""}, "asked_at": timezone.now(), "done": 50, "total": 120}
    return Errand.objects.create(integration=integration, **{**given, **fields})


def test_it_is_begun_paused_and_gone_on_with(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Errand

    said = ("On its way.", "It is paused before its next page.", "There is nothing to pause.", "It goes on.")
    for act, words in zip(("begin", "pause", "pause", "go-on"), said, strict=True):
        answer = client.post(_address(integration), {"act": act}, follow=True)
        assert words in answer.content.decode()
    assert [(one.what, one.result.get("paused")) for one in Errand.objects.all()] == [("send", False)]
    assert "Under way: everything in the workspace" in _page(client, integration)
    client.post(_address(integration), {"act": "begin"})
    assert Errand.objects.count() == 1, "two loads at once would read everything twice"


@pytest.mark.parametrize(
    ("fields", "shows", "not_shown"),
    [
        ({"step": "50 of 120 records looked at"}, "Pause", "Go on"),
        ({"result": {"paused": True, "sent": 50}}, "50 of 120 records looked at", 'value="pause"'),
        ({"finished_at": timezone.now(), "result": {"sent": 1, "asking": 2, "own": 0}}, "1 record was sent", "Go on"),
        ({"finished_at": timezone.now(), "trouble": "Jira is away.", "remedy": "Wait."}, "Jira is away.", "Go on"),
    ],
)
def test_each_state_shows_its_own(
    client: Any, integration: Any, fields: dict[str, Any], shows: str, not_shown: str
) -> None:
    _load(integration, **fields)
    page = _page(client, integration)
    assert shows in page
    assert not_shown not in page


def test_what_was_never_enabled_says_so(client: Any, integration: Any) -> None:
    integration.enabled = False
    integration.save()
    assert "The integration is not enabled yet." in _page(client, integration)
    answer = client.post(_address(integration), {"act": "begin"}, follow=True)
    assert b"The integration is not enabled yet. Enable it under Set-up" in answer.content


def test_the_question_says_why_it_is_not_known_how_many(client: Any, integration: Any) -> None:
    page = client.get(_address(integration), {"ask": "yes", "release": ""}).content.decode()
    assert "Send everything in the workspace?" in page
    assert 'class="trouble"' in page
    assert 'value="begin"' not in page
    other = client.get(_address(integration), {"ask": "yes", "release": "<b>999</b>"}).content.decode()
    assert "?</h3>" not in other


def test_what_was_sent_is_counted_by_kind_as_a_plan_counts_it(client: Any, integration: Any, pair: Any) -> None:
    before = pair(1)
    begun = timezone.now()
    pair(2, kind="release"), pair(3), pair(4)
    for number in range(5, 8):
        pair(number, kind="requirement", parent=before)
    pair(9, right_id=None)
    load = _load(integration, asked_at=begun, finished_at=timezone.now(), result={"sent": 2, "asking": 1, "along": 1})
    pair(10)
    page = _page(client, integration)
    assert "Of everything in the workspace, 1 release, 2 features and 3 requirements were sent," in page
    assert f'<dt>Need you</dt><dd><a href="/integrations/{integration.pk}/?state=attention">1</a>' in page
    load.result = {"sent": 4}
    load.save()
    assert "4 records were sent" in _page(client, integration), "some were begun before"


def test_what_follows_is_said_to_be_done_once_it_is(client: Any, integration: Any, pair: Any) -> None:
    _load(integration, finished_at=timezone.now(), result={"sent": 1, "asking": 0, "own": 2})
    late = [pair(number, dirty=2, woken="a load") for number in (1, 2)]
    pair(3, dirty=2, woken="a hook")
    assert "2 of these run still." in _page(client, integration)
    late[0].dirty = late[0].done
    late[0].save()
    assert "1 of these runs still." in _page(client, integration)
    late[1].dirty = late[1].done
    late[1].save()
    assert "All of these are done" in _page(client, integration)


@pytest.mark.parametrize("given", [{}, {"act": "nonsense"}, {"act": "begin", "release": "999"}])
def test_what_the_page_does_not_make_does_nothing(client: Any, integration: Any, given: dict[str, str]) -> None:
    from crosswalk.store.models import Errand

    assert client.post(_address(integration), given, follow=True).status_code == 200
    assert not Errand.objects.exists()


def test_counts_outlast_a_pause(integration: Any) -> None:
    from crosswalk.store import errands

    load = _load(integration)
    errands.add(load.pk, {"sent": 3, "own": 1})
    assert errands.pause(integration, "send", paused=True)
    assert errands.add(load.pk, {"sent": 2, "own": 0}) == {"sent": 5, "own": 1}
    assert errands.paused(load.pk)


def test_two_people_who_press_in_the_same_instant_begin_one_load(integration: Any) -> None:
    from django.db import connections

    from crosswalk.store.models import Errand
    from crosswalk.sync import sending

    together, begun = threading.Barrier(4), []

    def press(who: str) -> None:
        together.wait(60)
        try:
            begun.append(sending.begin(integration, "", who).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(who,)) for who in ("alice", "bob", "eve", "vic")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.pk for one in Errand.objects.all()] == sorted(set(begun))
    assert len(begun) == 4


def test_the_second_person_is_shown_whose_load_it_is(client: Any, integration: Any, as_role: Any) -> None:
    client.post(_address(integration), {"act": "begin"})
    answer = as_role("editor").post(_address(integration), {"act": "begin"}, follow=True).content.decode()
    assert "alice began it before you pressed" in answer
    assert "Under way: everything in the workspace" in answer
