"""The records of an integration: lists, Send to Jira, progress."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

HTMX = {"HX-Request": "true"}


def _path(integration: Any, part: str = "") -> str:
    return f"/integrations/{integration.pk}/{part}"


def _states() -> list[tuple[str, str]]:
    from crosswalk.store.models import Pair

    return list(Pair.objects.order_by("id").values_list("left_key", "state"))


def test_where_aha_does_not_answer_what_is_known_is_shown(client: Any, integration: Any, pair: Any) -> None:
    pair(1), pair(2, state="parked", reason="Jira refuses Sprint.", remedy="Put it on the screen.")
    page = client.get(_path(integration)).content.decode()
    assert 'class="trouble"' in page
    assert "Below is what Crosswalk knows already" in page
    assert "Boat number 1" in page
    assert '<span class="reason">Jira refuses Sprint.</span>' in page
    assert "</summary><div>Put it on the screen.</div></details>" in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [("attention", {"BOAT-2", "BOAT-3"}), ("due", {"BOAT-4"}), ("agreed", {"BOAT-1"})],
)
def test_filters_show_the_pairs_of_a_state(
    client: Any, integration: Any, pair: Any, state: str, shown: set[str]
) -> None:
    pair(1), pair(2, state="parked"), pair(3, state="asking"), pair(4, state="waiting", dirty=2)
    page = client.get(_path(integration, f"?state={state}")).content.decode()
    assert set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', page)) == shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (["Status"], "Status"),
        (["Status", "Sprint"], "Status and Sprint"),
        (["Status", "Sprint", "Epic"], "Status, Sprint and Epic"),
        (["Status", "Sprint", "Epic", "Rank"], "Status, Sprint and 2 more fields"),
    ],
)
def test_what_is_in_step_but_for_a_field_is_named_and_has_a_filter(
    client: Any, integration: Any, pair: Any, fields: list[str], says: str
) -> None:
    whole = client.get(_path(integration, "?state=agreed")).content.decode()
    assert "?state=except" not in whole
    pair(1, apart=fields), pair(2), pair(3, apart=fields, dirty=2), pair(4, apart=fields, held="paused")
    pair(5, apart=fields, state="parked")
    page = client.get(_path(integration, "?state=agreed")).content.decode()
    rows = re.findall(r'<span class="state (\w+)">.*?#i-(\w+)".*?<span>([^<]*)</span>', page)
    shown = [(tone, shape, word) for tone, shape, word in rows if word.startswith("In step")]
    assert ("quiet", "half", f"In step except for {says}") in shown
    assert ("good", "tick", "In step") in shown
    chip = r'\?state=except" class="within">of these except for a field <span id="count-except" class="count">1<'
    assert re.search(chip, page)
    page = client.get(_path(integration, "?state=except")).content.decode()
    assert set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', page)) == {"BOAT-1"}
    assert "These records already differed in the fields that are named" in page
    assert "of a field that goes one way only, a change on the other side is set back." in page


def test_one_that_needs_somebody_and_differs_in_another_field_is_found_by_that_too(
    client: Any, integration: Any, pair: Any
) -> None:
    asking = {"apart": ["Status"], "state": "asking", "reason": "Emil is not found."}
    pair(1, apart=["Status"]), pair(2), pair(3, **asking), pair(4, **asking, dirty=2), pair(5, **asking, held="paused")
    pair(6, state="asking", reason="Emil is not found.")
    page = client.get(_path(integration, "?state=except")).content.decode()
    assert set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', page)) == {"BOAT-1", "BOAT-3"}
    chip = r'\?state=except" aria-current="page">Differ in a field <span id="count-except" class="count">2<'
    assert re.search(chip, page), "not all of them are of those in step"
    page = client.get(_path(integration, "?state=attention")).content.decode()
    said = [
        re.sub(r"<[^>]*>", "", cell).split() for cell in re.findall(r'<div id="state-[^"]+">(.*?)</div>', page, re.S)
    ]
    besides = [" ".join(words).partition("Emil is not found. ")[2] for words in said]
    assert besides == ["", "", "differs in Status, too"], "of 6, of 4, which is due, and of 3"


def test_a_row_is_told_anew_once_a_field_differs_no_more(client: Any, integration: Any, pair: Any) -> None:
    found = pair(1, apart=["Status"])
    page = client.get(_path(integration, "?state=agreed")).content.decode()
    shown = re.findall(r'name="shown" value="([^"]*)"', page)
    progress = _path(integration, "progress/")
    assert "state-" not in client.get(progress, {"shown": shown, "state": "agreed"}).content.decode()
    found.apart = None
    found.save()
    assert "state-" in client.get(progress, {"shown": shown, "state": "agreed"}).content.decode()


def test_the_number_of_each_filter_that_is_shown_is_told_anew(client: Any, integration: Any, pair: Any) -> None:
    found, _ = pair(1, apart=["Status"]), pair(2, held="paused")
    page = client.get(_path(integration, "?state=agreed")).content.decode()
    assert '<span id="count-except" class="count">1<' in page
    assert re.findall(r'<span id="count-(\w+)"', page) == ["attention", "due", "agreed", "except", "unsent", "paused"]
    assert page.count('name="chips" value="attention due agreed except unsent paused"') == 2, "also for a form's answer"
    found.apart = None
    found.save()
    given = {"chips": "attention due agreed except unsent paused <no>"}
    part = client.get(_path(integration, "progress/"), given).content.decode()
    told = dict(re.findall(r'<span id="count-(\w+)" class="count" hx-swap-oob="true">(\d+)</span>', part))
    assert told == {"attention": "0", "due": "0", "agreed": "1", "except": "0", "paused": "1"}
    assert 'name="chips" value="attention due agreed except unsent paused"' in part
    bare = client.get(_path(integration, "progress/")).content.decode()
    assert "count-except" not in bare, "a page that does not show it has no place for it"


@pytest.mark.parametrize(("query", "shown"), [("number 2", {"BOAT-2"}), ("sea-3", {"BOAT-3"}), ("BOAT-1", {"BOAT-1"})])
def test_the_search_finds_by_name_and_by_either_key(
    client: Any, integration: Any, pair: Any, query: str, shown: set[str]
) -> None:
    pair(1), pair(2), pair(3)
    page = client.get(_path(integration), {"state": "agreed", "q": query}).content.decode()
    assert set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', page)) == shown


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("attention", "No record needs you"),
        ("due", "Nothing is waiting"),
        ("agreed", "Nothing is in step yet"),
        *((state, "No such records") for state in ("changed", "conflict", "error", "paused", "ignored", "unlinked")),
    ],
)
def test_an_empty_list_says_what_it_means(client: Any, integration: Any, state: str, says: str) -> None:
    page = client.get(_path(integration, f"?state={state}")).content.decode()
    assert re.findall(r'<section class="empty">\s*<h2>([^<]*)', page) == [says]


def test_what_has_no_record_in_aha_is_not_shown_by_the_number_of_its_pair(
    client: Any, integration: Any, pair: Any
) -> None:
    nobody = {"left_kind": "", "left_url": "", "left_id": None, "left_key": "", "kind": "feature"}
    pair(1, **nobody, held="unlinked", ends={"left_key": "BOAT-1"})
    pair(2, **nobody, held="unlinked")
    page = client.get(_path(integration, "?state=unlinked")).content.decode()
    assert re.findall(r'<span class="key">([^<]*)</span>', page) == ["Feature", "BOAT-1"]


@pytest.mark.parametrize("asked", ["page=0", "page=-1", "page=x", "page=99999999999", "state=no", "q=" + "x" * 999])
def test_odd_questions_have_a_page_too(client: Any, integration: Any, pair: Any, asked: str) -> None:
    pair()
    assert client.get(_path(integration, f"?{asked}")).status_code == 200


def test_send_makes_a_pair_that_is_due(client: Any, integration: Any) -> None:
    answer = client.post(_path(integration, "send/"), {"record": "feature:77:BOAT-7"}, follow=True)
    assert answer.redirect_chain == [(_path(integration), 302)]
    assert b"BOAT-7 is on its way to Jira." in answer.content
    assert _states() == [("BOAT-7", "new")]


def test_several_are_sent_at_once_and_each_once(client: Any, integration: Any) -> None:
    chosen = ["feature:77:BOAT-7", "feature:78:BOAT-8", "feature:77:BOAT-7"]
    for _ in range(2):
        answer = client.post(_path(integration, "send/"), {"record": chosen}, follow=True)
    assert b"2 records are on their way" in answer.content
    assert [key for key, _ in _states()] == ["BOAT-7", "BOAT-8"]


def test_the_button_of_a_row_sends_that_row_alone(client: Any, integration: Any) -> None:
    client.post(_path(integration, "send/"), {"record": "feature:77:BOAT-7", "only": "feature:78:BOAT-8"})
    assert [key for key, _ in _states()] == ["BOAT-8"]


@pytest.mark.parametrize(
    "records",
    [
        [],
        ["feature"],
        ["feature:"],
        ["feature:../1:X"],
        ["<b>:1:X"],
        ["feature:1:" + "X" * 101],
        ["feature:" + "1" * 65 + ":X"],
        ["feature:1:A", "nonsense"],
        [f"feature:{number}:B-{number}" for number in range(501)],
    ],
)
def test_a_form_this_page_does_not_make_sends_nothing(client: Any, integration: Any, records: list[str]) -> None:
    answer = client.post(_path(integration, "send/"), {"record": records}, follow=True)
    assert answer.status_code == 200
    assert b"message error" in answer.content
    assert not _states()


def test_a_paused_integration_says_why_nothing_is_sent(client: Any, integration: Any) -> None:
    integration.enabled = False
    integration.save()
    answer = client.post(_path(integration, "send/"), {"record": "feature:77:BOAT-7"}, follow=True)
    assert b"is not enabled yet. Enable it under Set-up" in answer.content
    assert not _states()


def test_after_sending_one_is_back_where_one_was(client: Any, integration: Any, pair: Any) -> None:
    pair()
    form = {"only": "feature:77:BOAT-7", "q": "boat", "state": "agreed", "page": "1"}
    assert client.post(_path(integration, "send/"), form).url == _path(integration, "?q=boat&state=agreed")


def test_sending_by_htmx_answers_with_the_progress_and_the_changed_row(client: Any, integration: Any) -> None:
    form = {"only": "feature:77:BOAT-7", "shown": ["feature:77:BOAT-7@old", "feature:78:BOAT-8@old"]}
    part = client.post(_path(integration, "send/"), form, headers=HTMX).content.decode()
    assert part.startswith('<div id="progress"')
    assert "every 1s" in part
    assert "0 of 1 carried" in part
    assert "is on its way to Jira" in part
    assert "Sending" in part
    assert "BOAT-8" not in part
    assert '<span id="count-due" class="count" hx-swap-oob="true">1</span>' in part
    assert 'id="title-' not in part, "the name stays, until a run has read it"


def test_progress_moves_and_ends(client: Any, integration: Any, pair: Any) -> None:
    one, two = (pair(number, state="new", dirty=2, done=1) for number in (1, 2))
    parts = [client.get(_path(integration, "progress/")).content.decode()]
    for done in (one, two):
        done.done, done.state = 2, "agreed"
        done.save()
        parts.append(client.get(_path(integration, "progress/?of=2")).content.decode())
    assert [re.findall(r"(\d of \d) carried|every (\d)s", part) for part in parts] == [
        [("", "1"), ("0 of 2", "")],
        [("", "1"), ("1 of 2", "")],
        [("", "5")],
    ]


def test_a_pair_that_waits_for_another_try_is_no_work_under_way(client: Any, integration: Any, pair: Any) -> None:
    later = timezone.now() + timezone.timedelta(minutes=5)
    found = pair(state="waiting", dirty=2)
    found.due_at = later
    found.save()
    assert "every 5s" in client.get(_path(integration, "progress/")).content.decode()


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        ({"state": "agreed", "dirty": 2}, True),
        ({"state": "new", "dirty": 2, "right_id": None}, True),
        ({"state": "agreed", "dirty": 2, "held": "paused"}, False),
        ({"state": "waiting", "dirty": 2}, False),
        ({"state": "agreed"}, False),
    ],
)
def test_without_script_a_page_asks_for_itself_again_while_a_row_says_that_work_is_under_way(
    client: Any, integration: Any, pair: Any, fields: dict[str, Any], again: bool
) -> None:
    """The count is taken at another moment than the rows: it may find nothing left that is due."""
    found = pair(**fields)
    found.due_at = timezone.now() + timedelta(minutes=20)
    found.save()
    page = client.get(_path(integration)).content.decode()
    assert "every 5s" in page, "nothing is due now"
    assert ('<noscript><meta http-equiv="refresh"' in page) is again


def test_only_rows_that_changed_are_sent_again(client: Any, integration: Any, pair: Any) -> None:
    pair(1), pair(2)
    page = client.get(_path(integration, "?state=agreed")).content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert len(shown) == 2
    part = client.get(_path(integration, "progress/"), {"shown": shown}).content.decode()
    assert "state-" not in part
    pair_2 = integration.pairs.get(left_key="BOAT-2")
    pair_2.state, pair_2.reason = "parked", "Jira said no."
    pair_2.save()
    part = client.get(_path(integration, "progress/"), {"shown": shown}).content.decode()
    assert part.count('id="state-') == 1
    assert "Jira said no." in part


def test_sync_now_says_what_happens(client: Any, integration: Any) -> None:
    answer = client.post(_path(integration, "sync/"), follow=True)
    assert b"Both sides are being asked what changed" in answer.content


def test_while_it_is_paused_nothing_is_said_to_be_asked(client: Any, integration: Any, pair: Any) -> None:
    """No button, and whoever presses one of a page from before is told what to do."""
    integration.enabled = False
    integration.save()
    found = pair(state="parked")
    assert b">Sync now</button>" not in client.get(_path(integration)).content
    for address in (_path(integration, "sync/"), f"/records/{found.pk}/retry/"):
        page = client.post(address, follow=True).content
        assert b"The integration is not enabled yet. Enable it under Set-up, then" in page
    assert not integration.journal.exists()


def test_titles_are_never_taken_for_html(client: Any, integration: Any, pair: Any) -> None:
    pair(title="<img src=x onerror=alert(1)>", reason='"><script>alert(1)</script>', left_url="javascript:alert(1)")
    page = client.get(_path(integration, "?state=agreed")).content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "javascript:alert" not in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("changed", {"BOAT-2"}),
        ("error", {"BOAT-3"}),
        ("conflict", {"BOAT-4"}),
        ("paused", {"BOAT-5"}),
        ("ignored", {"BOAT-6"}),
        ("agreed", {"BOAT-1"}),
        ("attention", {"BOAT-3", "BOAT-4", "BOAT-8"}),
        ("gone", {"BOAT-7", "BOAT-8"}),
    ],
)
def test_each_filter_shows_its_own(client: Any, integration: Any, pair: Any, state: str, shown: set[str]) -> None:
    from django.utils import timezone

    from crosswalk.store.models import DisputeRow

    pair(1), pair(2, dirty=2), pair(3, state="parked"), pair(5, held="paused", dirty=2), pair(6, held="ignored")
    pair(7, state="gone"), pair(8, state="gone", code="L10")
    asking = pair(4, state="asking")
    DisputeRow.objects.create(pair=asking, field="Name", values={}, since=timezone.now())
    page = client.get(_path(integration, f"?state={state}")).content.decode()
    assert set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', page)) == shown
    chip = rf'state={state}" aria-current="page"(?: class="within")?>[^<]* <span id="count-{state}" class="count">(\d+)'
    count = re.search(chip, page)
    assert count is not None
    assert int(count[1]) == len(shown)


def test_what_to_do_is_folded_where_several_rows_say_the_same(client: Any, integration: Any, pair: Any) -> None:
    for number, remedy in enumerate(("Mend it.", "Mend it.", "Say who that is."), start=1):
        pair(number, state="parked", reason="Jira refused it.", remedy=remedy)
    page = client.get(_path(integration, "?state=attention")).content.decode()
    found = re.findall(r'<details class="mending" id="mend-\w+"([^>]*)>.*?</summary><div>([^<]*)</div></details>', page)
    assert sorted(found) == [("", "Mend it."), ("", "Mend it."), (" open data-wide", "Say who that is.")]
    shown = [one.replace("@", "@x") for one in re.findall(r'name="shown" value="([^"]*)"', page)]
    part = client.get(_path(integration, "progress/"), {"shown": shown}).content.decode()
    told = re.findall(r'<details class="mending" id="mend-\w+"([^>]*)>.*?</summary><div>([^<]*)</div></details>', part)
    assert sorted(told) == sorted(found), "also where a row is told anew"


def test_of_a_paused_record_it_is_said_whether_changes_wait(client: Any, integration: Any, pair: Any) -> None:
    pair(1, held="paused"), pair(2, held="paused", dirty=2), pair(3, held="paused", dirty=2, right_id=None)
    pair(4, held="ignored", dirty=2)
    page = client.get(_path(integration)).content.decode()
    cells = re.findall(r'<div id="state-[^"]+">.*?<span class="state quiet">.*?<span>([^<]*)</span>', page, re.S)
    assert cells == ["Ignored", "Paused", "Paused, changes wait", "Paused"]


def _chips(page: str) -> dict[str, tuple[bool, str, int]]:
    """Of each filter above the list: whether it is shown as a part of another one, what it is called, its number."""
    found = re.findall(r'<a href="[^"]*"([^>]*)>([^<]*) <span id="count-(\w+)" class="count">(\d*)</span></a>', page)
    return {name: ("within" in more, label, int(number or 0)) for more, label, name, number in found}


def test_each_record_is_in_one_filter_or_in_parts_of_it_that_say_so(client: Any, with_kinds: Any, pair: Any) -> None:
    from django.utils import timezone

    from crosswalk.store.models import DisputeRow
    from crosswalk.web import reading

    pair(1), pair(2, dirty=2), pair(3, state="parked"), pair(4, state="parked", right_id=None, dirty=2)
    pair(5, held="paused", dirty=2), pair(6, held="ignored"), pair(7, state="gone", code="L10", deleted_on="right")
    pair(8, state="new", right_id=None, dirty=2), pair(9, state="new", right_id=None), pair(10, apart=["Status"])
    DisputeRow.objects.create(pair=pair(11, state="asking"), field="Name", values={}, since=timezone.now())
    reading.of_aha(with_kinds, "feature", 11, reading.filter_counts(with_kinds, "feature")[1])
    page = client.get(_path(with_kinds)).content.decode()
    every = _chips(page)
    whole = {name: number for name, (within, _, number) in every.items() if not within}
    assert whole == {"attention": 4, "due": 2, "agreed": 2, "unsent": 1, "paused": 1, "ignored": 1}
    assert sum(whole.values()) == 11
    parts = {name: (label, number) for name, (within, label, number) in every.items() if within}
    assert parts == {
        "conflict": ("of these conflict", 1),
        "error": ("of these error", 2),
        "gone": ("of these deleted on one side", 1),
        "changed": ("of these changed", 1),
        "except": ("of these except for a field", 1),
    }
    for name, (_, _, number) in every.items():
        listed = client.get(_path(with_kinds, f"?state={name}")).content.decode()
        assert listed.count('name="record"') == number, name
    pair(12, state="gone")
    page = client.get(_path(with_kinds)).content.decode()
    assert _chips(page)["gone"] == (False, "Deleted on one side (1 under Need you)", 2)


def test_pages_of_pairs_go_by_key_and_miss_none(client: Any, integration: Any, pair: Any) -> None:
    for number in range(120):
        pair(number)
    path, seen = _path(integration, "?state=agreed"), []
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d+)', page)
        older = re.search(r'<a rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"BOAT-{number}" for number in reversed(range(120))]


@pytest.mark.parametrize(
    ("act", "held", "says"),
    [("pause", "paused", "1 record is paused"), ("ignore", "ignored", "1 record is ignored")],
)
def test_ticked_records_are_held_and_go_on(
    client: Any, integration: Any, pair: Any, act: str, held: str, says: str
) -> None:
    found = pair(1)
    given = {"record": "feature:1001:BOAT-1", "act": act}
    assert says in client.post(_path(integration) + "act/", given, follow=True).content.decode()
    found.refresh_from_db()
    assert found.held == held
    client.post(_path(integration) + "act/", {**given, "act": "resume"})
    found.refresh_from_db()
    assert (found.held, found.woken) == ("", "alice (Go on)")


def test_ticked_records_are_looked_at_again_at_once(client: Any, integration: Any, pair: Any) -> None:
    some = [pair(number) for number in range(3)]
    given = {"record": [f"feature:{one.left_id}:{one.left_key}" for one in some[:2]], "act": "resync"}
    said = client.post(_path(integration) + "act/", given, follow=True).content.decode()
    assert "2 records are being looked at now." in said
    for one in some:
        one.refresh_from_db()
    assert [one.dirty > one.done for one in some] == [True, True, False]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"act": "pause"},
        {"act": "explode", "record": "feature:1:B-1"},
        {"act": "pause", "record": ["feature:1:B-1", "x"]},
    ],
)
def test_odd_acts_do_nothing(client: Any, integration: Any, pair: Any, given: dict[str, Any]) -> None:
    found = pair(1)
    assert "Nothing was done" in client.post(_path(integration) + "act/", given, follow=True).content.decode()
    found.refresh_from_db()
    assert found.held == ""


def test_by_htmx_an_act_leads_to_a_whole_page(client: Any, integration: Any, pair: Any) -> None:
    pair(1)
    given = {"record": "feature:1001:BOAT-1", "act": "unlink"}
    answer = client.post(_path(integration) + "act/", given, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(_path(integration) + "unlink/?pair=")


def test_unlinking_says_what_happens_first_and_can_be_undone(client: Any, integration: Any, pair: Any) -> None:
    found = pair(1)
    page = client.get(_path(integration) + f"unlink/?pair={found.pk}").content.decode()
    assert "Both records stay as they are" in page
    found.refresh_from_db()
    assert found.held == ""
    page = client.post(_path(integration) + "unlink/", {"pair": found.pk}, follow=True).content.decode()
    assert "Link again</button>" in page
    client.post(f"/records/{found.pk}/act/", {"act": "relink"})
    found.refresh_from_db()
    assert (found.held, found.left_key, found.right_key, found.state) == ("", "BOAT-1", "SEA-1", "agreed")


@pytest.mark.parametrize("asked", ["pair=x", "pair=9999999999999999999", "", "pair=-1"])
def test_unlinking_nothing_has_a_page(client: Any, integration: Any, asked: str) -> None:
    assert "Nothing to unlink" in client.get(_path(integration) + f"unlink/?{asked}").content.decode()


def test_linking_without_a_record_leads_back(client: Any, integration: Any) -> None:
    assert client.get(_path(integration) + "link/?record=x").status_code == 302
    page = client.get(_path(integration) + "link/?record=feature:1:BOAT-1").content.decode()
    assert "Key of the issue" in page


def test_pairs_are_counted_and_listed_in_few_queries(client: Any, integration: Any, pair: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(60):
        pair(number)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(_path(integration, "?state=agreed")).status_code == 200
    assert len(queries) <= 12


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"agreed_at": timezone.now() - timedelta(hours=3, minutes=5)}, "In step last agreed 3 h ago"),
        ({"dirty": 3, "done": 2, "left_told": 3, "right_told": 1}, "Updating changed in Aha!"),
        ({"dirty": 3, "done": 2, "right_told": 3}, "Updating changed in Jira"),
        ({"dirty": 3, "done": 2, "left_told": 3, "right_told": 3}, "Updating may have changed on both sides"),
        ({"held": "paused", "dirty": 3, "done": 2, "left_told": 3}, "Paused, changes wait"),
        ({"held": "paused"}, "Paused"),
        ({"dirty": 2, "state": "waiting"}, "Trying again"),
        ({"state": "parked", "reason": "Jira is away."}, "Stopped Jira is away."),
    ],
)
def test_a_state_says_since_when_or_where_it_changed(
    client: Any, integration: Any, pair: Any, fields: dict[str, Any], says: str
) -> None:
    pair(1, **fields)
    text = client.get(_path(integration, "?q=BOAT-1")).content.decode()
    cell = re.findall(r'<div id="state-[^"]+">(.*?)</div>', text, re.S)[0]
    assert " ".join(re.sub(r"<[^>]+>", " ", cell).split()) == says


@pytest.mark.parametrize(
    ("why", "says"),
    [("refused", "Waits for the connection changed in Aha!"), ("paused", "Kept until enabled changed in Aha!")],
)
def test_a_row_that_is_not_carried_now_says_so(client: Any, integration: Any, pair: Any, why: str, says: str) -> None:
    pair(1, dirty=2, left_told=2)
    address = _path(integration, "?state=due")
    before = client.get(address).content.decode()
    assert "Updating" in before
    assert "0 of 1 carried" in before
    if why == "refused":
        integration.jira.paused = "Jira does not take the token."
        integration.jira.save()
    else:
        integration.enabled = False
        integration.save()
    text = client.get(address).content.decode()
    cell = re.findall(r'<div id="state-[^"]+">(.*?)</div>', text, re.S)[0]
    assert " ".join(re.sub(r"<[^>]+>", " ", cell).split()) == says
    assert "carried</span>" not in text, "nothing is under way"
    # The page that shows it as being carried is told so.
    shown = re.findall(r'name="shown" value="([^"]+)"', before)
    part = client.get(f"/integrations/{integration.pk}/progress/", {"shown": shown, "state": "due"})
    assert says.partition(" changed")[0] in part.content.decode()


TYPES = {"feature": {"type": "Story"}, "epic": {"type": "Epic", "create": "to jira"}, "release": {"type": "version"}}
OFF = {"initiative": {"type": "Epic", "create": "off"}, "requirement": {"type": "Sub-task"}}


@pytest.fixture
def with_kinds(integration: Any) -> Any:
    """Features, epics and releases go to Jira; initiatives do not."""
    integration.mapping = {"types": {**TYPES, **OFF}}
    integration.save()
    return integration


def _kinds_of(page: str) -> list[tuple[str, str, bool]]:
    """The kinds a page offers: label, the kind its address names, whether it is the one shown."""
    nav = re.search(r'<nav class="filters of-kind"[^>]*>(.*?)</nav>', page, re.S)
    links = re.findall(r'<a href="([^"]*)"( aria-current="true")?>([^<]*)</a>', nav[1] if nav else "")
    return [(label, "".join(re.findall(r"kind=(\w+)", href)), bool(now)) for href, now, label in links]


@pytest.mark.parametrize(
    ("asked", "offered", "shown"),
    [
        ("", ["Features", "Epics", "Releases"], "Features"),
        ("kind=feature", ["Features", "Epics", "Releases"], "Features"),
        ("kind=epic", ["Features", "Epics", "Releases"], "Epics"),
        ("state=unsent&kind=release", ["Features", "Epics", "Releases"], "Releases"),
        ("kind=initiative", ["Features", "Epics", "Releases"], "Features"),
        ("kind=requirement", ["Features", "Epics", "Releases"], "Features"),
        ("state=agreed", ["Every kind", "Features", "Epics", "Releases"], "Every kind"),
        ("state=agreed&kind=feature", ["Every kind", "Features", "Epics", "Releases"], "Features"),
    ],
)
def test_kinds_that_go_to_jira_are_offered(
    client: Any, with_kinds: Any, asked: str, offered: list[str], shown: str
) -> None:
    found = _kinds_of(client.get(_path(with_kinds, f"?{asked}")).content.decode())
    assert [label for label, _, _ in found] == offered
    assert [label for label, _, now in found if now] == [shown]
    names = {"Every kind": "", "Features": "feature" if "Every kind" in offered else "", "Epics": "epic"}
    assert [kind for _, kind, _ in found] == [{**names, "Releases": "release"}[label] for label in offered]


@pytest.mark.parametrize("mapping", [{}, {"types": {"feature": {"type": "Story"}}}, {"types": 7}])
def test_where_only_features_are_sent_no_kind_is_asked(client: Any, integration: Any, mapping: Any) -> None:
    integration.mapping = mapping
    integration.save()
    answer = client.get(_path(integration, "?kind=epic"))
    assert answer.status_code == 200
    assert _kinds_of(answer.content.decode()) == []


def test_the_kind_is_kept_by_search_states_and_pages(client: Any, with_kinds: Any, pair: Any) -> None:
    for number in range(60):
        pair(number, kind="epic", left_kind="epic", title=f"Epic {number}")
    pair(70, title="Epic in name only")
    page = client.get(_path(with_kinds, "?state=agreed&kind=epic&q=epic")).content.decode()
    assert "BOAT-70" not in page
    assert '<span id="count-agreed" class="count">60</span>' in page
    form = re.search(r'<form class="search".*?</form>', page, re.S)
    assert form is not None
    assert '<input type="hidden" name="kind" value="epic">' in form[0]
    filters = re.search(r'aria-label="Which records">(.*?)</nav>', page, re.S)
    assert filters is not None
    ways = [href for href in re.findall(r'href="([^"]+)"', filters[1]) if "only-in-jira" not in href]
    assert len(ways) >= 5
    older = re.findall(r'<a rel="next" href="([^"]+)"', page)
    assert all("kind=epic" in href and "q=epic" in href for href in (*ways, *older))
    rest = client.get(older[0].replace("&amp;", "&")).content.decode()
    assert len(set(re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d+)', rest))) == 10
    told = client.get(_path(with_kinds, "progress/?kind=epic&counted=epic")).content.decode()
    assert '<span id="count-agreed" class="count" hx-swap-oob="true">60</span>' in told


def test_numbers_are_of_the_kind_that_is_shown_as_chosen(client: Any, with_kinds: Any, pair: Any) -> None:
    """A feature and what is below it: beside Features the feature is counted, and the list behind shows it alone."""
    feature = pair(1)
    pair(2, kind="requirement", parent=feature), pair(3, kind="requirement", parent=feature, state="parked")
    page = client.get(_path(with_kinds)).content.decode()
    found = re.search(r'<a href="([^"]*)">In step <span id="count-agreed" class="count">1</span>', page)
    assert found is not None
    shown = client.get(found[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'<a class="key" href="https://boats[^>]*>(BOAT-\d)', shown) == ["BOAT-1"]
    # What needs a person is led to whatever its kind.
    assert '?state=attention">Look at it</a>' in page
    sent = client.post(f"{_path(with_kinds)}send/", {"counted": "feature"}, headers={"HX-Request": "true"})
    assert '<span id="count-agreed" class="count" hx-swap-oob="true">1</span>' in sent.content.decode()
    every = client.get(_path(with_kinds, "?state=agreed")).content.decode()
    assert '<span id="count-agreed" class="count">2</span>' in every


def test_what_is_in_step_but_for_a_field_is_shown_as_a_part_of_what_is_in_step(
    client: Any, with_kinds: Any, pair: Any
) -> None:
    pair(1), pair(2, apart=["Status"])
    page = client.get(_path(with_kinds)).content.decode()
    assert '>In step <span id="count-agreed" class="count">2</span></a>' in page
    part = r'<a href="[^"]*state=except[^"]*" class="within">of these except for a field <span [^>]*>1</span></a>'
    assert re.search(part, page)


def test_what_is_carried_is_said_to_be_of_every_kind_where_one_is_shown(
    client: Any, with_kinds: Any, pair: Any
) -> None:
    pair(1, kind="requirement", dirty=2)
    page = client.get(_path(with_kinds)).content.decode()
    assert '<span id="count-due" class="count">0</span>' in page
    assert "0 of 1 carried, of every kind</span>" in page
    told = client.get(_path(with_kinds, "progress/?counted=feature")).content.decode()
    assert "0 of 1 carried, of every kind</span>" in told
    every = client.get(_path(with_kinds, "?state=due")).content.decode()
    assert "0 of 1 carried</span>" in every


def test_all_and_not_sent_are_numbered_once_aha_said_how_many_there_are(
    client: Any, with_kinds: Any, pair: Any
) -> None:
    from crosswalk.web import reading

    sent = pair(1)
    pair(2, right_id=None, state="new"), pair(3, right_id=None, held="paused"), pair(4, state="gone")
    pair(5, held="unlinked"), pair(9, right_id=None, state="parked"), pair(10, state="gone", deleted_on="right")
    pair(6, held="ignored", left_id=None), pair(7, kind="requirement", parent=sent), pair(8, held="ignored")
    page = client.get(_path(with_kinds)).content.decode()
    empty = r'>All</a>.*>Not sent <span id="count-unsent" class="count"></span></a>'
    assert re.search(empty, page, re.S), "Aha! did not answer yet"
    _, counts = reading.filter_counts(with_kinds, "feature")
    assert reading.of_aha(with_kinds, "feature", 10, counts) == {"every": 10, "unsent": 5}
    page = client.get(_path(with_kinds)).content.decode()
    assert '>All <span class="count">10</span></a>' in page
    assert '>Not sent <span id="count-unsent" class="count">5</span></a>' in page
    told = client.get(_path(with_kinds, "progress/?counted=feature")).content.decode()
    assert '<span id="count-unsent" class="count" hx-swap-oob="true">5</span>' in told
    assert ">All</a>" in client.get(_path(with_kinds, "?kind=epic")).content.decode()


def test_what_is_known_of_a_kind_is_shown_where_aha_does_not_answer(client: Any, with_kinds: Any, pair: Any) -> None:
    pair(1), pair(2, kind="epic", left_kind="epic")
    shown = [
        set(
            re.findall(
                r'<a class="key" href="https://boats[^>]*>(BOAT-\d)',
                client.get(_path(with_kinds, asked)).content.decode(),
            )
        )
        for asked in ("", "?kind=epic")
    ]
    assert shown == [{"BOAT-1"}, {"BOAT-2"}]


def test_after_acting_one_is_back_at_the_kind(client: Any, with_kinds: Any, pair: Any) -> None:
    sent = client.post(_path(with_kinds, "send/"), {"only": "epic:77:BOAT-E-7", "kind": "epic", "page": "1"})
    assert sent.url == _path(with_kinds, "?kind=epic")
    given = {"record": "epic:77:BOAT-E-7", "act": "ignore", "state": "agreed", "kind": "epic"}
    assert client.post(_path(with_kinds, "act/"), given).url == _path(with_kinds, "?state=agreed&kind=epic")


def test_lists_of_a_kind_take_few_queries_too(client: Any, with_kinds: Any, pair: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(60):
        pair(number, kind="epic", left_kind="epic")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(_path(with_kinds, "?state=agreed&kind=epic")).status_code == 200
    assert len(queries) <= 15, "the counts of the kind, besides"


def test_who_may_not_send_is_told_once_that_a_record_is_not_sent() -> None:
    from django.template.loader import render_to_string

    cell = render_to_string("integration_there.html", {"row": {"anchor": "x"}, "may_send": False})
    assert "none yet" in cell
    assert "not sent" not in cell
