"""Plans and loads on pages: begun at once, progress asked for, the result shown, exported, or said why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk.sync.csvfile import meant, plain

RESULT: dict[str, Any] = {
    "looked": 3,
    "alone": 2,
    "counts": {"Aha!": {}, "Jira": {"create": 1}},
    "brake": "",
    "left_off": 0,
    "patches": [
        {
            "side": "Jira",
            "kind": "create",
            "record": "FAB-1",
            "what": "feature",
            "below": "",
            "cause": "FAB-1 is sent",
            "changes": [{"name": "Name", "field": "summary", "old": "", "new": "=1+1", "lost": False}],
        }
    ],
    "doubts": [{"record": "FAB-2", "field": "Status", "why": "No such status.", "remedy": "Map it.", "code": "S1"}],
}


def _errand(integration: Any, **fields: Any) -> Any:
    from django.utils import timezone

    from crosswalk.store.models import Errand

    given = {"what": "plan", "asked": {"scope": ""}, "asked_at": timezone.now(), **fields}
    return Errand.objects.create(integration=integration, **given)


def _run(errand: Any) -> None:
    """What the engine does with it."""
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    of(current())["errand"].run(f"errand:{errand.pk}")
    errand.refresh_from_db()


def test_a_plan_is_made_only_when_asked_for_and_once(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Errand, Job

    address = f"/integrations/{integration.pk}/plan/"
    assert b"Make a plan" in client.get(address).content
    steps = f"/integrations/{integration.pk}/setup/"
    by_one_press = f'action="{address}" data-once>'
    assert '<input type="hidden" name="scope" value="all">' in client.get(steps).content.decode().split(by_one_press)[1]
    for _ in range(2):
        assert client.post(address, {"scope": ""}).status_code == 302
    assert Errand.objects.count() == 1
    assert Job.objects.filter(kind="errand").count() == 1
    assert b"Waiting for its turn" in client.get(address).content
    assert by_one_press not in client.get(steps).content.decode(), "the one that was made is looked at"


def test_before_anything_is_joined_a_plan_looks_at_everything(client: Any, integration: Any) -> None:
    from django.utils import timezone

    address = f"/integrations/{integration.pk}/plan/"
    everything = '<option value="all" selected>'
    assert everything in client.get(address).content.decode()
    integration.pairs.create(kind="feature", left_id="1", left_key="FAB-1", due_at=timezone.now())
    assert everything not in client.get(address).content.decode()


def test_a_plan_that_looked_at_nothing_does_not_say_in_step(client: Any, integration: Any) -> None:
    from django.utils import timezone

    nothing = {**RESULT, "looked": 0, "alone": 0, "counts": {"Aha!": {}, "Jira": {}}, "patches": [], "doubts": []}
    _errand(integration, result=nothing, finished_at=timezone.now())
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert "There was nothing to look at" in page
    assert "is in step" not in page


def test_a_plan_says_on_its_page_what_it_does_not_list(client: Any, integration: Any) -> None:
    from django.utils import timezone

    link = {"name": "Link to Jira", "field": "custom:jira_url", "old": "", "new": "the address of its Story in Jira"}
    one = {"side": "Aha!", "kind": "show", "what": "feature", "below": "", "cause": "It is sent", "changes": [link]}
    patches = [*RESULT["patches"] * 101, {**one, "record": "FAB-1"}, {**one, "record": "FAB-2"}]
    many = {**RESULT, "patches": patches, "doubts": RESULT["doubts"] * 51}
    _errand(integration, result=many, finished_at=timezone.now())
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert "1 more is not on this page. The export lists it." in page
    assert "2 of 3 records looked at" in page
    assert "<p>2 records in Aha! are given the link to their issue or version in Jira: FAB-1, FAB-2.</p>" in page
    steps = client.get(f"/integrations/{integration.pk}/setup/").content.decode()
    assert "In the last plan: Aha!: nothing; Jira: 1 to be made." in steps
    assert "Not listed here" not in page
    more = {**many, "left_off": 7, "doubts_left_off": 3}
    _errand(integration, result=more, finished_at=timezone.now())
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert "Not listed here: 7 more to write, 3 more that need somebody. <code>crosswalk plan</code> lists all." in page
    assert "Needs somebody (54)" in page


def test_what_keeps_a_plan_from_being_made_is_said(client: Any, integration: Any) -> None:
    errand = _errand(integration)
    _run(errand)
    assert errand.finished_at is not None
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert 'class="trouble"' in page
    assert errand.trouble in page


def test_a_load_from_a_server_that_refuses_says_so(client: Any, integration: Any) -> None:
    from crosswalk.store.models import Errand

    client.post(f"/integrations/{integration.pk}/load/")
    _run(Errand.objects.get(what="load"))
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    assert 'class="trouble"' in page


def test_progress_ends_by_showing_the_page_anew(client: Any, integration: Any) -> None:
    errand = _errand(integration, step="Looked at 3 of 9 records", done=3, total=9)
    address = f"/integrations/{integration.pk}/errands/{errand.pk}/"
    answer = client.get(address)
    assert b"Looked at 3 of 9 records" in answer.content
    assert "HX-Refresh" not in answer
    errand.finished_at = errand.asked_at
    errand.save()
    assert client.get(address)["HX-Refresh"] == "true"


def test_a_plan_is_shown_with_counts_differences_and_doubts(client: Any, integration: Any) -> None:
    _errand(integration, result=RESULT, finished_at=integration.created_at)
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    for words in (
        "1 to be made",
        "2 of 3 records",
        "Needs somebody (1)",
        "FAB-1",
        "=1+1",
        "No such status. Map it.",
    ):
        assert words in page
    assert 'name="record" value=""' in page
    one = {"scope": "all", "records": [["feature", "7", "FAB-7"]]}
    _errand(integration, result=RESULT, finished_at=integration.created_at, asked=one)
    again = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert 'name="record" value="FAB-7"' in again, "made again, it is about the same feature"
    assert 'name="record" value="feature:7:FAB-7"><button class="button">Send FAB-7 to Jira' in again
    integration.enabled = False
    integration.save()
    assert "Send FAB-7" not in client.get(f"/integrations/{integration.pk}/plan/").content.decode(), (
        "nothing is sent yet"
    )


def test_a_long_plan_is_folded_and_says_one_reason_once(client: Any, integration: Any) -> None:
    changes = [{"name": name, "field": name, "old": "", "new": "a", "lost": True} for name in ("Name", "Tags")]
    patches = [{**RESULT["patches"][0], "record": f"FAB-{at}", "changes": changes} for at in range(120)]
    doubts = [{**RESULT["doubts"][0], "record": f"FAB-{at}"} for at in range(30)]
    result = {**RESULT, "patches": patches, "doubts": doubts}
    _errand(integration, result=result, finished_at=integration.created_at)
    page = client.get(f"/integrations/{integration.pk}/plan/").content.decode()
    assert page.count("No such status.") == 1
    assert "Status of 30 records:" in page
    in_sight, _, rest = page.partition("<summary>95 more")
    assert (in_sight.count("Make a feature for"), rest.count("Make a feature for")) == (5, 95)
    assert page.count("<details open><summary><strong>") == 1, "the first shows what is in each"
    assert "20 more are not on this page. The export lists them." in page


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_plan_is_exported(client: Any, integration: Any, form: str) -> None:
    errand = _errand(integration, result=RESULT, finished_at=integration.created_at)
    answer = client.get(f"/integrations/{integration.pk}/plan/{errand.pk}.{form}")
    assert f'plan-{errand.pk}.{form}"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "'=1+1" in text if form == "csv" else json.loads(text) == RESULT


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_plan_that_is_not_there_is_not_exported(client: Any, integration: Any, form: str) -> None:
    errand = _errand(integration)
    assert client.get(f"/integrations/{integration.pk}/plan/{errand.pk}.{form}").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "＝1", "plain", "'t Hooft", ""])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    written = plain(cell)
    assert meant(written) == cell
    assert not written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


def test_the_plan_page_says_what_enabling_writes_and_leads_on(client: Any, integration: Any) -> None:
    address = f"/integrations/{integration.pk}/plan/"
    integration.enabled = False
    integration.save()
    page = client.get(f"{address}?record=FAB-7").content.decode()
    assert "when you press Send, not by enabling." in page
    assert 'name="record" value="FAB-7"' in page
    assert f'href="/integrations/{integration.pk}/setup/#step-enable"' in page
    refused = client.post(address, {"scope": "all", "record": "FAB-7"})
    assert (refused.status_code, 'value="FAB-7"' in refused.content.decode()) == (422, True)
    integration.enabled = True
    integration.save()
    assert "New records are made when you press Send" in client.get(address).content.decode()
