"""Matching on pages, on a whole installation: looked for in the background, ticked, linked, and carried once said."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk_sandbox.aha import actions
from crosswalk_sandbox.jira import rank
from crosswalk_sandbox.jira.state import Issue
from tests.path.system import System
from tests.path.test_match import story, subtask


@pytest.fixture
def browser(cloud: System) -> Any:
    """Alice's, who owns this Crosswalk."""
    from django.contrib.auth.models import User
    from django.test import Client

    alice = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    opened = Client(SERVER_NAME="localhost")
    opened.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return opened


def address(system: System, name: str) -> str:
    return f"/integrations/{system.integration.pk}/{name}/"


def work(system: System) -> None:
    """What the background does: the errands that were asked for, then the pairs that are due."""
    from crosswalk.store.models import Errand
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    for errand in Errand.objects.filter(finished_at=None).order_by("pk"):
        of(current())["errand"].run(f"errand:{errand.pk}")
    assert not Errand.objects.filter(finished_at=None).exists()
    system.drain()


def look(system: System, browser: Any, **asked: Any) -> str:
    """Ask for matches, let the background work, and give the page."""
    form = {"kind": "feature", "rule": ["reference", "expression", "title", "name"], "expression": "", "reference": ""}
    assert browser.post(address(system, "match"), {**form, **asked}).status_code == 302
    work(system)
    return str(browser.get(address(system, "match")).content.decode())


def found(system: System) -> list[Any]:
    from crosswalk.store.models import Finding

    assert system.integration.pk
    return list(Finding.objects.order_by("place"))


def tick(system: System, browser: Any, rows: list[Any], act: str = "", only: str = "") -> Any:
    """Send the form as a page would that shows everything and has `rows` ticked."""
    everything = found(system)
    sent = {
        "of": everything[0].errand_id,
        "only": only,
        "shown": [row.pk for row in everything if row.pair_id is None],
        "record": [row.pk for row in rows],
        "act": act,
    }
    answer = browser.post(address(system, "match/tick"), sent)
    work(system)
    return answer


def test_a_look_writes_nothing_and_ticks_what_is_sure(cloud: System, browser: Any) -> None:
    first, second = cloud.feature("Bell"), cloud.feature("Horn")
    named, alike = story(cloud, f"{first.key} bell"), story(cloud, "horn")
    count = len(cloud.site.issues)
    page = look(cloud, browser)
    rows = {row.left_key: row for row in found(cloud)}
    assert (rows[first.key].right_key, rows[first.key].confidence, rows[first.key].ticked) == (named, 90, True)
    assert (rows[second.key].right_key, rows[second.key].confidence, rows[second.key].ticked) == (alike, 70, False)
    assert "one has the other&#x27;s key in its title" in page
    assert len(cloud.site.issues) == count
    assert not cloud.integration.pairs.exists()
    filtered = browser.get(address(cloud, "match") + "?only=70").content.decode()
    assert second.key in filtered
    assert f">{first.key}<" not in filtered


def test_the_ticked_are_linked_and_carry_nothing_until_somebody_says_who_counts(cloud: System, browser: Any) -> None:
    ref = cloud.feature("Brass bell", 1)
    key = story(cloud, "brass bell")
    below = subtask(cloud, key, "brass bell part 1")
    look(cloud, browser)
    rows = [row for row in found(cloud) if row.right_key in (key, below)]
    assert [row.above_id for row in rows] == [None, rows[0].pk]
    tick(cloud, browser, rows, "link")
    assert "2 linked" in browser.get(address(cloud, "match")).content.decode()
    pair = cloud.pair(ref)
    assert (pair.right_key, pair.state) == (key, "asking")
    assert [child.right_key for child in cloud.children(ref)] == [below]
    assert cloud.issue(key)["summary"] == "brass bell"

    page = browser.get(address(cloud, "settle")).content.decode()
    assert "1 record was linked" in page
    browser.post(address(cloud, "settle"), {"said": "left"})
    work(cloud)
    page = browser.get(address(cloud, "settle")).content.decode()
    assert "<del>brass bell</del>" in page
    assert cloud.issue(key)["summary"] == "brass bell", "a look writes nothing"
    button = re.search(r'name="carry" value="(\d+)"', page)
    assert button
    browser.post(address(cloud, "settle"), {"carry": button[1]})
    work(cloud)
    assert cloud.issue(key)["summary"] == "Brass bell"
    assert cloud.pair(ref).state == "agreed"


