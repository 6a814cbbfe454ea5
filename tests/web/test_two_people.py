"""Two people at once on pages: the second one is told what the first did, and nothing is half-saved or overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

HEAD = "aha_id,aha_name,aha_email,jira_id,jira_name\n"


@pytest.fixture
def two(as_role: Callable[[str], Any]) -> tuple[Any, Any]:
    """The browsers of Alice and of Eve, both of whom may do all of this."""
    return as_role("owner"), as_role("editor")


def _said(browser: Any, address: str, data: dict[str, Any]) -> str:
    return str(browser.post(address, data, follow=True).content.decode())


def _marked(browser: Any, address: str, name: str) -> str:
    """What a page of somebody's remembers of the moment it was made."""
    page: str = browser.get(address).content.decode()
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_a_pause_is_made_once(two: tuple[Any, Any], integration: Any) -> None:
    from crosswalk.store.models import JournalEntry

    address = f"/integrations/{integration.pk}/enable/"
    assert "Boats is paused." in _said(two[0], address, {"enabled": "no"})
    assert "Boats was paused already: nothing was done now." in _said(two[1], address, {"enabled": "no"})
    assert list(JournalEntry.objects.filter(what="Paused.").values_list("person", flat=True)) == ["alice"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_somebody_is_said_once(two: tuple[Any, Any], integration: Any, side: str) -> None:
    from crosswalk.store import people
    from crosswalk.store.models import Acquaintance

    row = Acquaintance.objects.create(integration=integration, side=side, person_id="7", name="Emil", needed=1)
    address = f"/integrations/{integration.pk}/people/{row.pk}/"
    assert "Emil is j-1 on the other side." in _said(two[0], address, {"other": "j-1"})
    assert "Somebody said meanwhile who that is" in _said(two[1], address, {"other": "j-2"})
    (match,) = people.matches(integration.pk)
    assert {match.left.id, match.right.id} == {"7", "j-1"}


def test_a_table_does_not_take_the_place_of_one_that_was_not_seen(two: tuple[Any, Any], integration: Any) -> None:
    from crosswalk.store import people

    page = f"/integrations/{integration.pk}/people/"
    seen = [_marked(one, page, "seen") for one in two]

    def upload(browser: Any, mark: str, lines: str) -> str:
        file = SimpleUploadedFile("people.csv", f"{HEAD}{lines}".encode())
        return _said(browser, f"{page}upload/", {"table": file, "seen": mark})

    assert "The table has 1 line now." in upload(two[0], seen[0], "1,Ann,,j1,Ann\n")
    assert "Somebody changed the table since this page was shown." in upload(two[1], seen[1], "2,Bo,,j2,Bo\n")
    assert [one.left.id for one in people.matches(integration.pk)] == ["1"]
    assert "The table has 2 lines now." in upload(two[1], _marked(two[1], page, "seen"), "1,,,j1,\n2,Bo,,j2,Bo\n")


def test_deletes_are_answered_once_and_only_those_that_were_shown(
    two: tuple[Any, Any], integration: Any, pair: Any
) -> None:
    from crosswalk.store.models import RemovalRow

    def wanted(number: int) -> Any:
        made = pair(number, state="asking", kind="feature")
        return RemovalRow.objects.create(pair=made, side="right", since=made.agreed_at)

    rows = [wanted(1), wanted(2)]
    seen = [_marked(one, f"/integrations/{integration.pk}/?state=attention", "last") for one in two]
    rows.append(wanted(3))
    address = f"/integrations/{integration.pk}/deletions/"
    assert "2 records are being deleted." in _said(two[0], address, {"answer": "yes:right", "last": seen[0]})
    late = _said(two[1], address, {"answer": "no:right", "last": seen[1]})
    assert "Nothing waits for this answer any more: somebody gave one" in late
    for row in rows:
        row.refresh_from_db()
    assert [(row.word, row.person) for row in rows] == [("yes", "alice"), ("yes", "alice"), ("", "")]


def test_what_one_imports_is_not_imported_or_ignored_by_the_other(two: tuple[Any, Any], integration: Any) -> None:
    from django.utils import timezone

    from crosswalk.store.models import Errand, Finding

    now = timezone.now()
    look = Errand.objects.create(integration=integration, what="seek", asked_at=now, finished_at=now, result={})
    row = Finding.objects.create(errand=look, place=0, kind="feature", clear=True, right_kind="issue", right_key="S-1")
    address = f"/integrations/{integration.pk}/import/take/"
    sent = {"of": look.pk, "shown": row.pk, "record": row.pk}
    assert "Waiting for its turn" in _said(two[0], address, {**sent, "act": "import"})
    assert "alice is importing or ignoring issues now." in _said(two[1], address, {**sent, "act": "ignore"})
    (bringing,) = Errand.objects.filter(what="bring")
    assert bringing.asked["act"] == "import"
    Errand.objects.filter(pk=bringing.pk).update(finished_at=now, result={"act": "import", "count": 1, "refused": 0})
    Finding.objects.filter(pk=row.pk).update(state="done")
    assert "What you ticked was imported or ignored meanwhile." in _said(two[1], address, {**sent, "act": "ignore"})
    assert Errand.objects.filter(what="bring").count() == 1


def test_a_name_is_taken_once(two: tuple[Any, Any], integration: Any) -> None:
    """Of two who make something of one name, the second is told beside the field and keeps what was written."""
    from crosswalk.store.models import Connection

    form = {"name": "Sea", "address": integration.jira.address, "user": "", "secret": "x" * 20}
    before = Connection.objects.count()
    two[0].post("/connections/new/jira/", form)
    assert Connection.objects.count() == before + 1
    answer = two[0].post("/connections/new/jira/", form)
    assert (answer.status_code, b"errorlist" in answer.content) == (422, True)
    assert Connection.objects.count() == before + 1
