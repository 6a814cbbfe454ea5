"""What people did is written down: sign-ins, settings, sends, decisions; append-only, without secrets, as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.remote.servers import client_certificate
from tests.web.conftest import PASSWORD

from crosswalk.cli import main
from crosswalk.store import acts, versions
from crosswalk.store.acts import Deed, Who
from crosswalk.store.models import Act
from crosswalk.sync.csvfile import as_csv


def _last() -> Act:
    found = Act.objects.order_by("-id").first()
    assert found is not None
    return found


def test_sign_ins_and_wrong_passwords_are_written_down(stranger: Any) -> None:
    stranger.post("/login/", {"username": "alice", "password": "wrong"})
    assert (_last().person, _last().what, _last().done) == ("alice", "Wrong name or password", False)
    stranger.post("/login/", {"username": "alice", "password": PASSWORD})
    assert (_last().person, _last().what, _last().address) == ("alice", "Signed in", "127.0.0.1")
    stranger.post("/logout/")
    assert (_last().person, _last().what) == ("alice", "Signed out")


def test_a_name_nobody_has_is_not_kept_because_it_may_be_a_password(stranger: Any) -> None:
    stranger.post("/login/", {"username": "my secret password", "password": "x"})
    assert _last().person == ""
    assert "secret" not in str(vars(_last()))


def test_settings_are_kept_with_what_was_before_and_after(client: Any, integration: Any) -> None:
    client.post(f"/integrations/{integration.pk}/enable/", {"enabled": "no"})
    line = _last()
    assert (line.person, line.kind, line.about) == ("alice", "settings", "Boats")
    assert (line.before, line.after) == ({"enabled": True}, {"enabled": False})
    page = client.get("/acts/").content
    assert b"Enabling or pausing" in page
    assert b"Boats is paused." in page


BY_PROXY = ("proxy", "client certificate", "proxy sign-in")


def test_a_connection_keeps_what_changed_and_never_its_secrets(client: Any, integration: Any, tmp_path: Path) -> None:
    jira = integration.jira
    form = {"name": "Sea", "address": "https://sea.example", "user": "eve", "secret": "hush-hush", "authority": ""}
    form["version"] = jira.updated_at.isoformat()
    own = client_certificate(tmp_path)
    form |= {"certificate": own, "proxy": "http://proxy.example:3128", "proxy_login": "pat:psst-psst"}
    client.post(f"/connections/{jira.pk}/", form)
    line = _last()
    assert line.kind == "connection"
    assert [line.before[name] for name in BY_PROXY] == ["", "", ""]
    assert [line.after[name] for name in BY_PROXY] == ["http://proxy.example:3128", "a new one", "a new one"]
    assert (line.before["name"], line.after["name"]) == ("Boats Jira", "Sea")
    assert line.after["secret"] == "a new one"
    page = client.get("/acts/").content.decode()
    for hidden in ("hush-hush", "psst-psst", own.splitlines()[1]):
        assert hidden not in f"{vars(line)} {page}"
    jira.refresh_from_db()
    stays = {**form, "version": jira.updated_at.isoformat(), "secret": "", "certificate": "", "proxy_login": ""}
    client.post(f"/connections/{jira.pk}/", {**stays, "name": "Sound", "forget": ["certificate"]})
    line = _last()
    assert (line.before["client certificate"], line.after["client certificate"]) == ("one", "")
    assert set(line.after) == {"name", "client certificate"}


def test_roles_sends_and_refusals_are_written_down(client: Any, as_role: Any, integration: Any) -> None:
    as_role("viewer")
    vic = User.objects.get(username="vic")
    client.post(f"/accounts/{vic.pk}/", {"do": "role", "role": "editor"})
    assert (_last().about, _last().before, _last().after) == ("vic", {"role": "viewer"}, {"role": "editor"})
    client.post(f"/integrations/{integration.pk}/send/", {"record": "feature:7:BOAT-7"})
    assert (_last().kind, _last().said) == ("send", "BOAT-7 is on its way to Jira.")
    integration.enabled = False
    integration.save()
    client.post(f"/integrations/{integration.pk}/send/", {"record": "feature:7:BOAT-7"})
    assert not _last().done
    assert "The integration is not enabled yet." in _last().said


def test_a_change_of_the_mapping_that_is_dropped_is_written_down(client: Any, integration: Any) -> None:
    draft = versions.propose(integration, {}, "alice", "Tags, direction: off → both.", timezone.now())
    client.post(f"/integrations/{integration.pk}/change/word/", {"draft": draft.pk, "word": "drop"})
    assert versions.draft(integration) is None
    line = _last()
    assert (line.kind, line.about, line.done) == ("approval", "Boats", True)
    assert line.said == "The change is dropped; the mapping is as it was."


def test_the_database_refuses_to_change_or_delete_a_line(client: Any, integration: Any) -> None:
    client.post(f"/integrations/{integration.pk}/enable/", {"enabled": "no"})
    for attempt in (lambda: Act.objects.update(person="eve"), lambda: Act.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert _last().person == "alice"


@pytest.mark.postgres
def test_postgresql_refuses_it_too(postgresql: Any) -> None:
    acts.note(Who("alice"), Deed("send", "x"), timezone.now())
    for attempt in (lambda: Act.objects.update(person="eve"), lambda: Act.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert _last().person == "alice"


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"one", "two", "three"}),
        ("person=eve", {"two"}),
        ("kind=send", {"one"}),
        ("kind=nonsense", {"one", "two", "three"}),
        ("q=THR", {"three"}),
        ("since=2026-11-02", {"two", "three"}),
        ("since=2026-13-99", {"one", "two", "three"}),
        ("person=eve&kind=send", set()),
        ("q=%00", {"one", "two", "three"}),
        ("page=99999999999999999999", {"one", "two", "three"}),
    ],
)
def test_the_page_and_the_file_show_what_fits_the_filter(client: Any, query: str, seen: set[str]) -> None:
    start = timezone.now().replace(year=2026, month=11, day=1, hour=12)
    acts.note(Who("alice"), Deed("send", "one"), start)
    acts.note(Who("eve"), Deed("settings", "two"), start.replace(day=2))
    acts.note(Who("alice"), Deed("account", "three"), start.replace(day=3))
    page = client.get(f"/acts/?{query}").content.decode()
    assert {name for name in ("one", "two", "three") if f"· {name}" in page} == seen
    lines = list(csv.DictReader(io.StringIO(client.get(f"/acts/acts.csv?{query}").content.decode())))
    assert {line["what"] for line in lines} - {"Signed in"} == seen


def test_network_addresses_are_for_owners(client: Any, as_role: Any) -> None:
    acts.note(Who("alice", "page", "192.0.2.77"), Deed("sign-in", "Signed in"), timezone.now())
    for path in ("/acts/", "/acts/acts.csv"):
        assert b"192.0.2.77" in client.get(path).content
        assert b"192.0.2.77" not in as_role("viewer").get(path).content


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_cell_is_never_a_formula(client: Any, cell: str) -> None:
    acts.note(Who("alice"), Deed("send", "x", cell), timezone.now())
    lines = list(csv.reader(io.StringIO(client.get("/acts/acts.csv").content.decode(), newline="")))
    found = lines[1][lines[0].index("about")]
    odd = {"\r=1": "\\r=1", "\t=1": "'\t'=1"}  # a control character is written out, and a tab may end a cell
    assert found == odd.get(cell, f"'{cell}")


def test_an_ordinary_cell_stays_as_it_is() -> None:
    text = as_csv(("a", "b"), [("1 + 1", 'say "x", y')])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["1 + 1", 'say "x", y']]


def test_hostile_words_are_shown_as_words(client: Any) -> None:
    acts.note(Who("<b>x</b>"), Deed("send", "<script>1</script>", before={"<i>": "<u>"}), timezone.now())
    page = client.get("/acts/").content
    assert b"<script>1" not in page
    assert b"<i>" not in page
    assert b"<u>" not in page


def test_of_two_who_change_a_connection_the_second_is_told_and_nothing_is_half_saved(
    client: Any, as_role: Any, integration: Any
) -> None:
    jira = integration.jira
    seen = jira.updated_at.isoformat()
    common = {"user": "eve", "authority": "", "secret": "s", "version": seen}
    assert client.post(f"/connections/{jira.pk}/", {"name": "A", "address": "https://a.example", **common}).url
    answer = client.post(f"/connections/{jira.pk}/", {"name": "B", "address": "https://b.example", **common})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody saved this connection after you opened it" in page
    assert "It is “A” now." in page
    assert "It is “https://a.example” now." in page
    jira.refresh_from_db()
    assert (jira.name, jira.address) == ("A", "https://a.example")
    assert 'value="B"' in page
    version = page.split('name="version" value="')[1].split('"')[0]
    again = {"name": "B", "address": "https://b.example", **common, "version": version}
    assert client.post(f"/connections/{jira.pk}/", again).status_code == 302
    jira.refresh_from_db()
    assert jira.name == "B"


def test_of_two_owners_who_give_a_role_the_second_is_told(client: Any, as_role: Any) -> None:
    as_role("viewer")
    vic = User.objects.get(username="vic")
    client.post(f"/accounts/{vic.pk}/", {"do": "role", "role": "owner", "was": "viewer"})
    page = client.post(f"/accounts/{vic.pk}/", {"do": "role", "role": "editor", "was": "viewer"}, follow=True)
    assert b"somebody made vic owner meanwhile" in page.content
    assert User.objects.get(username="vic").is_superuser


def test_what_is_done_on_the_command_line_is_kept_too(alice: Any) -> None:
    done = CliRunner().invoke(main, ["password", "alice", "--password", "tram, lamp, thirty boats"])
    assert done.exit_code == 0, done.output
    line = _last()
    assert (line.way, line.kind, line.what, line.about) == ("command line", "account", "Setting a password", "alice")
    assert line.person
    assert "tram" not in str(vars(line))
    refused = CliRunner().invoke(main, ["password", "nobody", "--password", "tram, lamp, thirty boats"])
    assert refused.exit_code == 1
    assert Act.objects.count() == 1


def test_a_command_that_only_looks_leaves_no_line(integration: Any) -> None:
    looked = CliRunner().invoke(main, ["deletions", "Boats"])
    assert looked.exit_code == 0, looked.output
    assert not Act.objects.exists()
