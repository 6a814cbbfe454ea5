"""The large seeds, made small: the same at every start, and with everything that the real one has."""

from __future__ import annotations

import pytest

from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.seeds import account_for
from crosswalk_sandbox.aha.show import Show
from crosswalk_sandbox.jira.seeds import plant
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.packed import packed


def test_a_large_account_has_all_that_hangs_on_a_feature_and_is_always_the_same() -> None:
    def shown() -> tuple[bytes, ...]:
        account = account_for("large:250", VirtualClock())
        return tuple(
            packed(long_form(Show(account, ""), one)) for kind in ("feature", "release") for one in account.all(kind)
        )

    account = account_for("large:250", VirtualClock())
    assert (account.count("feature"), account.count("requirement"), account.count("release")) == (250, 1000, 3)
    assert len({one.owner.id for one in account.all("feature") if one.owner}) > 50
    assert len({tag for one in account.all("feature") for tag in one.tags}) == 12
    assert len(account.attachments) == 63
    assert any("<table>" in one.description.body for one in account.all("feature"))
    assert shown() == shown()


@pytest.mark.parametrize("flavour", ["cloud", "dc"])
def test_a_large_site_has_all_that_hangs_on_an_issue_and_is_always_the_same(flavour: str) -> None:
    site, again = (plant("large:300", flavour, VirtualClock()) for _ in range(2))
    issues = list(site.issues.values())
    assert len(issues) == 300
    assert {site.types[one.type].name for one in issues} == {"Epic", "Story", "Task", "Bug", "Sub-task"}
    link = "parent" if flavour == "cloud" else "customfield_10014"
    assert sum(bool(one.values.get(link)) for one in issues) > 150
    assert all(site.types[one.type].level >= 0 or one.values["parent"] for one in issues[10:])
    assert len(site.attachments) == 15
    assert sum(len(one.comments) for one in issues) == 30
    assert [(one.key, one.values, one.rank) for one in issues] == [
        (one.key, one.values, one.rank) for one in again.issues.values()
    ]


@pytest.mark.parametrize("seed", ["large:", "large:x", "large:-1", "huge", "large:999999999"])
def test_a_seed_there_is_none_of_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match=r"seed|at most"):
        account_for(seed, VirtualClock())
    with pytest.raises(ValueError, match=r"seed|at most"):
        plant(seed, "cloud", VirtualClock())
