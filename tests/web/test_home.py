"""Home: each integration with its health, or the next step where there is none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.fixtures_store import make_integration

from crosswalk.sync.after import DECIDE

PAGE = 12


def _page(client: Any) -> str:
    return str(client.get("/").content.decode())


def test_with_nothing_it_says_the_first_step(client: Any) -> None:
    page = _page(client)
    assert 'href="/connections/new/aha/"' in page
    assert "New integration" not in page


def test_with_both_connections_it_says_the_last_step(client: Any, integration: Any) -> None:
    integration.delete()
    page = _page(client)
    assert 'href="/integrations/new/"' in page
    assert "no record is written until you send it" in page


def test_a_connection_whose_test_failed_is_no_step_that_is_done(client: Any, integration: Any) -> None:
    jira = integration.jira
    jira.server = {"trouble": "jira.test is not known by that name."}
    jira.save()
    integration.delete()
    page = _page(client)
    aha, joined = re.findall(r"<strong>Connect [^<]+</strong><span>([^<]+)", page)
    assert (aha, joined) == ("Done.", "Its last test failed.")
    assert re.findall(r'href="([^"]+)">See why<span class="for-readers"> ([^<]+)', page) == [
        (f"/connections/{jira.pk}/", "Jira failed")
    ]


@pytest.mark.parametrize(
    ("state", "dirty", "says"),
    [
        ("agreed", 1, "In step, proven"),
        ("agreed", 2, "Carrying 1 change"),
        ("new", 2, "Carrying 1 change"),
        ("waiting", 2, "Carrying 1 change"),
        ("parked", 1, "1 record needs you"),
        ("asking", 1, "1 record needs you"),
        ("gone", 1, "In step, proven"),
    ],
)
def test_health_says_the_worst_thing_in_words(
    client: Any, integration: Any, pair: Any, state: str, dirty: int, says: str
) -> None:
    integration.polled_at = timezone.now()
    integration.save()
    pair(state=state, dirty=dirty)
    assert says in _page(client)


@pytest.mark.parametrize(
    ("apart", "clean", "line"),
    [
        (1, 10, "1 of the 11 in step differs in a field"),
        (2, 9, "2 of the 11 in step differ in a field"),
        (2, 0, "All 2 in step differ in a field"),
        (1, 0, "The one record in step differs in a field"),
        (0, 1, ""),
    ],
)
def test_what_is_in_step_but_for_a_field_is_told_apart(
    client: Any, integration: Any, pair: Any, apart: int, clean: int, line: str
) -> None:
    integration.polled_at = timezone.now()
    integration.save()
    for number in range(apart + clean):
        pair(number, apart=["Status"] if number < apart else None)
    pair(100, apart=["Status"], held="paused")
    page = _page(client)
    records = "1 record" if apart == 1 else f"{apart} records"
    health = f"In step except for fields of {records}, proven" if apart else "In step, proven"
    assert f">{health}</span>" in page
    assert f'?state=agreed">{apart + clean}</a>' in page
    link = f'<a href="/integrations/{integration.pk}/?state=except">{line}'
    assert (link in page) if line else ("?state=except" not in page)
    assert ("#i-half" in page) is bool(line), "told apart by its shape, too"


def test_numbers_come_to_all_that_was_sent(client: Any, integration: Any, pair: Any) -> None:
    """Who adds them up finds the paused ones, too; and what needs somebody hides nothing of what differs."""
    pair(1), pair(2, apart=["Status"]), pair(3, dirty=2), pair(4, state="parked")
    assert ">Paused</dt>" not in _page(client)
    pair(5, held="paused"), pair(6, held="paused", state="parked")
    page = _page(client)
    found = dict(re.findall(r"<dt>([^<]*)</dt><dd><a [^>]*>(\d+)</a>", page))
    assert found == {"In step": "2", "Waiting": "1", "Need you": "1", "Conflicts": "0", "Errors": "1", "Paused": "2"}
    assert f'href="/integrations/{integration.pk}/?state=paused">2</a>' in page
    assert ">1 record needs you, 1 differs in a field</span>" in page


def test_of_several_integrations_it_is_said_whether_all_is_in_step_whole(
    client: Any, integration: Any, pair: Any
) -> None:
    make_integration("Alone")
    pair(1)
    assert "Everything that is sent is in step<" in _page(client)
    pair(2, apart=["Status"])
    assert "Everything that is sent is in step except for fields that were left as they are<" in _page(client)


def test_trouble_comes_with_its_remedy(client: Any, integration: Any) -> None:
    integration.jira.paused = "Jira does not accept the token."
    integration.jira.save()
    page = _page(client)
    assert "Not working" in page
    assert "Boats Jira: Jira does not accept the token." in page
    assert "Mend it under Connections" in page


BY_ITSELF = "It goes on by itself once that is mended."


@pytest.mark.parametrize(
    ("refused", "kept", "says", "following"),
    [
        (True, "", "press Test connection; the log tells when it began.", "It goes on once that test succeeds."),
        (True, "paused", "It is paused as well: enable it afterwards.", "once that is mended and it is enabled."),
        (True, "new", "It is not enabled yet, either.", "It goes on once that is mended and it is enabled."),
        (True, "stopped", "It is stopped as well", "It goes on once that is mended and what would change is approved."),
        (False, "", "Test connection, under Connections, tells what is wrong", BY_ITSELF),
        (False, "paused", "It is paused as well: enable it afterwards.", "once that is mended and it is enabled."),
    ],
)
def test_of_two_causes_it_names_both_and_nothing_goes_on_by_itself_that_does_not(
    client: Any, integration: Any, refused: bool, kept: str, says: str, following: str
) -> None:
    integration.jira.paused = "Jira does not accept the token." if refused else ""
    integration.jira.save()
    integration.trouble = "" if refused else "Jira does not answer."
    integration.polled_at = None if kept == "new" else timezone.now()
    integration.enabled, integration.stopped = kept in ("", "stopped"), "Too much." if kept == "stopped" else ""
    integration.save()
    page = _page(client)
    assert "Not working" in page
    assert says in page
    assert following in page
    assert (BY_ITSELF in page) is (following == BY_ITSELF)
    assert ("press Test connection" in page) is refused
    records = client.get(f"/integrations/{integration.pk}/").content.decode()
    assert says in records


def test_a_paused_integration_says_so(client: Any, integration: Any, pair: Any) -> None:
    integration.enabled = False
    integration.save()
    pair()
    assert "Not enabled yet" in _page(client)
    integration.polled_at = timezone.now()
    integration.save()
    assert "Paused" in _page(client)


def test_of_what_needs_somebody_it_names_first_what_stands_above(client: Any, pair: Any) -> None:
    above = pair(1, state="asking")
    for number in range(2, 6):
        pair(number, state="asking", kind="requirement", parent=above)
    named = re.findall(r'class="key">(BOAT-\d)</span>', _page(client))
    assert named == ["BOAT-1", "BOAT-5", "BOAT-4"]


def test_what_the_button_is_about_is_named_first(client: Any, integration: Any, pair: Any) -> None:
    from crosswalk.store.models import DisputeRow

    asking = pair(1, state="asking", remedy=DECIDE)
    for number in range(2, 6):
        pair(number, state="asking")
    DisputeRow.objects.create(pair=asking, field="Name", values={}, since=timezone.now())
    page = _page(client)
    assert "Say which value counts." in page
    assert re.findall(r'class="key">(BOAT-\d)</span>', page) == ["BOAT-1", "BOAT-5", "BOAT-4"]


@pytest.mark.parametrize(
    ("agreed", "asking", "says"),
    [
        (2, 1, "3 records differ in a field that was left as it is: 2 of the 3 in step, 1 needs you for another"),
        (1, 2, "3 records differ in a field that was left as it is: 1 of the 2 in step, 2 need you for another"),
        (0, 1, "1 record that needs you differs in a field, too"),
    ],
)
def test_those_that_differ_are_as_many_as_the_list_has(
    client: Any, integration: Any, pair: Any, agreed: int, asking: int, says: str
) -> None:
    pair(0)
    for number in range(agreed + asking):
        pair(number + 1, apart=["Status"], state="agreed" if number < agreed else "asking")
    assert f'<a href="/integrations/{integration.pk}/?state=except">{says}</a>' in _page(client)
    listed = client.get(f"/integrations/{integration.pk}/?state=except").content.decode()
    assert listed.count('name="record"') == agreed + asking


def test_numbers_count_pairs_of_each_integration_alone(client: Any, integration: Any, pair: Any) -> None:
    from crosswalk.store.models import Integration
    from crosswalk.web.reading import cards

    pair(1), pair(2, state="parked"), pair(3, dirty=2)
    make_integration("Alone")
    by_name = {card.integration.name: card.counts for card in cards(Integration.objects.all())}
    assert (by_name["Boats"].total, by_name["Boats"].agreed) == (3, 1)
    assert (by_name["Boats"].due, by_name["Boats"].attention) == (1, 1)
    assert by_name["Alone"].total == 0


def test_how_many_more_need_a_person_is_said_below_those_that_are_named(
    client: Any, integration: Any, pair: Any
) -> None:
    more = f'<a href="/integrations/{integration.pk}/?state=attention">1 more</a>'
    for number in range(1, 5):
        assert more not in _page(client)
        pair(number, state="parked")
    assert more in _page(client)


def test_the_cards_alone_are_given_to_a_fragment_request(client: Any, integration: Any) -> None:
    part = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="cards"')
    assert "<html" not in part


@pytest.mark.parametrize(
    ("state", "dirty", "told"),
    [
        ("agreed", 1, ("Nothing to do for what was sent.", "")),
        ("agreed", 2, ("Nothing to do: it carries them by itself.", "")),
        ("parked", 1, ("Each says what to do about it.", "?state=attention")),
        (None, 1, ("Send the first feature.", "")),
    ],
)
def test_it_says_what_to_do_next(
    client: Any, integration: Any, pair: Any, state: str | None, dirty: int, told: tuple[str, str]
) -> None:
    integration.polled_at = timezone.now()
    integration.save()
    if state:
        pair(state=state, dirty=dirty, reason="Jira refuses Sprint." if state == "parked" else "")
    page = _page(client)
    found = re.search(r'<p class="next"><span>([^<]*)</span>(.*?)</p>', page, re.S)
    assert found is not None
    assert found[1] == told[0]
    assert told[1] in found[2]
    assert ("Jira refuses Sprint." in page) is (state == "parked"), "what asks for a person is named"


def test_what_was_begun_is_gone_on_with(client: Any, integration: Any) -> None:
    integration.enabled = False
    integration.save()
    assert f'href="/integrations/{integration.pk}/setup/">Go on with the set-up' in _page(client)


def test_several_integrations_are_summed_up_in_a_sentence(client: Any, integration: Any, pair: Any) -> None:
    pair()
    assert 'class="verdict"' not in _page(client)
    other = make_integration("Alone")
    assert "Everything that is sent is in step" in _page(client)
    pair(2, state="parked")
    assert "One integration needs you" in _page(client)
    other.trouble = "Aha! does not answer."
    other.save()
    assert "One integration is not working" in _page(client)


@pytest.fixture
def many(integration: Any) -> list[Any]:
    """Forty integrations, the last of which does not work."""
    made = [make_integration(f"Fleet {number:02}") for number in range(39)]
    made[-1].trouble = "Jira could not be asked what changed."
    made[-1].save()
    return [integration, *made]


def _names(page: str) -> list[str]:
    return re.findall(r'<h2 id="card-\d+"><a href="[^"]+">([^<]+)</a>', page)


def test_many_integrations_are_shown_page_by_page(client: Any, many: list[Any]) -> None:
    first = _page(client)
    assert _names(first) == ["Boats", *(f"Fleet {number:02}" for number in range(11))]
    assert "Page 1 of 4" in first
    last = client.get("/?page=4").content.decode()
    assert _names(last) == [f"Fleet {number:02}" for number in range(35, 39)]
    assert 'href="?page=3"' in last
    assert 'hx-get="/?page=4"' in last, "what asks again asks for the same page"


def test_those_that_do_not_work_are_a_click_away(client: Any, many: list[Any]) -> None:
    page = _page(client)
    assert "One integration is not working" in page
    assert re.search(r'<a href="\?show=bad">Not working <span class="count">1</span>', page)
    assert _names(client.get("/?show=bad").content.decode()) == ["Fleet 38"]


@pytest.mark.parametrize("words", ["fleet 07", "Fleet 07", " 07 "])
def test_an_integration_is_found_by_its_name(client: Any, many: list[Any], words: str) -> None:
    page = client.get("/", {"q": words}).content.decode()
    assert _names(page) == ["Fleet 07"]
    assert 'All <span class="count">1</span>' in page
    nothing = client.get("/", {"q": words, "show": "bad"}).content.decode()
    assert "Nothing fits" in nothing
    assert "Three steps" not in nothing


def test_a_few_are_not_searched(client: Any, integration: Any) -> None:
    make_integration("Alone")
    page = _page(client)
    assert 'type="search"' not in page
    assert "Page 1" not in page


def _queries(client: Any) -> int:
    """How often the page asks the store: the least of four, as what is kept for a minute may end in between."""
    counted = []
    for _ in range(4):
        with CaptureQueriesContext(connection) as asked:
            _page(client)
        counted.append(len(asked))
    return min(counted)


def test_home_asks_the_store_as_often_for_many_as_for_one_page_of_them(client: Any, many: list[Any]) -> None:
    before = _queries(client)
    for number in range(100, 130):
        make_integration(f"Fleet {number}")
    assert _queries(client) == before <= 8 * PAGE


def test_names_are_never_taken_for_html(client: Any, integration: Any) -> None:
    integration.name = "<script>alert(1)</script>"
    integration.save()
    assert "<script>alert" not in _page(client)


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_webhook_that_fell_silent_is_said_on_every_page_about_it(client: Any, integration: Any, side: str) -> None:
    """On home, in the step of the set-up, and beside the address; until the next one arrives."""
    from datetime import timedelta

    from crosswalk.store.models import HookDelivery

    now = timezone.now()

    def arrives(ago: timedelta) -> None:
        HookDelivery.objects.create(
            integration=integration, side=side, identifier=str(ago), received_at=now - ago, body=b"{}"
        )

    def said() -> dict[str, bool]:
        address, mark = f"/integrations/{integration.pk}/", f'<div id="hook-{side}"'
        pages = {
            name: client.get(address + name).content.decode() for name in ("setup/", "settings/", "hooks/?aha=x&jira=x")
        }
        found = {name: "polling found a change" in page.partition(mark)[2][:300] for name, page in pages.items()}
        return {**found, "home": "Hooks silent" in _page(client), "step": "One fell silent." in pages["setup/"]}

    arrives(timedelta(hours=2))
    setattr(integration, f"{side}_missed_at", now - timedelta(hours=1))
    integration.save()
    assert set(said().values()) == {True}, said()
    arrives(timedelta(minutes=1))
    assert set(said().values()) == {False}, said()


def test_a_webhook_is_told_as_it_is(client: Any, integration: Any) -> None:
    """Not registered, registered and waiting, delivering; a part of the page is made anew only where it changed."""
    from crosswalk.store.models import Act, HookDelivery
    from crosswalk.web.access import NEEDS

    def told(address: str) -> tuple[str, str]:
        page = client.get(f"/integrations/{integration.pk}/{address}").content.decode()
        asks = re.search(r'hx-get="[^"]*/(hooks/[^"]*)"', page)
        assert asks is not None
        words = re.sub("<[^>]+>", "", page.partition('id="hook-jira"')[2].partition("</div>")[0])
        return " ".join(words.partition(">")[2].split()), asks[1].replace("&amp;", "&")

    said, again = told("setup/")
    assert said == "Not registered from here"
    assert told(again)[0] == "", "nothing changed"
    Act.objects.create(
        at=timezone.now(), kind="settings", what=NEEDS["integration-hook"].doing, about=str(integration), done=True
    )
    said, after = told(again)
    assert said.startswith("Registered · turns green with the first delivery")
    given = {"side": "jira", "identifier": "1", "received_at": timezone.now(), "body": b"{}"}
    HookDelivery.objects.create(integration=integration, **given)
    assert told(after)[0] == "Delivers · last just now"
    part = client.get(f"/integrations/{integration.pk}/{after}").content.decode()
    assert "Webhook of Jira: delivers." in part, "said to who does not see it turn green"
    assert 'id="hook-aha"' not in part
