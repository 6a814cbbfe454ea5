"""The page of a pair: both ends, state with reason and remedy, history; Retry."""

from __future__ import annotations

import re
from typing import Any

import pytest

HTMX = {"HX-Request": "true"}


def test_it_shows_both_ends_the_state_and_why(client: Any, pair: Any) -> None:
    found = pair(state="parked", reason="Jira refuses Sprint.", remedy="Put it on the screen, then press Retry.")
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert 'href="https://boats.aha.example/features/BOAT-1"' in page
    assert 'href="https://sea.example/browse/SEA-1"' in page
    assert "Stopped" in page
    assert "Put it on the screen, then press Retry." in page
    assert ">Retry</button>" in page


def test_the_button_is_called_as_remedies_call_it(client: Any, pair: Any) -> None:
    for number, state in enumerate(("asking", "parked", "waiting"), 1):
        found = pair(number, state=state, reason="Nobody has the address.", remedy="Say who it is. Then press Retry.")
        page = client.get(f"/records/{found.pk}/").content.decode()
        assert ">Retry</button>" in page
        assert ">Sync now</button>" not in page
    assert ">Sync now</button>" in client.get(f"/records/{pair(4).pk}/").content.decode()


def test_where_a_remedy_names_the_page_of_people_it_leads_there(client: Any, pair: Any, journal: Any) -> None:
    remedy = "Say on the page People who <b>Emil</b> is."
    found = pair(state="parked", reason="Nobody has the address.", remedy=remedy)
    journal("Assignee was not carried.", pair=found, level="warning", remedy=remedy)
    there = f'<a href="/integrations/{found.integration_id}/people/">the page People</a> who &lt;b&gt;Emil'
    for address, times in ((f"/records/{found.pk}/", 2), (f"/integrations/{found.integration_id}/?state=attention", 1)):
        assert client.get(address).content.decode().count(there) == times
    assert there in client.get("/log/").content.decode()


def test_where_a_remedy_names_the_page_of_conflicts_it_leads_there() -> None:
    from crosswalk.web.templatetags.crosswalk import leading

    there = 'Decide it on <a href="/integrations/7/conflicts/">the page Conflicts</a>.'
    assert leading("Decide it on the page Conflicts.", 7) == there


def test_where_a_remedy_names_the_mapping_it_leads_to_that_of_the_records_kind(pair: Any) -> None:
    from crosswalk.jira.wire_errors import FILLED
    from crosswalk.web.templatetags.crosswalk import leading

    found = pair(kind="requirement")
    there = f'<a href="/integrations/{found.integration_id}/mapping/requirement/">the page Mapping</a>, under “Always'
    assert there in leading(FILLED, found)
    assert '<a href="/integrations/7/mapping/feature/">' in leading(FILLED, 7)


def test_a_change_that_waits_for_a_refused_connection_says_so_and_leads_there(client: Any, pair: Any) -> None:
    found, rests = pair(dirty=2), pair(2)
    jira = found.integration.jira
    jira.paused = "Jira does not take the token."
    jira.save()
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert "Waits for the connection" in page
    assert f'<a href="/connections/{jira.pk}/">' in page
    assert "Updating" not in page
    assert "Waits for the connection" not in client.get(f"/records/{rests.pk}/").content.decode()


def test_a_change_that_is_kept_while_the_integration_is_paused_says_so(client: Any, pair: Any) -> None:
    found = pair(dirty=2)
    found.integration.enabled = False
    found.integration.save()
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert "Kept until enabled" in page
    assert f'/integrations/{found.integration_id}/setup/#step-enable">it is enabled</a>' in page
    assert "Updating" not in page


