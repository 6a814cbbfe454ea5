"""Who somebody is said while runs are under way that missed them, and accounts that are switched off meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection

from crosswalk.merge.records import Ref
from crosswalk.sync import acquaintances
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_load import asked, go
from tests.path.test_people import assignee, jira_person


@contextmanager
def meanwhile(begins: str, do: Callable[[], object], value: str = "") -> Iterator[None]:
    """Have something done once, just before a run's first statement that begins so and holds `value`."""
    done: list[str] = []

    def first(execute: Any, sql: str, values: Any, *rest: Any) -> Any:
        if sql.startswith(begins) and not done and (not value or value in values):
            done.append(sql)
            do()
        return execute(sql, values, *rest)

    with connection.execute_wrapper(first):
        yield
    assert done


def as_it_ends(do: Callable[[], object]) -> AbstractContextManager[None]:
    """As a run ends that asks."""
    return meanwhile("UPDATE store_pair SET done", do, "asking")


@pytest.fixture
def only_in_aha(system: System) -> str:
    """The address of somebody who has no Jira account."""
    users = system.aha.get("/products/FAB/users")["project_users"]
    mails = {person.email.casefold() for person in system.site.people.values()}
    return str(next(one["user"]["email"] for one in users if one["user"]["email"].casefold() not in mails))


def it_is(system: System, who: str) -> None:
    """Somebody says so on the page People."""
    (row,) = acquaintances.unmatched(system.integration)
    acquaintances.say(system.integration, row, who)


def it_is_alice(system: System) -> None:
    it_is(system, "alice@example.com")


def assert_alices(system: System, refs: list[Ref]) -> None:
    for ref in refs:
        pairs = [system.pair(ref), *system.children(ref)]
        assert [(one.state, one.reason) for one in pairs] == [("agreed", "")] * len(pairs)
        assert assignee(system, ref) == "Alice Ng"
        assert_quiet(system, ref)
    assert acquaintances.unmatched(system.integration) == []


def test_as_a_run_that_missed_them_ends(system: System, only_in_aha: str) -> None:
    ref = system.feature("Bell", assigned_to_user=only_in_aha)
    with as_it_ends(lambda: it_is_alice(system)):
        system.send(ref)
    assert_alices(system, [ref])


@pytest.mark.parametrize("by", ["address", "account"])
def test_in_jira_as_a_run_that_missed_them_ends(system: System, by: str) -> None:
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    dana = jira_person(system, "dana")
    dana.email = "nobody@example.com"
    user = next(one["user"] for one in system.aha.get("/products/FAB/users")["project_users"])
    system.jira.edit(key, assignee={"accountId": dana.account_id} if system.flavour == "cloud" else {"name": dana.name})
    with as_it_ends(lambda: it_is(system, user["email"] if by == "address" else user["id"])):
        look(system, ref)
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert system.aha.record("features", ref.key)["assigned_to_user"]["email"] == user["email"]
    assert acquaintances.unmatched(system.integration) == []


def test_as_a_run_asks_jira_for_them(system: System, only_in_aha: str) -> None:
    """The run had read the table, and nobody was missed yet: the line comes from a table that was uploaded."""
    user = next(
        one["user"]
        for one in system.aha.get("/products/FAB/users")["project_users"]
        if one["user"]["email"] == only_in_aha
    )
    alice = jira_person(system, "alice")
    account = alice.account_id if system.flavour == "cloud" else alice.name
    head = ",".join(acquaintances.COLUMNS)
    ref = system.feature("Bell", assigned_to_user=only_in_aha)
    table = f"{head}\n{user['id']},Emil,,{account},Alice Ng\n"
    with meanwhile("INSERT INTO store_need", lambda: acquaintances.from_csv(system.integration, table)):
        system.send(ref)
    assert_alices(system, [ref])


def test_as_a_page_of_a_load_that_missed_them_ends(system: System, only_in_aha: str) -> None:
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Spring"}})["release"]["id"]
    refs = [system.feature(f"Bell {number}", 1, release=release, assigned_to_user=only_in_aha) for number in range(2)]
    below = system.aha.record("features", refs[0].key)["requirements"][0]["id"]
    system.aha.put(f"/requirements/{below}", {"requirement": {"assigned_to_user": only_in_aha}})
    with as_it_ends(lambda: it_is_alice(system)):
        go(system, asked(system, release))
    system.pass_time(60)
    system.drain()
    assert_alices(system, refs)
