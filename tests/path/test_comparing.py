"""A sweep reads Aha!'s list once, and one that is cut off goes on where it was."""

from __future__ import annotations

import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import Ref
from tests.path.looking import compared
from tests.path.system import System


@pytest.fixture
def sent(cloud: System) -> list[Ref]:
    from crosswalk.sync import service

    refs = [cloud.feature(f"Bell {number}", 1) for number in range(4)]
    service.send(cloud.integration, refs, "a test")
    cloud.drain()
    cloud.pass_time(60)
    cloud.forget()
    return refs


def asked(system: System, side: str) -> list[str]:
    found = [path.partition("?")[0].rpartition("/")[2] for _, path in system.requests(side)]
    system.forget()
    return found


def test_the_list_is_read_once_and_shows_what_stands_below(cloud: System, sent: list[Ref]) -> None:
    assert compared(cloud) == 0
    assert asked(cloud, "aha").count("features") == 1
    child = cloud.children(sent[2])[0]
    cloud.aha.rename("requirements", child.left_id, "Ding")
    cloud.aha.rename("features", sent[0].key, "Dong")
    assert compared(cloud) == 2


def test_a_sweep_that_is_cut_off_goes_on_where_it_was(cloud: System, sent: list[Ref]) -> None:
    cloud.aha.rename("features", sent[0].key, "Dong")
    cloud.forget()
    cloud.fault("jira", kind="status", status=500, path_regex="/version", times=99)
    with pytest.raises(CrosswalkError):
        compared(cloud)
    assert asked(cloud, "aha").count("features") == 1
    _well(cloud)
    assert compared(cloud, name="compare") == 1, "another sweep is another one"
    assert asked(cloud, "aha").count("features") == 1
    assert compared(cloud) == 1, "what was found before the cut is not forgotten"
    assert "features" not in asked(cloud, "aha")
    assert compared(cloud) == 0, "what was found is about to be looked at"
    assert asked(cloud, "aha").count("features") == 1, "the next one begins anew"
    cloud.drain()
    cloud.aha.rename("features", sent[1].key, "Ding")
    assert compared(cloud) == 1


def test_one_that_was_cut_off_long_ago_begins_anew(cloud: System, sent: list[Ref]) -> None:
    cloud.fault("jira", kind="status", status=500, path_regex="/version", times=99)
    with pytest.raises(CrosswalkError):
        compared(cloud)
    _well(cloud)
    cloud.pass_time(3 * 3600)
    asked(cloud, "aha")
    assert compared(cloud) == 0
    assert asked(cloud, "aha").count("features") == 1


def _well(system: System) -> None:
    import httpx2

    from tests.path.system import TLS

    httpx2.delete(f"{system.jira_at.address}/_sandbox/faults", verify=TLS)