def test_where_a_side_does_not_answer_the_page_says_so_and_since_when(client: Any, pair: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    found, ill = pair(), "Jira could not be asked what changed: it does not answer."
    page = client.get(f"/records/{found.pk}/").content.decode()
    asked = re.search(r'hx-get="(/records/\d+/status/\?seen=[^"]*)"', page)
    assert asked is not None
    assert client.get(asked[1], headers=HTMX).status_code == 204
    found.integration.trouble, found.integration.polled_at = ill, timezone.now() - timedelta(minutes=12)
    found.integration.save()
    for page in (client.get(asked[1], headers=HTMX), client.get(f"/records/{found.pk}/")):
        shown = page.content.decode()
        assert f"<strong>{ill}</strong>" in shown
        assert re.search(r"Both sides last told what changed <time [^>]*>12 min ago</time>", shown)
        assert "Reading both sides…" not in shown
    assert "Trying to read both sides, as one of them did not answer last." in shown
    jira = found.integration.jira
    jira.paused = "Jira does not take the token."
    jira.save()
    type(found).objects.filter(pk=found.pk).update(dirty=2)
    assert ill not in client.get(f"/records/{found.pk}/").content.decode(), "the connection's own words say it"


def test_it_does_not_wait_for_the_servers(client: Any, pair: Any) -> None:
    page = client.get(f"/records/{pair().pk}/").content.decode()
    assert "Reading both sides" in page
    assert '<a href="?compare=now">' in page


def test_the_rows_of_the_comparison_stand_before_they_are_read(client: Any, pair: Any) -> None:
    from django.template.loader import render_to_string

    line = {"field": "Name", "left": "Boat", "right": "Boat", "verdict": "awaited", "why": "", "note": ""}
    off = {**line, "field": "Points", "left": "", "verdict": "inapplicable", "why": "It is estimated in time."}
    shown = render_to_string("record_awaited.html", {"pair": pair(), "awaited": [line, off]})
    assert re.findall(r'<a class="title".*?>(.*?)</a>', shown) == ["Name", "Points"]
    assert shown.count('<div class="value">Boat</div>') == 2
    assert "not read" not in shown
    assert "Does not apply" in shown
    assert "It is estimated in time." in shown


def test_of_a_record_that_was_never_on_any_side_no_rows_stand(client: Any, pair: Any) -> None:
    page = client.get(f"/records/{pair(left_id=None, right_id=None).pk}/").content.decode()
    assert "Reading both sides" in page
    assert "<tbody" not in page


def test_where_a_side_can_not_be_read_the_comparison_says_so(client: Any, pair: Any) -> None:
    part = client.get(f"/records/{pair().pk}/compare/", headers=HTMX).content.decode()
    assert 'class="trouble"' in part
    assert "Read again" in part


def test_what_was_never_carried_is_said_above_the_fields(client: Any, pair: Any) -> None:
    from django.template.loader import render_to_string

    lines = [{"field": "Name", "verdict": "unchanged"}, {"field": "Due date", "verdict": "apart"}]
    lines.append({"field": "Status", "verdict": "apart"})
    part = render_to_string("record_compare.html", {"pair": pair(), "comparison": {"lines": lines}})
    assert "In step except for Due date and Status." in part
    lines.append({"field": "Release", "verdict": "ask"})
    part = render_to_string("record_compare.html", {"pair": pair(2), "comparison": {"lines": lines}})
    assert "In step" not in part.partition("<table")[0]
    assert "1 field is not in step." in part


def _line(field: str, verdict: str, **more: str) -> dict[str, object]:
    return {"field": field, "verdict": verdict, "left": "x", "right": "x", "note": "", **more}


IN_STEP = "All fields that are compared are in step."


@pytest.mark.parametrize(
    ("verdicts", "shown", "fold", "says"),
    [
        ("unchanged agreed filled", "", "3 fields alike", "All fields that are compared are in step."),
        ("unchanged skipped placed", "", "1 field alike, 2 not compared", "All fields that are compared are in step."),
        ("skipped inapplicable", "", "2 fields not compared", "All fields that are compared are in step."),
        ("unchanged skipped off", "", "1 field alike, 1 not compared, 1 switched off", IN_STEP),
        ("off off", "", "2 fields switched off", IN_STEP),
        ("apart unchanged apart", "0 2", "1 field alike", "In step except for F0 and F2."),
        ("apart carry unchanged", "0 1", "1 field alike", "1 field is not in step. F0 is left as it is."),
        ("apart ask apart refused", "0 1 2 3", "", "2 fields are not in step. F0 and F2 are left as they are."),
        ("conflict", "0", "", "1 field is not in step."),
        ("awaited apart awaited", "1", "2 fields alike", "In step except for F1."),
    ],
)
def test_what_is_alike_is_folded_and_what_is_said_agrees_with_what_is_shown(
    verdicts: str, shown: str, fold: str, says: str
) -> None:
    from crosswalk.web.comparing import compared

    found = compared([_line(f"F{place}", verdict) for place, verdict in enumerate(verdicts.split())])
    assert [one["field"] for one in found.shown] == [f"F{place}" for place in shown.split()]
    assert (found.fold, found.says) == (fold, says)
    assert found.open is ("alike" not in fold and shown == "" != fold), "unfolded where nothing else is to be seen"
    assert [one["field"] for one in found.folded] == sorted(str(one["field"]) for one in found.folded)


def test_a_text_that_is_not_held_whole_is_not_folded() -> None:
    from crosswalk.web.comparing import compared

    found = compared(
        [_line("Description", "unchanged", note="Not held in Jira: a colour."), _line("Name", "unchanged")]
    )
    assert ([one["field"] for one in found.shown], found.fold) == (["Description"], "1 field alike")


def test_before_anything_was_agreed_all_lines_stand() -> None:
    from crosswalk.web.comparing import compared

    ahead = {"left": "…", "right": "…"}
    found = compared(
        [_line("Name", "awaited", **ahead), _line("Points", "inapplicable"), _line("Tags", "awaited", **ahead)]
    )
    assert [one["field"] for one in found.shown] == ["Name", "Tags"]
    found = compared([_line("Name", "awaited"), _line("Tags", "awaited", **ahead)])
    assert (found.shown, found.fold) == ([], "1 field alike, 1 not compared")


def test_a_field_is_folded_or_shown_in_its_table(client: Any, pair: Any) -> None:
    from django.template.loader import render_to_string

    lines = [_line("Name", "unchanged"), _line("Status", "apart"), _line("Rank", "placed", why="Issues are placed.")]
    part = render_to_string("record_compare.html", {"pair": pair(), "comparison": {"lines": lines}})
    above, _, below = part.partition('<details id="alike">')
    assert re.findall(r'<a class="title".*?>(.*?)</a>', above) == ["Status"]
    assert re.findall(r'<a class="title".*?>(.*?)</a>', below) == ["Name", "Rank"]
    assert "Kept in order" in below
    assert '<div class="value"><span class="nothing">–</span></div>' in below


def test_pairs_below_it_are_listed(client: Any, pair: Any) -> None:
    above = pair(1)
    pair(2, parent=above, kind="requirement", title="A rudder")
    assert b"A rudder" in client.get(f"/records/{above.pk}/").content


def test_history_is_newest_first_with_values_and_remedy(client: Any, pair: Any, journal: Any) -> None:
    found = pair()
    journal("Wrote the name.", pair=found, side="right", field="Name", old="Boat", new="Ship")
    journal("Jira refused it.", pair=found, level="error", remedy="Press Retry.")
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert page.index("Jira refused it.") < page.index("Wrote the name.")
    assert "<del>Boat</del>" in page
    assert "<ins>Ship</ins>" in page
    assert "Press Retry." in page


def test_values_that_were_not_written_are_not_shown_as_a_change(client: Any, pair: Any, journal: Any) -> None:
    from crosswalk.sync.after import DECIDE

    found = pair()
    waits = {"pair": found, "level": "warning", "run": 1, "field": "Name"}
    journal("Name of BOAT-1 was not carried.", old="Boat", new="Ship", remedy=DECIDE, **waits)
    journal("Owner of BOAT-1 was not carried.", old="Emil", **waits)
    journal("Size was left out.", side="right", new="Large", **waits)
    page = client.get(f"/records/{found.pk}/").content.decode()
    assert ("<del>" in page, "<ins>" in page) == (False, False)
    assert re.search(r"Aha!</span> Boat <span.*?Jira</span> Ship</p>", page)
    assert "</span> Emil</p>" in page
    assert "</span> Large</p>" in page
    assert "the page Conflicts" not in page, "the pair asks nothing any more"


def test_retry_has_the_pair_looked_at_now(client: Any, pair: Any) -> None:
    found = pair(state="parked", reason="No.", dirty=3, done=3)
    answer = client.post(f"/records/{found.pk}/retry/", follow=True)
    assert b"BOAT-1 is being looked at now." in answer.content
    found.refresh_from_db()
    assert found.dirty > found.done


def test_the_status_is_sent_again_only_when_something_changed(client: Any, pair: Any, journal: Any) -> None:
    from crosswalk.web.reading import seen

    found = pair()
    path = f"/records/{found.pk}/status/"
    assert client.get(path, {"seen": seen(found)}, headers=HTMX).status_code == 204
    mark = seen(found)
    journal("Something was written.", pair=found)
    part = client.get(path, {"seen": mark}, headers=HTMX).content.decode()
    assert part.startswith('<div id="status"')
    assert "Something was written." in part
    assert "Reading both sides" not in part, "what the comparison shows stays until it is made anew"
    assert re.findall(r'hx-get="(/records/[^"]*/compare/)" hx-trigger="load" hx-target="(.*?)"', part) == [
        (f"/records/{found.pk}/compare/", "#compare")
    ]