def test_what_stands_below_is_not_linked_without_what_it_stands_below(cloud: System, browser: Any) -> None:
    cloud.feature("Bell", 1)
    key = story(cloud, "Bell")
    below = subtask(cloud, key, "Bell part 1")
    look(cloud, browser)
    tick(cloud, browser, [row for row in found(cloud) if row.right_key == below], "link")
    row = next(row for row in found(cloud) if row.right_key == below)
    assert row.pair_id is None
    assert "which is not linked" in row.trouble
    assert "0 linked" in browser.get(address(cloud, "match")).content.decode()


def test_of_two_that_fit_a_person_chooses_one_and_the_second_is_refused(cloud: System, browser: Any) -> None:
    ref = cloud.feature("Bell")
    keys = [story(cloud, "Bell"), story(cloud, "bell")]
    look(cloud, browser)
    rows = [row for row in found(cloud) if row.left_key == ref.key]
    assert sorted(row.right_key for row in rows) == keys
    assert not any(row.clear or row.ticked for row in rows)
    tick(cloud, browser, rows, "link")
    rows = [row for row in found(cloud) if row.left_key == ref.key]
    assert [bool(row.pair_id) for row in rows] == [True, False]
    assert "is in a pair already" in rows[1].trouble
    assert "is in a pair already" in browser.get(address(cloud, "match") + "?only=refused").content.decode()


def test_only_the_chosen_rules_count(cloud: System, browser: Any) -> None:
    first, second = cloud.feature("Bell"), cloud.feature("Horn")
    story(cloud, f"{first.key} bell")
    alike = story(cloud, "Horn")
    look(cloud, browser, rule=["name"])
    assert [(row.left_key, row.right_key) for row in found(cloud) if row.left_key in (first.key, second.key)] == [
        (second.key, alike)
    ]


def test_all_that_a_filter_shows_is_ticked_and_unticked(cloud: System, browser: Any) -> None:
    for name in ("Bell", "Horn"):
        cloud.feature(name)
        story(cloud, name)
    look(cloud, browser, rule=["name"])
    rows = found(cloud)
    tick(cloud, browser, [], "all", only="70")
    assert [row.ticked for row in found(cloud)] == [row.clear for row in rows]
    tick(cloud, browser, found(cloud), "none")
    assert not any(row.ticked for row in found(cloud))


def test_a_page_of_an_earlier_look_does_nothing(cloud: System, browser: Any) -> None:
    cloud.feature("Bell")
    story(cloud, "Bell")
    look(cloud, browser)
    rows = found(cloud)
    sent = {"of": rows[0].errand_id + 100, "record": [row.pk for row in rows], "act": "link"}
    answer = browser.post(address(cloud, "match/tick"), sent, follow=True)
    assert "Nothing was done." in answer.content.decode()
    assert not cloud.integration.pairs.exists()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"rule": []}, "Choose one rule at least."),
        ({"kind": "=1+1"}, "Choose what the mapping joins with an issue."),
        ({"expression": "<b>name</b>"}, "is not an expression."),
        ({"rule": ["expression"]}, "Write an expression, or choose another rule."),
        ({"reference": "Flavour of the month"}, "Jira has no one field"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_begins(
    cloud: System, browser: Any, asked: dict[str, Any], says: str
) -> None:
    from crosswalk.store.models import Errand

    form = {"kind": "feature", "rule": ["expression", "name"], "expression": "", "reference": ""}
    page = browser.post(address(cloud, "match"), {**form, **asked}).content.decode()
    assert says in page
    assert "<b>name" not in page
    assert not Errand.objects.filter(what="match").exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [({}, "Choose who counts."), ({"said": "both"}, "Choose who counts."), ({"carry": "0"}, "Look at it again.")],
)
def test_nothing_is_settled_without_a_word(cloud: System, browser: Any, sent: dict[str, str], says: str) -> None:
    ref = cloud.feature("Bell")
    story(cloud, "bell")
    look(cloud, browser)
    tick(cloud, browser, found(cloud), "link")
    assert says in browser.post(address(cloud, "settle"), sent, follow=True).content.decode()
    work(cloud)
    assert cloud.pair(ref).state == "asking"


