"""People: by the table, by exact address, by who stands in; never by a guess. The missing are listed."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.sync import acquaintances
from tests.path.looking import assert_quiet, look
from tests.path.system import System


@pytest.fixture
def stranger(system: System) -> Ref:
    """A feature assigned to somebody who has no Jira account with that address; sent."""
    users = system.aha.get("/products/FAB/users")["project_users"]
    mails = {person.email.casefold() for person in system.site.people.values()}
    who = next((one["user"] for one in users if one["user"]["email"].casefold() not in mails), None)
    assert who is not None, "the sandbox has nobody who is in Aha! alone"
    ref = system.feature("Bell", assigned_to_user=who["email"])
    system.send(ref)
    return ref


def assignee(system: System, ref: Ref) -> str:
    found = system.issue(system.pair(ref).right_key)["assignee"]
    return str(found["displayName"]) if found else ""


def row(system: System) -> Any:
    (found,) = acquaintances.unmatched(system.integration)
    return found


def test_who_is_missing_is_listed_and_matched_by_hand(system: System, stranger: Ref) -> None:
    assert assignee(system, stranger) == ""
    missing = row(system)
    assert missing.needed >= 1
    acquaintances.say(system.integration, missing, "alice@example.com")
    system.drain()
    look(system, stranger)
    assert assignee(system, stranger) == "Alice Ng"
    assert acquaintances.unmatched(system.integration) == []
    assert system.pair(stranger).state == "agreed", system.pair(stranger).reason
    assert_quiet(system, stranger)


def test_an_address_nobody_has_is_refused(system: System, stranger: Ref) -> None:
    with pytest.raises(Refused, match="exactly the address"):
        acquaintances.say(system.integration, row(system), "nobody@example.com")
    with pytest.raises(Refused, match="Nobody was named"):
        acquaintances.say(system.integration, row(system), "  ")


def test_somebody_stands_in_where_the_mapping_says_so(system: System, stranger: Ref) -> None:
    system.remap(people={"jira": "bruno@example.com"})
    look(system, stranger)
    assert assignee(system, stranger) == "Bruno Costa"
    assert_quiet(system, stranger)


def test_the_table_travels_as_csv(system: System, stranger: Ref) -> None:
    acquaintances.say(system.integration, row(system), "alice@example.com")
    text = acquaintances.as_csv(system.integration)
    assert acquaintances.from_csv(system.integration, text) == 1
    assert acquaintances.as_csv(system.integration) == text
    head = text.splitlines()[0]
    assert acquaintances.from_csv(system.integration, f"{head}\n") == 0
    for wrong, words in [
        ("a,b\n", "first line"),
        (f"{head}\n1,2\n", "Line 2 has 2 cells"),
        (f"{head}\n1,a,a@x,2,b\n1,a,a@x,3,c\n", "more than one line"),
        (f"{head}\n{'9' * 201},a,a@x,2,b\n", "200 characters"),
    ]:
        with pytest.raises(Refused, match=words):
            acquaintances.from_csv(system.integration, wrong)


def test_a_cell_is_never_a_formula(system: System) -> None:
    head = ",".join(acquaintances.COLUMNS)
    acquaintances.from_csv(system.integration, f"{head}\n1,=cmd(),a@x,2,@b\n")
    line = acquaintances.as_csv(system.integration).splitlines()[1]
    assert line == "1,'=cmd(),a@x,2,'@b"
    acquaintances.from_csv(system.integration, acquaintances.as_csv(system.integration))
    assert acquaintances.as_csv(system.integration).splitlines()[1] == line
