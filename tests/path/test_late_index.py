"""A create whose answer was lost, while search does not know the new issue yet: it is not made again."""

from __future__ import annotations

from tests.path.looking import assert_quiet
from tests.path.system import System


def test_an_issue_is_made_once_although_search_is_late(system: System) -> None:
    ref = system.feature("Bell", requirements=1)
    before = len(system.site.issues)
    system.fault("jira", kind="lag", seconds=30, times=0)
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue$")
    system.send(ref)
    system.pass_time(120)
    system.drain()
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert len(system.site.issues) == before + 2
    assert_quiet(system, ref)
