"""Home: each integration with its health, or the next step where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from tests.fixtures_store import make_integration


def _page(client: Any) -> str:
    return str(client.get("/").content.decode())


def test_with_nothing_it_says_the_first_step(client: Any) -> None:
    page = _page(client)
    assert 'href="/connections/new/aha/"' in page
    assert "New integration" not in page


def test_with_both_connections_it_says_the_last_step(client: Any, integration: Any) -> None:
    integration.delete()
    assert 'href="/integrations/new/"' in _page(client)


@pytest.mark.parametrize(
    ("state", "dirty", "says"),
    [
        ("agreed", 1, "In step at"),
        ("agreed", 2, "Carrying 1 change"),
        ("new", 2, "Carrying 1 change"),
        ("waiting", 2, "Carrying 1 change"),
        ("parked", 1, "1 record needs you"),
        ("asking", 1, "1 record needs you"),
        ("gone", 1, "1 record needs you"),
    ],
)
def test_health_says_the_worst_thing_in_words(
    client: Any, integration: Any, pair: Any, state: str, dirty: int, says: str
) -> None:
    integration.polled_at = timezone.now()
    integration.save()
    pair(state=state, dirty=dirty)
    assert says in _page(client)


def test_trouble_comes_with_its_remedy(client: Any, integration: Any) -> None:
    integration.jira.paused = "Jira does not accept the token."
    integration.jira.save()
    page = _page(client)
    assert "Not working" in page
    assert "Boats Jira: Jira does not accept the token." in page
    assert "Mend it under Connections" in page


def test_a_paused_integration_says_so(client: Any, integration: Any, pair: Any) -> None:
    integration.enabled = False
    integration.save()
    pair()
    assert "Not enabled yet" in _page(client)
    integration.polled_at = timezone.now()
    integration.save()
    assert "Paused" in _page(client)


def test_numbers_count_pairs_of_each_integration_alone(client: Any, integration: Any, pair: Any) -> None:
    from crosswalk.store.models import Integration
    from crosswalk.web.reading import cards

    pair(1), pair(2, state="parked"), pair(3, dirty=2)
    make_integration("Alone")
    by_name = {card.integration.name: card.counts for card in cards(Integration.objects.all())}
    assert (by_name["Boats"].total, by_name["Boats"].agreed) == (3, 1)
    assert (by_name["Boats"].due, by_name["Boats"].attention) == (1, 1)
    assert by_name["Alone"].total == 0


def test_the_cards_alone_are_given_to_a_fragment_request(client: Any, integration: Any) -> None:
    part = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="cards"')
    assert "<html" not in part


def test_names_are_never_taken_for_html(client: Any, integration: Any) -> None:
    integration.name = "<script>alert(1)</script>"
    integration.save()
    assert "<script>alert" not in _page(client)
