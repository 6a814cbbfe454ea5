"""A value that a conflict replaced can be put back, and then travels like any edit."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_match_pages import browser, work
from tests.path.test_undo_run import look, press

__all__ = ["browser"]


def conflict(system: System) -> tuple[Ref, Any, Any]:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Left bell")
    system.pass_time(2)
    system.jira.rename(pair.right_key, "Right bell")
    system.wake(pair)
    system.drain()
    assert system.aha.name("features", ref.key) == system.jira.summary(pair.right_key) == "Right bell"
    kept = next(line for line in system.journal(ref) if line.kept)
    assert (kept.old, kept.new) == ("Left bell", "Right bell")
    return ref, pair, kept


def test_the_losing_value_can_be_put_back(system: System) -> None:
    from crosswalk.sync import service

    ref, pair, kept = conflict(system)
    assert service.put_back(kept.pk, "a test") == "Name"
    system.drain()
    assert system.aha.name("features", ref.key) == system.jira.summary(pair.right_key) == "Left bell"


def test_what_can_not_be_put_back_is_refused_in_words(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service

    ref, _, _ = conflict(cloud)
    plain = next(line for line in cloud.journal(ref) if not line.kept)
    for entry_id in (plain.pk, 10**9):
        with pytest.raises(Refused):
            service.put_back(entry_id, "a test")
    status = JournalEntry.objects.create(
        at=cloud.now(),
        integration=cloud.integration,
        pair=cloud.pair(ref),
        what="x",
        side="left",
        field="Status",
        kept='"New"',
    )
    with pytest.raises(Refused, match="Only Jira may set Status"):
        service.put_back(status.pk, "a test")


def test_what_somebody_changed_since_stays_and_is_said(cloud: System) -> None:
    from crosswalk.sync import service

    ref, pair, kept = conflict(cloud)
    cloud.aha.rename("features", ref.key, "Bell of lead")
    with pytest.raises(Refused, match="Name holds “Bell of lead” in Aha! now: somebody changed it since"):
        service.put_back(kept.pk, "a test")
    assert cloud.aha.name("features", ref.key) == "Bell of lead"
    cloud.wake(pair)
    cloud.drain()
    cloud.jira.rename(pair.right_key, "Bell of zinc")
    cloud.wake(pair)
    cloud.drain()
    with pytest.raises(Refused, match=r"“Bell of zinc” in Aha! now: run \d+ wrote it since"):
        service.put_back(kept.pk, "a test")
    assert cloud.aha.name("features", ref.key) == cloud.jira.summary(pair.right_key) == "Bell of zinc"


def test_what_is_put_back_already_is_not_written_again(cloud: System) -> None:
    from crosswalk.sync import service

    _, _, kept = conflict(cloud)
    service.put_back(kept.pk, "a test")
    with pytest.raises(Refused, match="Name holds that in Aha! already"):
        service.put_back(kept.pk, "a test")


def test_what_the_undoing_of_a_run_replaced_can_be_put_back(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service, undoing

    ref, pair, _ = conflict(cloud)
    run = next(line.run for line in cloud.journal(ref) if line.wrote and line.new == "Right bell")
    asked = undoing.of_a_run(cloud.pair(ref), run)
    undoing.begin_look(cloud.pair(ref), asked, "a test")
    work(cloud)
    look = undoing.looked(cloud.pair(ref), asked)
    assert undoing.begin_revert(look, str(look.pk if look else ""), "a test")
    work(cloud)
    cloud.drain()
    assert cloud.jira.summary(pair.right_key) == "Left bell"
    kept = JournalEntry.objects.filter(pair=pair, run=None).exclude(kept="").get()
    service.put_back(kept.pk, "a test")
    cloud.drain()
    assert cloud.jira.summary(pair.right_key) == cloud.aha.name("features", ref.key) == "Right bell"


def plan(system: System, browser: Any, pair: Any, kept: Any) -> tuple[str, str]:
    """The page's address, and what it says once its plan is made."""
    where = f"/records/{pair.pk}/put-back/{kept.pk}/"
    return where, look(system, browser, where)


def test_a_value_is_put_back_by_a_plan_that_is_shown_first(cloud: System, browser: Any) -> None:
    from crosswalk.store.models import Act

    ref, pair, kept = conflict(cloud)
    assert f'href="/records/{pair.pk}/put-back/{kept.pk}/"' in browser.get(f"/records/{pair.pk}/").content.decode()
    where, page = plan(cloud, browser, pair, kept)
    assert "<h1>Put Name back</h1>" in page
    assert "<del>Right bell</del>" in page
    assert "<ins>Left bell</ins>" in page
    assert "Needs somebody" not in page
    assert cloud.aha.name("features", ref.key) == "Right bell", "a look writes nothing"
    why = browser.get(f"/records/{pair.pk}/why/", {"field": "Name"}).content.decode()
    assert f'<a href="/records/{pair.pk}/#history">the history of {ref.key}</a>' in why
    done = press(cloud, browser, where, page)
    assert "1 field put back" in done
    assert "Look again" not in done
    assert "Leave it" not in done
    assert cloud.aha.name("features", ref.key) == cloud.jira.summary(pair.right_key) == "Left bell"
    assert "Name was put back as it had been." in [line.what for line in cloud.journal(ref)]
    assert Act.objects.filter(said="Name is being put back.", person="alice").count() == 1
    assert_quiet(cloud, ref)


def test_what_was_changed_since_is_shown_in_the_plan_and_kept_when_it_is_replaced(cloud: System, browser: Any) -> None:
    ref, pair, kept = conflict(cloud)
    cloud.aha.rename("features", ref.key, "Bell of <b>lead</b>")
    where, page = plan(cloud, browser, pair, kept)
    assert "It holds “Bell of &lt;b&gt;lead&lt;/b&gt;” in Aha! now: somebody changed it since." in page
    assert "<del>Bell of &lt;b&gt;lead&lt;/b&gt;</del>" in page
    cloud.aha.rename("features", ref.key, "Bell of zinc")
    assert "is not what was shown" in press(cloud, browser, where, page), "only what was seen is replaced"
    assert cloud.aha.name("features", ref.key) == "Bell of zinc"
    where, page = plan(cloud, browser, pair, kept)
    assert "1 field put back" in press(cloud, browser, where, page)
    assert cloud.aha.name("features", ref.key) == cloud.jira.summary(pair.right_key) == "Left bell"
    assert "Bell of zinc" in [line.old for line in cloud.journal(ref) if line.kept]


def test_a_plan_to_put_back_says_why_it_can_not_be(cloud: System, browser: Any) -> None:
    ref, pair, kept = conflict(cloud)
    cloud.aha.rename("features", ref.key, "Left bell")
    _, page = plan(cloud, browser, pair, kept)
    assert "There is nothing to do: Name holds “Left bell” in Aha! already." in page
    assert 'class="trouble"' not in page
    assert "Put it back" not in page
    plain = next(line for line in cloud.journal(ref) if not line.kept)
    assert "keeps no value that could be put back" in plan(cloud, browser, pair, plain)[1]
    assert browser.get(f"/records/{pair.pk}/put-back/{10**9}/").status_code == 404
