"""A word on what a comparison stopped at is about what its words said, is used once, and is not lost: in many processes
at once, some of them killed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from crosswalk.errors import CrosswalkError, Refused
from crosswalk.sync import service
from tests.path.system import System
from tests.path.test_approving import MANY, empty, look, names, number, pairs, woken
from tests.path.test_commands import APPROVED, COMPARE, SWEEP, approve, work
from tests.path.test_mapping_change import _propose, _run, _tags
from tests.path.test_refused_parts import allow

__all__ = ["pairs"]


@contextmanager
def killed_before(begins: str) -> Iterator[None]:
    """The process ends before the first statement that begins so."""

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(begins):
            raise OperationalError("the process was killed")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile), pytest.raises(OperationalError):
        yield


@contextmanager
def as_it_has_read(do: Callable[[], object]) -> Iterator[None]:
    """Have something happen once, as a comparison has read everything, and looks at what it found."""
    done: list[str] = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "store_sweeppage"'):
            done.append("read")
        elif sql.startswith('DELETE FROM "store_sweeppage"') and "read" in done and "over" not in done:
            done.append("over")
            do()
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        yield
    assert "over" in done


@pytest.mark.parametrize(
    "statement", ['UPDATE "store_integration" SET "stopped"', 'INSERT INTO "store_sweeppage"', 'DELETE FROM "store_sw']
)
def test_a_worker_that_is_killed_leaves_no_words_about_something_else(
    cloud: System, pairs: list[Any], statement: str
) -> None:
    """What nobody was shown would be carried with what the words on the page say."""
    shown = look(cloud)
    empty(cloud, pairs)
    with killed_before(statement):
        while True:
            work(cloud, SWEEP)
    cloud.integration.refresh_from_db()
    assert f"({MANY} overwritten)" in cloud.integration.stopped
    assert number(look(cloud)) == number(shown)
    work(cloud, SWEEP)
    assert f"({MANY} emptied)" in cloud.integration.stopped
    assert "not what you were shown" in approve(shown)
    assert woken() == 0


def test_who_reads_the_words_just_before_others_are_stopped_approves_nothing(cloud: System, pairs: list[Any]) -> None:
    from crosswalk.sync import approving

    read = type(cloud.integration).objects.get(pk=cloud.integration.pk)
    assert approving.shown(read) > 0
    empty(cloud, pairs)
    work(cloud, SWEEP)
    assert approving.shown(read) == 0
    with pytest.raises(Refused):
        approving.approve(cloud.integration, approving.shown(read), "olga")


@pytest.mark.parametrize("paused", ["integration", "connection"])
def test_what_was_approved_as_something_was_paused_is_carried_afterwards(
    cloud: System, pairs: list[Any], paused: str
) -> None:
    from crosswalk.store.models import Connection

    approve(look(cloud))
    jira = Connection.objects.filter(pk=cloud.integration.jira_id)
    if paused == "integration":
        service.set_enabled(cloud.integration, False, "olga")
    else:
        jira.update(paused="The password was refused.")
    work(cloud, APPROVED)
    cloud.engine.keys.clear()
    assert (woken(), cloud.integration.stopped) != (MANY, "")
    if paused == "integration":
        service.set_enabled(cloud.integration, True, "olga")
    else:
        jira.update(paused="")
    work(cloud, SWEEP)
    assert cloud.engine.keys[f"approval:{cloud.integration.pk}"] == "approval"
    work(cloud, APPROVED)
    assert (woken(), cloud.integration.stopped) == (MANY, "")
    cloud.engine.keys.clear()
    cloud.drain()
    work(cloud, SWEEP)
    assert f"approval:{cloud.integration.pk}" not in cloud.engine.keys
    assert "All the same" in names(cloud)


def test_of_two_who_use_a_change_at_once_neither_takes_the_word_of_the_other(cloud: System) -> None:
    """As at two web processes, which both read the draft before either used it."""
    from crosswalk.store.models import MappingVersion
    from crosswalk.sync import drafts

    tagged = [cloud.send(cloud.feature(f"Bell {number}", tags="a")) for number in range(MANY)]
    for pair in tagged:
        cloud.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"labels": ["z"]}})
    draft = _propose(cloud, _tags(cloud, "to jira"))
    _run()
    one, other = (MappingVersion.objects.select_related("integration").get(pk=draft.pk) for _ in range(2))
    drafts.use(one, "alice")
    with pytest.raises(Refused, match="changed meanwhile"):
        drafts.use(other, "bob")
    work(cloud, APPROVED)
    assert (woken(), cloud.integration.stopped) == (MANY, "")


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize("name", [SWEEP, COMPARE])
def test_a_comparison_beside_an_approved_one_stops_at_nothing_that_is_carried(
    cloud: System, pairs: list[Any], name: str, carried: bool
) -> None:
    """It had read the records before they were carried."""
    approve(look(cloud))

    def meanwhile() -> None:
        work(cloud, APPROVED)
        if carried:
            cloud.drain()

    cloud.jira.rename(pairs[0].right_key, "By hand")
    with as_it_has_read(meanwhile):
        work(cloud, name)
    assert cloud.integration.stopped == ""
    assert woken() == (0 if carried else MANY)
    cloud.drain()
    assert {"All the same", "By hand"} <= names(cloud)


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("name", [SWEEP, APPROVED])
def test_a_comparison_begins_anew_where_the_mapping_was_changed(cloud: System, name: str, cut: bool) -> None:
    """What it had compared was in step by the mapping of before: where it was cut off, and while it reads."""
    for at in range(3):
        cloud.send(cloud.feature(f"Bell {at}", tags="brass"))
    cloud.pass_time(5)
    if cut:
        cloud.fault("jira", kind="status", status=500, path_regex="/version", times=99)
        with pytest.raises(CrosswalkError):
            work(cloud, name)
        allow(cloud)
        cloud.pass_time(5)
        service.set_mapping(cloud.integration, _tags(cloud, "to jira"))
    else:
        cloud.engine.keys.clear()
        with as_it_has_read(lambda: service.set_mapping(cloud.integration, _tags(cloud, "to jira"))):
            work(cloud, name)
        assert (woken(), cloud.engine.keys.pop(f"{name}:{cloud.integration.pk}")) == (0, name)
    cloud.pass_time(5)
    work(cloud, name)
    assert (woken(), cloud.integration.stopped) == (3, "")
    cloud.drain()
    cloud.engine.keys.clear()
    work(cloud, name)
    assert woken() == 0
