"""The conflicts inbox: what waits, the answers, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from tests.fixtures_store import make_integration


@pytest.fixture
def dispute(pair: Any) -> Any:
    """Makes a conflict of the name of a pair."""
    from django.utils import timezone

    from crosswalk.store.models import DisputeRow

    def make(number: int = 1, **fields: Any) -> Any:
        values = {"left": "Left", "right": "<b>Right</b>", "held_left": "Boat", "held_right": "Boat"}
        return DisputeRow.objects.create(
            pair=pair(number, state="asking"),
            **{"field": "Name", "values": values, "since": timezone.now(), "left_by": "Ann", **fields},
        )

    return make


def test_a_record_leads_to_its_conflict_below_and_home_names_what_else_needs_you(
    client: Any, dispute: Any, pair: Any
) -> None:
    from crosswalk.sync.after import DECIDE

    row = dispute()
    row.pair.reason, row.pair.remedy = "Both sides changed Name.", DECIDE
    row.pair.save()
    assert 'Decide it <a href="#conflicts">below</a>.' in _page(client, f"/records/{row.pair.pk}/")
    assert "Say which value counts.</span>" in _page(client, "/")
    for number in (2, 3):
        pair(number, state="asking", reason="Nobody has the address.", remedy="Say on the page People who that is.")
    assert "Say which value counts. 2 more records need you for something else.</span>" in _page(client, "/")


def _page(client: Any, path: str = "/conflicts/") -> str:
    return str(client.get(path).content.decode())


def _mark(row: Any) -> str:
    return f"{row.since.timestamp():.6f}"


def test_it_shows_base_both_values_and_who(client: Any, dispute: Any) -> None:
    dispute()
    page = _page(client)
    assert "Left" in page
    assert "&lt;b&gt;Right" in page
    assert "before: Boat" in page
    assert "Changed by Ann" in page
    assert "Merge by hand" in page
    assert "/mapping/feature/" in page


def test_one_integration_alone(client: Any, dispute: Any, integration: Any) -> None:
    dispute()
    assert "BOAT-1" in _page(client, f"/integrations/{integration.pk}/conflicts/")
    assert "No conflict waits" in _page(client, f"/integrations/{make_integration('Cars').pk}/conflicts/")


def test_a_side_is_chosen_once(client: Any, dispute: Any) -> None:
    row = dispute()
    given = {"mark": _mark(row), "word": "right"}
    assert (
        "Jira counts for Name of BOAT-1." in client.post(f"/conflicts/{row.pk}/", given, follow=True).content.decode()
    )
    row.refresh_from_db()
    assert (row.winner, row.person, row.pair.woken) == ("right", "alice", "alice (a conflict was decided)")
    again = client.post(f"/conflicts/{row.pk}/", {**given, "word": "left"}, follow=True).content.decode()
    assert "since this page was made" in again
    row.refresh_from_db()
    assert row.winner == "right"


@pytest.mark.parametrize("back", ["record", "integration", "conflicts"])
@pytest.mark.parametrize("answer", [{"word": "left"}, {"word": "hand", "text": "Mine"}])
def test_who_comes_after_the_answer_was_carried_is_told(
    client: Any, dispute: Any, integration: Any, back: str, answer: dict[str, str]
) -> None:
    """A conflict is forgotten with the run that carries its answer; the page of the second one still shows it."""
    row = dispute()
    shown = _page(client, f"/records/{row.pair_id}/")
    assert f'name="pair" value="{row.pair_id}"' in shown
    pair = row.pair_id
    row.delete()
    given = {"mark": _mark(row), "pair": pair, "back": back, **answer}
    late = client.post("/conflicts/7/", given, follow=True)
    page = late.content.decode()
    assert "since this page was made. Nothing was chosen." in page
    known = {"record": f"/records/{pair}/", "integration": f"/integrations/{integration.pk}/conflicts/"}
    wanted = known.get(back, "/conflicts/")
    if "text" in answer:  # somebody wrote it: it is given back, and leads where the page would have
        assert (late.status_code, ">Mine</textarea>" in page, f'href="{wanted}"' in page) == (200, True, True)
    else:
        assert late.redirect_chain == [(wanted, 302)]


@pytest.mark.parametrize("pair", ["", "0", "x", "9" * 30, "-1", "²"])
def test_an_answer_about_a_record_that_is_gone_leads_to_all_conflicts(client: Any, pair: str) -> None:
    given = {"mark": "1", "word": "left", "pair": pair, "back": "record"}
    assert client.post("/conflicts/7/", given).headers["Location"] == "/conflicts/"


@pytest.mark.parametrize(
    "given", [{}, {"word": "both"}, {"word": "left", "mark": "old"}, {"word": "hand", "text": "", "mark": "x"}]
)
def test_odd_answers_choose_nothing(client: Any, dispute: Any, given: dict[str, str]) -> None:
    row = dispute()
    assert 'class="message error"' in client.post(f"/conflicts/{row.pk}/", given, follow=True).content.decode()
    row.refresh_from_db()
    assert row.winner == ""


def test_one_answer_for_a_field(client: Any, dispute: Any, integration: Any) -> None:
    dispute(1), dispute(2), dispute(3, field="Note")
    given = {"field": "Name", "side": "left"}
    page = client.post(f"/integrations/{integration.pk}/conflicts/", given, follow=True).content.decode()
    assert "in 2 records" in page
    assert "BOAT-3" in page
    assert "BOAT-1</span>" not in page


def test_what_was_made_for_a_viewer_offers_no_answer(as_role: Any, dispute: Any) -> None:
    dispute()
    page = _page(as_role("viewer"))
    assert "Use Aha!" not in page
    assert "Deciding a conflict needs the role editor" in page


def test_a_page_of_many_asks_the_database_no_more_often_than_one_of_few(client: Any, dispute: Any) -> None:
    from django.db import connection

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            _page(client)
        return len(seen)

    dispute(1)
    few = asked()
    for number in range(2, 30):
        dispute(number)
    assert asked() == few
    assert _page(client).count('class="conflict"') == 20
    (after,) = [part.split('"')[0] for part in _page(client).split('href="?after=')[1:]]
    assert _page(client, f"/conflicts/?after={after}").count('class="conflict"') == 9
