"""What the page of a record says whose issue is gone, and that a person answers there what becomes of the record."""

from __future__ import annotations

import pytest

from crosswalk.sync import service
from tests.path.system import System
from tests.path.test_deletions import delete_in_jira, follow, last, signed_in, some, wait


def test_of_an_issue_that_is_gone_nothing_is_said_to_be_in_step(cloud: System) -> None:
    follow(cloud, removed_in_jira="ask")
    ref, _ = some(cloud, 2)
    pair = cloud.pair(ref)
    delete_in_jira(cloud, pair.right_key)
    wait(cloud, ref)
    part = signed_in().get(f"/records/{pair.pk}/compare/").content.decode()
    assert "There is nothing to compare, as Jira does not show the record any more." in part
    assert "<summary>What Aha! holds: " in part
    assert "in step" not in part.casefold()
    assert "not compared</summary>" not in part
    assert "Kept in order" not in part
    assert "Switched off" not in part
    assert "There is no record in Jira any more." not in part, "it is said once, above"
    held = [line for line in service.explain(pair) if line["verdict"] == "skipped"]
    assert len(held) > 5
    assert {line["right"] for line in held} == {"(gone)"}
    assert next(line["left"] for line in held if line["field"] == "Name") == "Bell 0"


def test_a_record_that_is_gone_from_aha_is_told_so(cloud: System) -> None:
    follow(cloud, removed="ask")
    ref, _ = some(cloud, 2)
    pair = cloud.pair(ref)
    cloud.aha.send("DELETE", f"/features/{ref.id}")
    wait(cloud, ref)
    part = signed_in().get(f"/records/{pair.pk}/compare/").content.decode()
    assert "There is nothing to compare, as Aha! does not show the record any more." in part
    assert "<summary>What Jira holds: " in part


@pytest.mark.parametrize(("answer", "said"), [("yes:left", "is being deleted."), ("no:left", "is kept.")])
def test_the_page_of_a_record_asks_what_becomes_of_it(cloud: System, answer: str, said: str) -> None:
    follow(cloud, removed_in_jira="ask")
    ref, other, _ = some(cloud, 3)
    for one in (ref, other):
        delete_in_jira(cloud, cloud.pair(one).right_key)
    wait(cloud, ref, other)
    pair, browser = cloud.pair(ref), signed_in()
    page = browser.get(f"/records/{pair.pk}/").content.decode()
    assert "Delete it</button>" in page
    assert "Keep it</button>" in page
    assert page.count('class="trouble mild"') == page.count('class="trouble') == 1, "a question is calm, as in Records"
    assert "`" not in page
    assert "<code>crosswalk deletions</code>" in page
    whole = f"/integrations/{cloud.integration.pk}/"
    assert f'<a href="{whole}">the integration\'s page</a>' in page.replace("&#x27;", "'")
    sent = {"answer": answer, "last": last(page), "pair": page.split('name="pair" value="')[1].split('"')[0]}
    found = browser.post(f"{whole}deletions/", sent, follow=True)
    assert found.redirect_chain[-1][0] == f"/records/{pair.pk}/"
    assert f"1 record {said}" in found.content.decode()
    button = "Delete it" if answer.startswith("yes") else "Keep it"
    assert f"“{button}” was pressed." in [line.what for line in cloud.journal(ref)]
    cloud.drain()
    assert (cloud.account.find("feature", ref.id) is None) is answer.startswith("yes")
    assert cloud.account.find("feature", other.id) is not None
    assert cloud.pair(other).state == "asking", "the answer was about one record alone"
    again = browser.post(f"{whole}deletions/", {**sent, "pair": "x"}, follow=True).content.decode()
    assert "Nothing waits for this answer any more" in again


def test_who_may_only_look_is_told_who_answers(cloud: System) -> None:
    from django.contrib.auth.models import User

    follow(cloud, removed_in_jira="ask")
    ref, _ = some(cloud, 2)
    delete_in_jira(cloud, cloud.pair(ref).right_key)
    wait(cloud, ref)
    browser = signed_in()
    User.objects.update(is_staff=False, is_superuser=False)
    page = browser.get(f"/records/{cloud.pair(ref).pk}/").content.decode()
    assert "Delete it</button>" not in page
    assert "Ask an owner" in page