def twins(system: System, count: int) -> None:
    """So many features and stories of the same names, made as the sandboxes make their large accounts."""
    account, site = system.account, system.site
    product = next(one for one in account.products if one.prefix == "FAB")
    project = next(one for one in site.projects.values() if one.key == "FAB")
    kind = next(one.id for one in site.types.values() if one.name == "Story")
    status, release = product.workflows["feature"].statuses[0], next(iter(account.all("release")))
    first = next(iter(site.issues.values()))
    for number in range(count):
        feature = actions.blank(account, "feature", product, account.users[0])
        feature.name, feature.release, feature.status = f"Twin {number:05}", release, status
        feature.position, feature.ref = number + 1000, account.next_ref(product, "feature")
        account.add(feature)
        project.last_number += 1
        key, at = f"FAB-{project.last_number}", site.now()
        issue = Issue(
            site.next_id("issue"), key, project.id, kind, first.status, first.creator, at, at, rank.last(site)
        )
        issue.values = {"summary": f"twin {number:05}", "reporter": first.creator, "labels": []}
        site.enter(issue)
    system.pass_time(60)


def test_a_thousand_are_matched_and_hundreds_linked_at_a_time(cloud: System, browser: Any) -> None:
    count = 1_000
    twins(cloud, count)
    cloud.forget()
    page = look(cloud, browser, rule=["name"])
    asked = [*cloud.requests("aha"), *cloud.requests("jira")]
    assert len(asked) <= 2 * count // 100 + 20, "pages of both lists, not a request for each"
    assert {method for method, path in asked if "search" not in path} <= {"GET"}, "a look writes nothing"
    assert f"<dt>Match</dt><dd>{count}</dd>" in page
    cloud.forget()
    rows = found(cloud)
    of = {"of": rows[0].errand_id, "only": ""}
    chosen = rows[:200]
    browser.post(address(cloud, "match/tick"), {**of, "act": "all"})
    assert all(row.ticked for row in found(cloud)), "those on other pages, too"
    browser.post(address(cloud, "match/tick"), {**of, "act": "none"})
    for start in range(0, len(chosen), 50):  # page after page
        shown = [row.pk for row in chosen[start : start + 50]]
        browser.post(address(cloud, "match/tick"), {**of, "shown": shown, "record": shown})
    browser.post(address(cloud, "match/tick"), {**of, "act": "link"})
    work(cloud)
    page = str(browser.get(address(cloud, "match")).content.decode())
    assert "200 linked" in page
    names = set(cloud.integration.pairs.values_list("left_id", "right_id"))
    assert names == {(row.left_id, row.right_id) for row in chosen}
    written = [call for side in ("aha", "jira") for call in cloud.requests(side) if call[0] != "GET"]
    assert written == [], "nothing is carried until somebody says who counts"


def test_what_is_linked_is_known_to_be_linked_whenever_the_service_ends(cloud: System, browser: Any) -> None:
    """The database refuses to keep what came of the second match, as where the power fails there."""
    from django.db import OperationalError, connection

    from crosswalk.store import errands as rows
    from crosswalk.sync import errands, proposals
    from crosswalk.sync.joining import quiet

    twins(cloud, 3)
    look(cloud, browser, rule=["name"])
    browser.post(address(cloud, "match/tick"), {"of": found(cloud)[0].errand_id, "only": "", "act": "all"})
    asked = {"of": found(cloud)[0].errand_id}
    errand, _ = rows.begin(cloud.integration, errands.LINK, asked, "alice", cloud.now())
    updates: list[str] = []

    def ends(execute: Any, sql: str, *more: Any) -> Any:
        updates.extend([sql] if sql.startswith("UPDATE") and "store_finding" in sql else [])
        if len(updates) == 2:
            raise OperationalError("the power fails")
        return execute(sql, *more)

    with connection.execute_wrapper(ends), pytest.raises(OperationalError):
        proposals.link(errand, quiet)
    assert proposals.link(errand, quiet) == {"linked": 3, "refused": 0}
