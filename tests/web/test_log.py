"""The live log: filters, and new lines that appear by themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.fixtures_store import make_integration


@pytest.fixture
def lines(journal: Any, pair: Any) -> None:
    found = pair()
    journal("Read both sides.", pair=found)
    journal("Wrote the status.", pair=found, field="Status", side="left")
    journal("A label was left out.", level="warning")
    journal("Jira refused the field Sprint.", level="error", remedy="Put it on the screen.", code="F2")


def _said(page: str) -> list[str]:
    return re.findall(r"(Read both|Wrote the|A label|Jira refused)", page)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, ["Jira refused", "A label", "Wrote the", "Read both"]),
        ({"level": "warning"}, ["Jira refused", "A label"]),
        ({"level": "error"}, ["Jira refused"]),
        ({"q": "sprint"}, ["Jira refused"]),
        ({"q": "boat-1"}, ["Wrote the", "Read both"]),
        ({"q": "status", "level": ""}, ["Wrote the"]),
        ({"level": "nonsense"}, ["Jira refused", "A label", "Wrote the", "Read both"]),
        ({"q": "nothing like this"}, []),
    ],
)
def test_filters(client: Any, lines: None, asked: dict[str, str], said: list[str]) -> None:
    assert _said(client.get("/log/", asked).content.decode()) == said


def test_hooks_that_only_woke_a_pair_are_one_choice_away(client: Any, pair: Any, journal: Any, lines: None) -> None:
    from crosswalk.sync.hooks import HOOK

    journal("Jira says that something changed.", pair=pair(2), why=HOOK)
    for asked, shown in (({}, 0), ({"level": "all"}, 1), ({"q": "something changed"}, 1), ({"level": "warning"}, 0)):
        assert client.get("/log/", asked).content.decode().count("Jira says that something changed.") == shown


def test_one_integration_alone(client: Any, integration: Any, lines: None) -> None:
    other = make_integration("Cars")
    assert len(_said(client.get(f"/log/?integration={integration.pk}").content.decode())) == 4
    assert not _said(client.get(f"/log/?integration={other.pk}").content.decode())


def test_an_error_says_its_remedy(client: Any, lines: None) -> None:
    assert "Put it on the screen." in client.get("/log/").content.decode()


def test_the_line_of_a_pair_that_was_unlinked_leads_to_it_by_the_key_it_had(
    client: Any, pair: Any, journal: Any
) -> None:
    gone = pair(left_key="", right_key="", left_id=None, held="unlinked", ends={"left_key": "BOAT-7"})
    journal("It was unlinked.", pair=gone)
    there = f'<a class="key" href="/records/{gone.pk}/">BOAT-7</a>'
    for address in ("/log/", "/"):
        assert there in client.get(address).content.decode()


def test_a_long_value_is_folded_and_there_whole(client: Any, journal: Any) -> None:
    line = journal("Description is sent to Jira.", field="Description", old="Short", new="word " * 80 + "end")
    page = client.get("/log/").content.decode()
    assert f'<details class="change" id="change-{line.pk}">' in page
    assert page.count("word end</ins>") == 1
    assert page.count("word…</ins>") == 1


def test_new_lines_come_on_top_and_only_once(client: Any, lines: None, journal: Any) -> None:
    page = client.get("/log/").content.decode()
    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', page)
    assert client.get(more).status_code == 204
    journal("Read both sides again.")
    part = client.get(more).content.decode()
    assert 'hx-swap-oob="afterbegin:#lines"' in part
    assert _said(part) == ["Read both"]
    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', part)
    assert client.get(more).status_code == 204


def test_no_new_line_is_passed_over_however_many_come_at_once(client: Any, lines: None, journal: Any) -> None:
    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', client.get("/log/").content.decode())
    for _ in range(60):
        journal("Read both sides again.")
    assert _said(client.get(more).content.decode()) == ["Read both"] * 60


def test_a_page_that_slept_is_loaded_anew(client: Any, lines: None, journal: Any, integration: Any) -> None:
    from django.utils import timezone

    from crosswalk.store.models import JournalEntry
    from crosswalk.web.views.log import ASLEEP

    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', client.get("/log/").content.decode())
    line = JournalEntry(at=timezone.now(), integration=integration, what="Read both sides.")
    JournalEntry.objects.bulk_create([line] * (ASLEEP + 600))
    answer = client.get(more)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_an_empty_log_is_loaded_anew_with_its_first_line(client: Any, journal: Any, integration: Any) -> None:
    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', client.get("/log/").content.decode())
    answer = client.get(more)
    assert (answer.status_code, "HX-Refresh" in answer) == (204, False)
    journal("Read both sides.")
    assert client.get(more)["HX-Refresh"] == "true"


def test_new_lines_follow_the_filter(client: Any, lines: None, journal: Any) -> None:
    (more,) = re.findall(r'hx-get="(/log/lines/[^"]+)"', client.get("/log/?level=error").content.decode())
    journal("Read both sides again.")
    part = client.get(more.replace("&amp;", "&")).content.decode()
    assert not _said(part)


@pytest.mark.parametrize("asked", ["after=x", "after=-1", "after=" + "9" * 40, "integration=x&after=0", "page=x"])
def test_odd_questions_have_an_answer(client: Any, lines: None, asked: str) -> None:
    assert client.get(f"/log/lines/?{asked}").status_code in (200, 204)
    assert client.get(f"/log/?{asked}").status_code == 200


def test_an_empty_log_says_what_will_be_here(client: Any) -> None:
    assert b"Nothing has happened yet" in client.get("/log/").content


def test_a_record_without_lines_is_not_taken_for_an_empty_log(client: Any, pair: Any, journal: Any) -> None:
    journal("Read both sides.")
    page = client.get(f"/log/?record={pair().pk}").content
    assert b"No such lines" in page
    assert b"Nothing has happened yet" not in page


def test_one_record_and_one_run_alone(client: Any, pair: Any, journal: Any) -> None:
    one, other = pair(1), pair(2)
    journal("Read both sides.", pair=one, run=3, cause="a poll of Aha!")
    journal("Wrote the status.", pair=one, run=4)
    journal("A label was left out.", pair=other, run=3)
    assert _said(client.get(f"/log/?record={one.pk}").content.decode()) == ["Wrote the", "Read both"]
    page = client.get(f"/log/?record={one.pk}&run=3").content.decode()
    assert _said(page) == ["Read both"]
    assert "started by a poll of Aha!" in page


def test_older_lines_are_paged_by_key(client: Any, journal: Any) -> None:
    for number in range(90):
        journal(f"Line {number}.")
    first = client.get("/log/").content.decode()
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(older.replace("&amp;", "&")).content.decode()
    numbers = [int(one) for one in re.findall(r"Line (\d+)\.", first + second)]
    assert numbers == list(reversed(range(90)))


def test_what_is_shown_can_be_had_as_a_file_without_formulas(client: Any, lines: None, journal: Any) -> None:
    journal("=HYPERLINK(1)", level="error", field="@cmd")
    text = client.get("/log/log.csv?level=error").content.decode()
    assert "'=HYPERLINK(1)" in text
    assert "'@cmd" in text
    assert "Read both sides" not in text
    rows = client.get("/log/log.json?q=sprint").json()
    assert [(row["what"], row["level"], row["code"]) for row in rows] == [
        ("Jira refused the field Sprint.", "error", "F2")
    ]
    assert client.get("/log/log.xml").status_code == 404


def test_one_or_all_alike_are_tried_again(client: Any, pair: Any, journal: Any) -> None:
    pairs = [pair(number, state="parked", dirty=1, done=1) for number in range(4)]
    codes = ("F2", "F2", "A1", "F2")
    lines = [journal("No.", pair=one, level="error", code=code) for one, code in zip(pairs, codes, strict=True)]
    pairs[3].state = "agreed"
    pairs[3].save()

    def woken() -> list[int]:
        for one in pairs:
            one.refresh_from_db()
        return [number for number, one in enumerate(pairs) if one.dirty != one.done]

    assert b"1 record is being" in client.post(f"/log/{lines[2].pk}/retry/", follow=True).content
    assert woken() == [2]
    assert b"2 records are being" in client.post(f"/log/{lines[0].pk}/retry/", {"all": "1"}, follow=True).content
    assert woken() == [0, 1, 2]


def test_what_is_deleted_and_settled_is_not_offered_to_be_tried_again(client: Any, pair: Any, journal: Any) -> None:
    said = "BOAT-1 is not in Aha! any more and SEA-1 not in Jira."
    found = pair(state="gone", reason=said, remedy="Nothing waits: unlink the two to be told of it no more.")
    journal("SEA-1 is deleted in Jira.", pair=found, level="warning")
    assert ">Retry</button>" not in client.get("/log/").content.decode()
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert "<span>Deleted on both sides</span>" in page
    other = pair(2, state="gone", reason="BOAT-2 was deleted in Aha!; SEA-2 in Jira stays as it is.")
    assert "<span>Deleted on one side</span>" in client.get(f"/records/{other.pk}/").content.decode()
    found.code = "L10"
    found.save()
    assert ">Retry</button>" in client.get("/log/").content.decode(), "what waits for somebody may be tried again"


def test_a_conflict_leads_to_its_answer_and_is_not_tried_again(client: Any, pair: Any, journal: Any) -> None:
    from crosswalk.sync.after import DECIDE

    found = pair(state="asking", reason="Both sides changed it.", remedy=DECIDE)
    journal("Name was not carried.", pair=found, level="warning", remedy=DECIDE)
    page = client.get("/log/").content.decode()
    assert f'href="/records/{found.pk}/#conflicts">Decide it</a>' in page
    page += client.get(f"/records/{found.pk}/").content.decode()
    assert "Retry" not in page
    assert 'class="trouble"' not in page  # nothing is broken: it is mild


@pytest.fixture
def written(integration: Any, pair: Any, journal: Any) -> Any:
    """A line about a write, with the request and the answer of it."""
    from crosswalk.store.models import RequestEntry

    found = pair()
    line = journal("Name is sent to Jira.", pair=found, run=5, side="right", cause="a poll")
    sent, got = 'PUT /issue/1\n\n{"fields": {"summary": "<b>Bell</b>"}}', "204\ndate: today"
    for call, text in (("GET /issue/1", "GET /issue/1"), ("PUT /issue/1", sent)):
        RequestEntry.objects.create(
            at=line.at.timestamp(), connection=integration.jira, call=call, status=204, seconds=0.25, pair=found.pk,
            run=5, sent=text, got=got,
        )  # fmt: skip
    return line


def test_the_request_and_the_answer_of_a_line_are_folded_below_it(client: Any, written: Any, journal: Any) -> None:
    journal("Read both sides.", pair=written.pair, run=5)
    for address in ("/log/", f"/records/{written.pair_id}/"):
        page = client.get(address).content.decode()
        assert page.count("Request and answer</summary>") == 1
        assert f'hx-get="/log/{written.pk}/requests/"' in page
    part = client.get(f"/log/{written.pk}/requests/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "&lt;b&gt;Bell&lt;/b&gt;" in part
    assert "answered 204 in 0.25 s" in part
    assert ("GET /issue/1" in part, "1 more" in part) == (False, True)
    whole = client.get(f"/log/{written.pk}/requests/?all=1").content.decode()
    assert "<html" in whole
    assert "GET /issue/1" in whole
    assert client.get("/log/4711/requests/").status_code == 404


def test_what_is_not_kept_any_more_is_said(client: Any, pair: Any, journal: Any) -> None:
    line = journal("Name is sent to Jira.", pair=pair(), run=5, side="right")
    assert b"Request and answer</summary>" not in client.get("/log/").content
    assert b"not kept any more" in client.get(f"/log/{line.pk}/requests/").content


def test_files_have_the_requests_too(client: Any, written: Any) -> None:
    (row,) = client.get("/log/log.json").json()
    (request,) = row["requests"]
    assert (request["side"], request["call"], request["status"]) == ("jira", "PUT /issue/1", 204)
    assert '"summary": "<b>Bell</b>"' in request["sent"]
    assert request["got"] == "204\ndate: today"
    assert "PUT /issue/1 204" in client.get("/log/log.csv").content.decode()


def test_a_line_that_names_its_side_does_not_say_it_twice(client: Any, journal: Any) -> None:
    journal("Aha! says that something about it changed.", side="left")
    journal("Status is written.", side="right")
    said = [
        re.sub("<[^>]+>|\\s+", " ", one).split()
        for one in re.findall("<p>.*?</p>", client.get("/log/").content.decode())
    ]
    assert ["Jira", "Status", "is", "written."] in said
    assert ["Aha!", "says", "that", "something", "about", "it", "changed."] in said
