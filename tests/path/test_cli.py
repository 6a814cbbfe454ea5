"""The commands, run as the command line runs them: what they print, how they end, for a good and a bad call.

One installation for all of them: each test makes the records it needs, and leaves the mapping as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from crosswalk.merge.records import Ref
from tests.path.looking import look
from tests.path.system import TLS, System, running
from tests.path.test_conflicts import asking, both
from tests.path.test_fields import custom, line, put_in_aha, put_in_jira, remap
from tests.path.test_many import project

EXTRA = "customfield_10090"


@pytest.fixture(scope="module")
def stage() -> Iterator[System]:
    with running("cloud") as found:
        project(found, "TIN")
        for workspace in found.account.products:  # no feature is called as an issue of another one
            workspace.counters["feature"] = workspace.counters.get("feature", 0) + 2000
        yield found


@pytest.fixture
def system(stage: System) -> Iterator[System]:
    """The stage, its integration as it was again afterwards, and alone."""
    from crosswalk.store.models import Connection, Integration
    from crosswalk.sync import service

    stage.integration.refresh_from_db()
    kept = stage.integration.mapping, set(Connection.objects.values_list("pk", flat=True))
    yield stage
    Integration.objects.exclude(pk=stage.integration.pk).delete()
    Connection.objects.exclude(pk__in=kept[1]).delete()
    Connection.objects.filter(kind="aha").update(address=stage.aha_at.address)
    stage.integration.refresh_from_db()
    if stage.integration.mapping != kept[0]:
        service.set_mapping(stage.integration, kept[0])
    service.set_enabled(stage.integration, True, "a test")


def called(*words: str, said: str | None = None) -> Result:
    from crosswalk.cli import main

    return CliRunner().invoke(main, list(words), input=said)


def good(*words: str, said: str | None = None) -> str:
    """What a command prints that ends well."""
    found = called(*words, said=said)
    assert (found.exit_code, found.exception) == (0, None), found.output
    return str(found.stdout)


def bad(*words: str, code: int = 1, said: str | None = None) -> str:
    """What a command says on standard error that ends with `code`; never a trace."""
    found = called(*words, said=said)
    assert found.exit_code == code, found.output
    assert isinstance(found.exception, SystemExit)
    return str(found.stderr)


def acts(what: str) -> list[Any]:
    from crosswalk.store.models import Act

    return list(Act.objects.filter(what=what).order_by("-id"))


# ---- connecting ----


def entered(system: System, name: str, *more: str) -> tuple[str, ...]:
    user = ("--user", system.jira_at.user)
    return ("connect", name, "--side", "jira", "--address", system.jira_at.address, *user, *more)


def by_question(system: System, tmp_path: Path) -> tuple[tuple[str, ...], str | None]:
    return (), f"{system.jira_at.secret}\n"


def by_file(system: System, tmp_path: Path) -> tuple[tuple[str, ...], str | None]:
    file = tmp_path / "token"
    file.write_text(f"{system.jira_at.secret}\n")
    return ("--secret-file", str(file)), None


def by_input(system: System, tmp_path: Path) -> tuple[tuple[str, ...], str | None]:
    return ("--secret-file", "-"), f"{system.jira_at.secret}\n"


@pytest.mark.parametrize("way", [by_question, by_file, by_input])
def test_a_connection_is_made_and_tested_and_its_secret_is_shown_nowhere(
    system: System, tmp_path: Path, way: Callable[[System, Path], tuple[tuple[str, ...], str | None]]
) -> None:
    from crosswalk.store.models import Connection

    more, said = way(system, tmp_path)
    found = called(*entered(system, "Second Jira", *more), said=said)
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("Second Jira: Jira ")
    assert "signed in as Alice Ng" in found.stdout
    made = Connection.objects.get(name="Second Jira")
    assert (made.secret.reveal(), made.server["account"]) == (system.jira_at.secret, "Alice Ng")
    (act, *_) = acts("Saving a connection")
    assert (act.about, act.said) == ("Second Jira", f"jira {system.jira_at.address}")
    assert system.jira_at.secret not in found.output + act.said


def test_a_connection_is_changed_and_keeps_its_secret(system: System) -> None:
    from crosswalk.store.models import Connection

    good(*entered(system, "Second Jira"), said=f"{system.jira_at.secret}\n")
    told = json.loads(good("connect", "Second Jira", "--ends-on", "2099-01-31", "--json"))
    assert (told["connection"], told["ok"], told["product"], told["problems"]) == ("Second Jira", True, "Jira", [])
    changed = Connection.objects.get(name="Second Jira")
    assert (changed.ends_on.isoformat(), changed.secret.reveal()) == ("2099-01-31", system.jira_at.secret)
    assert "Enter the secret for it." in bad("connect", "Second Jira", "--address", "http://127.0.0.1:9")
    assert Connection.objects.get(name="Second Jira").address == system.jira_at.address


def test_a_wrong_secret_is_saved_and_the_command_says_that_it_does_not_work(system: System) -> None:
    found = called(*entered(system, "Second Jira", "--json"), said="wrong\n")
    assert found.exit_code == 1
    told = json.loads(found.stdout)
    assert (told["ok"], told["error"]["code"] != "", "wrong" in found.stdout) == (False, True, False)
    assert "paused: " in good("connections")
    assert good("connect", "Second Jira", "--new-secret", said=f"{system.jira_at.secret}\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("connect", "Third"), "Say which product it is for with --side."),
        (("connect", "The jira", "--side", "aha"), "“The jira” is a connection to Jira."),
        (("connect", "The jira", "--proxy", "http://me:secret@127.0.0.1:1"), "Proxy: Enter name and password below"),
        (("connect", "The jira", "--ends-on", "tomorrow"), "The token ends on: Enter a valid date."),
    ],
)
def test_what_a_connection_can_not_be_changes_nothing(system: System, words: tuple[str, ...], told: str) -> None:
    before = good("connections", "--json")
    assert told in bad(*words)
    assert good("connections", "--json") == before


def test_a_secret_is_no_argument(system: System) -> None:
    assert "No such option" in bad("connect", "Third", "--side", "jira", "--secret", "x", code=2)


def test_connections_are_listed_and_checked(system: System) -> None:
    rows = {row["name"]: row for row in json.loads(good("connections", "--json"))}
    assert {name: row["side"] for name, row in rows.items()} == {"The aha": "aha", "The jira": "jira"}
    assert good("connections").endswith("2 connections.\n")
    told = good("check", "The jira")
    assert told.splitlines()[0].startswith("The jira: Jira ")
    assert "  hooks: " in told
    assert [one["ok"] for one in json.loads(good("check", "--json"))] == [True, True]
    assert "There is no connection “Nobody”. There are: “The aha”, “The jira”." in bad("check", "Nobody")


def test_a_test_that_failed_is_told_until_one_works(system: System) -> None:
    from crosswalk.store.models import Connection

    nowhere = ("connect", "Nowhere", "--side", "jira", "--address", "http://127.0.0.1:9", "--user", "alice")
    assert "refuses the connection" in called(*nowhere, said="secret\n").stdout
    (line,) = [line for line in good("connections").splitlines() if line.startswith("Nowhere: ")]
    assert "the last test failed: The server 127.0.0.1:9 refuses the connection." in line
    assert "“Nowhere” has passed no test yet" in bad("projects", "Nowhere")
    Connection.objects.filter(name="Nowhere").update(name="Found", address=system.jira_at.address)
    good("connect", "Found", "--user", system.jira_at.user, "--new-secret", said=f"{system.jira_at.secret}\n")
    assert "failed" not in good("connections")


def test_a_connection_is_removed_where_nothing_works_over_it(system: System) -> None:
    from crosswalk.store.models import Connection

    good(*entered(system, "Second Jira"), said=f"{system.jira_at.secret}\n")
    assert good("disconnect", "Second Jira") == "Second Jira is removed.\n"
    assert not Connection.objects.filter(name="Second Jira").exists()
    assert acts("Removing a connection")[0].about == "Second Jira"
    told = bad("disconnect", "The jira")
    assert told.startswith("Error: “The jira” is used by “Fable”. An integration keeps its connections;")
    assert "There is no connection “Nobody”." in bad("disconnect", "Nobody")


def test_an_empty_secret_file_is_no_question(system: System) -> None:
    before = good("connections", "--json")
    told = bad(*entered(system, "Second Jira", "--secret-file", "-"), said="")
    assert told == "Error: --secret-file holds no secret. Nothing was saved.\n"
    assert good("connections", "--json") == before


def test_projects_are_searched(system: System) -> None:
    assert good("projects", "The jira", "fab") == "FAB · Fable Bicycles\n"
    assert [one["key"] for one in json.loads(good("projects", "The jira", "--json"))] == ["FAB", "OPS", "TIN"]
    assert [one["key"] for one in json.loads(good("projects", "The aha", "FAB", "--json"))] == ["FAB"]
    found = called("projects", "The jira", "--most", "1")
    assert (len(found.stdout.splitlines()), "more than 1" in found.stderr) == (1, True)
    told = bad("projects", "The jira", "zebra")
    assert 'has “zebra” in its name or key. `crosswalk projects "The jira"` shows all.' in told
    assert "There are: “The aha”, “The jira”." in bad("projects", "Nobody")


def test_an_integration_is_made_enabled_and_paused(system: System) -> None:
    from crosswalk.store.models import Integration

    new = called("new", "Into TIN", "FAB", "TIN")
    assert "Into TIN is made, and not enabled yet." in new.stdout
    assert new.stderr.splitlines()[0].startswith("[1/"), "how far the first load is, beside what programs read"
    assert "issue types" in new.stderr
    made = Integration.objects.get(name="Into TIN")
    assert (made.workspace_key, made.project_key, made.enabled) == ("FAB", "TIN", False)
    states = {one["step"]: one["state"] for one in json.loads(good("steps", "Into TIN", "--json"))}
    assert (states["jira"], states["mapping"], states["enable"]) == ("done", "done", "open")
    assert good("enable", "Into TIN") == "Into TIN is enabled.\n"
    made.refresh_from_db()
    assert made.enabled
    assert "Nothing is lost" in good("pause", "Into TIN")
    made.refresh_from_db()
    assert not made.enabled
    wanted = [("Into TIN", "paused"), ("Into TIN", "enabled")]
    assert [(act.about, act.said) for act in acts("Enabling or pausing")[:2]] == wanted
    assert "There is no workspace “NOPE”. There are: FAB." in bad("new", "Third", "NOPE", "TIN")
    assert "There is no project “NOPE”. There are: FAB, OPS, TIN." in bad("new", "Third", "FAB", "NOPE")
    assert "There is no jira connection “Nobody”." in bad("new", "Third", "FAB", "TIN", "--jira", "Nobody")
    assert "There is an integration “Fable” already." in bad("new", "Fable", "FAB", "TIN")
    assert "There is no integration “Third”." in bad("enable", "Third")
    assert "There is no integration “Third”." in bad("pause", "Third")


def test_webhook_addresses_are_shown_and_the_one_of_jira_is_registered(system: System) -> None:
    from crosswalk.store.models import Connection
    from crosswalk.sync import hooking

    rows = json.loads(good("hook", "Fable", "--show", "--json"))
    wanted = [(side, hooking.address(system.integration, side), "waiting") for side in ("aha", "jira")]
    assert [(row["side"], row["address"], row["state"]) for row in rows] == wanted
    assert rows[1]["secret"] == system.integration.hook_signature.reveal() != ""
    before = len(acts("Registering a webhook"))
    assert f"jira: {wanted[1][1]} (waiting)" in good("hook", "Fable", "--show")
    assert len(acts("Registering a webhook")) == before
    registered = called("hook", "Fable")
    assert registered.stdout == "The webhook is registered in Jira.\n"
    assert registered.stderr == "", "both sides run on this machine, which reaches the address"
    assert good("hook", "Fable") == "Jira has this webhook already.\n"
    assert acts("Registering a webhook")[0].about == "Fable"
    Connection.objects.filter(kind="aha").update(address="https://example.aha.io")
    assert called("hook", "Fable", "--show").stderr.startswith("Only this machine reaches http://127.0.0.1")
    assert "--json goes with --show" in bad("hook", "Fable", "--json", code=2)
    assert "There is no integration" in bad("hook", "Nobody")


# ---- records ----


def test_records_are_sent(system: System) -> None:
    one, other = system.feature("Bell"), system.feature("Horn")
    assert good("send", "Fable", one.key, other.key).startswith("2 records are on their way.")
    system.drain()
    assert [system.pair(ref).state for ref in (one, other)] == ["agreed", "agreed"]
    assert acts("Sending records")[0].said == f"{one.key}, {other.key}"
    assert "There is no feature “FAB-9999” in FAB." in bad("send", "Fable", "FAB-9999")
    assert "Missing argument" in bad("send", "Fable", code=2)
    good("pause", "Fable")
    assert "not enabled" in bad("send", "Fable", one.key)


def test_a_sync_is_asked_for(system: System) -> None:
    from crosswalk.store.models import Pair

    system.send(system.feature("Bell"))
    count = Pair.objects.filter(integration=system.integration).count()
    assert good("sync", "Fable").startswith(f"{count} pairs are being compared.")
    assert f"compare:{system.integration.pk}" in system.engine.keys
    assert "Nothing was stopped, so there is nothing to approve." in bad("sync", "Fable", "--approve", "1")
    assert "requires an argument" in bad("sync", "Fable", "--approve", code=2)
    assert f"approval:{system.integration.pk}" not in system.engine.keys
    assert "There is no integration “Nobody”. There are: “Fable”." in bad("sync", "Nobody")


def test_the_journal_is_printed(system: System) -> None:
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    told = good("log", "Fable", "--record", ref.key)
    assert f"{ref.key} ↔ {key}" in told
    assert "Send to Jira was pressed." in told
    assert set(told.splitlines()) <= set(good("log", "--record", key, "-n", "5000").splitlines())
    assert len(good("log", "-n", "1").splitlines()) <= 2
    none = called("log", "Fable", "--record", "FAB-9999")
    assert (none.exit_code, none.stdout, none.stderr) == (0, "", "The journal holds no line about that yet.\n")
    assert "There is no integration “Nobody”." in bad("log", "Nobody")
    assert "0 is not in the range" in bad("log", "-n", "0", code=2)


def test_a_value_is_explained_on_one_line() -> None:
    from crosswalk.cli_shared import MOST_SHOWN, shown

    assert [shown(text) for text in ("", "one\n\ntwo ", "a" * MOST_SHOWN)] == ["—", "one two", "a" * MOST_SHOWN]
    assert shown("word " * 400) == ("word " * 400)[:MOST_SHOWN] + "… (2000 characters)"


def test_of_a_record_that_is_not_made_it_is_said_what_goes_along(system: System) -> None:
    ref, refusal = system.feature("Bell"), json.dumps({"errorMessages": ["The project is frozen."], "errors": {}})
    system.fault("jira", kind="status", method="POST", path_regex="/issue", status=400, body=refusal, times=0)
    system.send(ref)
    httpx2.delete(f"{system.jira_at.address}/_sandbox/faults", verify=TLS).raise_for_status()
    told = good("explain", "Fable", ref.key).splitlines()
    assert "  Name: carry. It goes along when the record is made in Jira." in told
    assert "  Description: skipped. There is no record in Jira yet." in told
    assert not any("joined" in line for line in told)


def test_a_record_is_explained(system: System) -> None:
    ref = system.feature("Bell")
    system.send(ref)
    system.aha.rename("features", ref.key, "Brass bell")
    told = good("explain", "Fable", ref.key)
    assert "Name: carry. Aha! changed it, Jira did not." in told
    assert "Aha!: Brass bell    Jira: Bell" in told
    assert good("explain", ref.key) == told
    *_, sentence, where = good("explain", ref.key, "--field", "Name").splitlines()
    assert "no change is known" in sentence
    assert re.fullmatch(r"Open the settings of Fable: http://\S+/integrations/\d+/settings/", where)
    assert where in told
    assert "FAB-9999 was not sent" in bad("explain", "FAB-9999")
    assert "Name an integration and a record" in bad("explain", "a", "b", "c", code=2)


def test_conflicts_are_printed_and_resolved(system: System) -> None:
    asking(system)
    ref, other = system.feature("Bell"), system.feature("Horn")
    for one in (ref, other):
        both(system, one, system.send(one), f"Left {one.key}", f"Right {one.key}")
    told = good("conflicts", "Fable")
    assert f"{ref.key} Name (since " in told
    assert f"Aha!: Left {ref.key}    before: Bell" in told
    assert told.endswith("2 wait. `crosswalk resolve RECORD FIELD aha` (or jira, or --text) decides one.\n")
    assert good("conflicts") == told
    assert good("resolve", ref.key, "Name", "jira").startswith(f"Name of {ref.key} is decided.")
    good("resolve", system.pair(other).right_key, "Name", "--text", "Two horns")
    system.drain()
    assert [system.aha.name("features", one.key) for one in (ref, other)] == [f"Right {ref.key}", "Two horns"]
    assert good("conflicts").startswith("0 wait.")
    assert "Name a side, or give --text." in bad("resolve", ref.key, "Name", code=2)
    assert "Error: " in bad("resolve", ref.key, "Name", "aha")
    assert "There is no integration" in bad("conflicts", "Nobody")


def test_sending_all_begins_no_second_load_for_something_else(system: System) -> None:
    from crosswalk.store.models import Errand

    releases = system.aha.get("/products/FAB/releases")["releases"]
    from crosswalk.cli import main

    asked = CliRunner().invoke(main, ["send-all", "Fable", "--release", releases[0]["reference_num"]], input="n\n")
    assert asked.exit_code == 1
    assert re.match(r"features: (\d+) of \d+ are not in Jira yet\nSend \1 records\? ", asked.output), asked.output
    assert "Nothing was done." in asked.output
    assert not Errand.objects.filter(what="send").exists()
    begun = good("send-all", "Fable", "--release", releases[0]["reference_num"], "--yes")
    assert begun.splitlines()[-1].startswith("On its way")
    told = bad("send-all", "Fable")
    assert "A load is under way already, for something else; the command line began it." in told
    assert "On its way" in good("send-all", "Fable", "--release", releases[0]["reference_num"])
    good("send-all", "Fable", "--pause")
    assert "A load is under way already" in bad("send-all", "Fable", "--release", releases[1]["reference_num"])
    assert Errand.objects.filter(what="send").count() == 1
    assert "not both" in bad("send-all", "Fable", "--pause", "--go-on", code=2)
    Errand.objects.all().delete()


# ---- the mapping ----


def test_an_integration_travels_as_a_file(system: System, tmp_path: Path) -> None:
    text = good("export", "Fable")
    assert text.startswith("integration: Fable\n")
    assert system.jira_at.secret not in text
    file = tmp_path / "fable.yaml"
    file.write_text(text)
    assert good("apply", str(file)) == "Fable: the mapping is as it was\n"
    file.write_text(text.replace("jira: labels\n    direction: 'off'", "jira: labels\n    direction: both"))
    would = good("apply", str(file), "--dry-run")
    assert would.startswith("Fable: the mapping would be changed\n  Tags of a feature")
    assert good("export", "Fable") == text
    ref = system.feature("Bell", tags="loud")
    system.send(ref)
    for word in ("n\n", "", None):
        asked = called("apply", str(file), said=word)
        assert asked.exit_code == 1
        # Other tests sent records with tags, too, and left some that are still to be carried, or that a brake stops.
        counts = r"The change of the mapping would write\n  Aha!: .*\n  Jira: (.*)\n(?:  .*\n)*Change it\?"
        told = re.search(counts, asked.stdout)
        assert told, asked.stdout
        assert re.search(r"\b[1-9]\d* to be changed", told[1])
        assert good("export", "Fable") == text, "nothing is changed without a word"
    told = good("apply", str(file), said="y\n")
    assert "Fable: the mapping is changed\n  Tags of a feature" in told
    assert good("export", "Fable") == file.read_text()
    file.write_text(text)
    good("apply", str(file), "--yes")
    assert good("export", "Fable") == text
    file.write_text(text.replace("jira: summary", "jira: nonsense"))
    assert bad("apply", str(file)).startswith("fable.yaml:")
    assert good("export", "Fable") == text
    file.write_text(text.replace("integration: Fable", "integration: Second"))
    new = called("apply", str(file))
    assert new.stdout.startswith("Second: is made: ")
    assert new.stderr.startswith("[1/"), "how far the first load is"
    assert "There is no integration" in bad("export", "Nobody")
    assert "does not exist" in bad("apply", str(tmp_path / "other.yaml"), code=2)


def test_the_table_of_people_travels_as_a_file(system: System, tmp_path: Path) -> None:
    head = "aha_id,aha_name,aha_email,jira_id,jira_name"
    file = tmp_path / "people.csv"
    file.write_text(f"{head}\n7,Ann,ann@example.com,8,Anna\n")
    assert good("people", "import", "Fable", str(file)) == "The table has 1 line now.\n"
    assert "7,Ann,ann@example.com,8,Anna" in good("people", "export", "Fable")
    file.write_text("a,b\n")
    assert "The first line must name the columns." in bad("people", "import", "Fable", str(file))
    assert "7,Ann,ann@example.com,8,Anna" in good("people", "export", "Fable")
    file.write_text(f"{head}\n")
    assert good("people", "import", "Fable", str(file)) == "The table has 0 lines now.\n"
    assert "There is no integration" in bad("people", "export", "Nobody")


def test_an_option_is_added(system: System) -> None:
    put_in_aha(system, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(system, EXTRA, "select", ("Gold", "Tin"))
    remap(system, line("Extra", "custom:extra", EXTRA))
    ref: Ref = system.feature("Bell", custom_fields={"extra": "Silver"})
    pair = system.send(ref)
    assert pair.state == "asking"
    assert good("add-option", "Fable", "jira", "Extra", "Silver").startswith("“Silver” is an option of Extra now.")
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    system.jira.edit(pair.right_key, **{EXTRA: {"value": "Tin"}})
    good("add-option", "Fable", "aha", "Extra", "Tin", "--kind", "feature")
    look(system, ref)
    assert custom(system, ref, "extra") == "Tin"
    assert "The mapping has no line “Nonsense”." in bad("add-option", "Fable", "jira", "Nonsense", "x")
    assert "'both' is not one of" in bad("add-option", "Fable", "both", "Extra", "x", code=2)


def test_a_template_is_saved_used_and_updated(system: System) -> None:
    from crosswalk.store.models import Integration, Template

    assert good("template", "save", "Usual", "Fable", "--connections").startswith("Usual is the mapping of Fable now.")
    new = called("template", "new", "Usual", "Into TIN", "FAB", "TIN")
    assert "Into TIN is made." in new.stdout
    assert new.stderr.startswith("[1/"), "how far the first load is"
    assert Integration.objects.get(name="Into TIN").template.name == "Usual"
    assert good("template", "use", "Usual", "Into TIN", "--dry-run") == "Into TIN: 0 changes\n"
    assert good("template", "use", "Usual", "Fable").endswith("Fable: nothing to change.\n")
    asking(system)
    good("template", "save", "Usual", "Fable")
    told = good("template", "update", "Usual", "--dry-run")
    assert "Into TIN: 1 changes" in told
    assert "Into TIN: the mapping is changed." in good("template", "update", "Usual")
    assert "Error: " in bad("template", "use", "Nonsense", "Fable")
    assert "Error: " in bad("template", "update", "Nonsense")
    assert "There is no workspace NOPE" in bad("template", "new", "Usual", "Third", "NOPE", "TIN")
    assert "There is no integration" in bad("template", "save", "Usual", "Nobody")
    Integration.objects.update(template=None)
    Template.objects.all().delete()


# ---- records ----


def held(system: System, ref: Ref) -> str:
    return str(system.pair(ref).held)


def test_records_are_paused_ignored_and_gone_on_with(system: System) -> None:
    one, other = system.feature("Bell", 1), system.feature("Horn")
    system.send(one)
    assert good("pause", "Fable", one.key) == "1 record is paused: what changes meanwhile is carried when it goes on.\n"
    assert (held(system, one), system.children(one)[0].held) == ("paused", "paused")
    system.aha.rename("features", one.key, "Bell of tin")
    look(system, one)
    assert system.jira.summary(system.pair(one).right_key) == "Bell"
    issue = system.pair(one).right_key
    assert good("go-on", "Fable", one.key) == "1 record is kept in step again.\n"
    system.drain()
    assert system.jira.summary(issue) == "Bell of tin"
    assert good("ignore", "Fable", one.key, other.key).startswith("2 records are ignored")
    assert (held(system, one), held(system, other)) == ("ignored", "ignored"), "also what was never sent"
    assert good("go-on", "Fable", one.key, other.key) == "2 records are kept in step again.\n"
    assert good("retry", "Fable", one.key) == "1 record is being looked at now.\n"
    for command in ("pause", "go-on", "retry", "unlink"):
        assert "FAB-9999 was not sent" in bad(command, "Fable", "FAB-9999")
        assert "There is no integration" in bad(command, "Nobody", one.key)
        assert command == "pause" or "Missing argument" in bad(command, "Fable", code=2)
    system.integration.refresh_from_db()
    assert system.integration.enabled
    assert "There is no feature “FAB-9999”" in bad("ignore", "Fable", "FAB-9999")
    assert (
        {line.person for line in acts("Pausing records")} == {line.person for line in acts("Ignoring records")} != {""}
    )


def test_a_record_that_was_not_sent_is_ignored_though_an_issue_has_its_key(system: System) -> None:
    from crosswalk.store.models import Pair

    ref = system.feature("Bell")
    issue = system.send(ref).right_key
    _feature_called(system, issue)
    good("ignore", "Fable", issue)  # Aha! has a feature of this key
    assert held(system, ref) == ""
    assert Pair.objects.get(integration=system.integration, left_key=issue).held == "ignored"
    good("go-on", "Fable", issue)
    Pair.objects.filter(pk=system.pair(ref).pk).update(right_key="FAB-8888")
    good("ignore", "Fable", "FAB-8888")  # nothing but the issue has this one
    assert held(system, ref) == "ignored"


def _feature_called(system: System, key: str) -> None:
    """See that Aha! has a feature of this key, which an issue has, too."""
    if all(one.ref != key for one in system.account.all("feature")):
        (workspace,) = [one for one in system.account.products if one.prefix == key.partition("-")[0]]
        kept, workspace.counters["feature"] = workspace.counters["feature"], int(key.partition("-")[2]) - 1
        assert system.feature("Bell of its own").key == key
        workspace.counters["feature"] = kept


def test_records_are_unlinked_and_linked_again(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    refused = called("unlink", "Fable", ref.key, said="n\n")
    assert (refused.exit_code, held(system, ref)) == (1, "")
    assert "Nothing was done." in refused.output
    assert not acts("Unlinking records")
    assert good("unlink", "Fable", ref.key, said="y\n").endswith("1 unlinked. `crosswalk link-again` undoes it.\n")
    assert f"{ref.key} ↔ {pair.right_key}" in good("log", "Fable", "-n", "1"), "the line says which records it was"
    pair.refresh_from_db()
    assert (pair.held, pair.left_id) == ("unlinked", None)
    assert "was not sent" in bad("unlink", "Fable", ref.key, "--yes")
    assert good("link-again", "Fable", ref.key).startswith("1 linked again.")
    assert held(system, ref) == ""
    assert "is not unlinked" in bad("link-again", "Fable", ref.key)


def test_a_run_is_undone_and_a_value_put_back_by_commands(system: System) -> None:
    ref = system.feature("Bell")
    assert "was not sent" in bad("undo", "Fable", ref.key)
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Bell of tin")
    look(system, ref)
    assert system.jira.summary(pair.right_key) == "Bell of tin"
    for words, said in (("--dry-run",), None), ((), "n\n"):
        told = called("undo", "Fable", ref.key, *words, said=said)
        assert told.exit_code == (0 if words else 1)
        assert re.search(r"(?s)To undo run \d+:\n.*: 1 to be changed\n.*Bell of tin → Bell", told.stdout), told.stdout
        assert system.jira.summary(pair.right_key) == "Bell of tin", "nothing is written without a word"
    assert "1 field put back." in good("undo", "Fable", ref.key, said="y\n")
    system.drain()
    assert system.jira.summary(pair.right_key) == system.aha.name("features", ref.key) == "Bell"
    assert "holds that" not in good("put-back", "Fable", ref.key, "Name", "--dry-run")
    assert "1 field put back." in good("put-back", "Fable", ref.key, "Name", "--yes")
    system.drain()
    assert system.jira.summary(pair.right_key) == system.aha.name("features", ref.key) == "Bell of tin"
    system.jira.rename(pair.right_key, "Bell")
    assert good("put-back", "Fable", ref.key, "Name", "--yes").strip() == "Nothing to do.", "it stands there already"
    look(system, ref)  # nothing is left for the plans of other tests
    assert "wrote no value" in bad("undo", "Fable", ref.key, "--run", "999999", "--yes")
    assert "keeps no replaced value of Colour" in bad("put-back", "Fable", ref.key, "Colour")
    assert "Missing argument" in bad("put-back", "Fable", ref.key, code=2)


def _figures_are_told(system: System, told: str) -> None:
    """As on Home: hooks, throughput, requests that are left, when it was looked, and tokens that end."""
    from crosswalk.web.api.shapes import Health

    for words in (
        r"\n  Aha!: (no hook yet|hooks (deliver|silent), the last 20\S+ \S+ UTC)\n  Jira: (no|hooks)",
        r"\n  \d+ records? made, \d+ fields? written in 24 h",
        r"\n  Aha!: \d+ of \d+ requests left this minute\n  Jira: \d+ of \d+ requests left this second",
        r"\n  Last poll (never|20.* UTC); everything compared (never|20.* UTC)",
    ):
        assert re.search(words, told), words
    jira = system.integration.jira
    type(jira).objects.filter(pk=jira.pk).update(ends_on=system.now().date() + timedelta(days=3))
    (data,) = json.loads(good("status", "Fable", "--json"))
    asked = Health.model_validate(data)
    assert set(data) == set(Health.model_fields), "the JSON API tells the same"
    assert asked.tokens_that_end[0].days == 3
    assert f"The token of {jira.name} ends in 3 days." in good("status", "Fable")
    type(jira).objects.filter(pk=jira.pk).update(ends_on=None)
    assert [one["days"] for one in data["tokens_that_end"]] == [3]
    assert {one["of"] for one in data["requests_left"]} == {"Aha!", "Jira"}
    assert set(data["hooks"]) == {"aha", "jira"}
    assert {"written_in_24_h", "seconds_from_hook_to_write", "polled_at", "swept_at"} <= set(data)


def test_whether_it_is_in_step_and_what_is_not(system: System) -> None:
    from crosswalk import cli_look
    from crosswalk.web.reading import FILTERS

    ref = system.feature("A bell <b> that asks")
    pair = system.send(ref)
    asking(system)
    both(system, ref, pair, "Left bell", "Right bell")
    told = good("status", "Fable")
    assert told.startswith("Fable: ")
    assert re.search(r"\n  \d+ records?: \d+ in step.*, \d+ needs? you \(with .*1 conflict\)\n", told), told
    assert f"{pair}  Needs a decision" in told
    _figures_are_told(system, told)
    (data,) = json.loads(good("status", "--json"))
    assert (data["integration"], data["conflicts"]) == ("Fable", 1)
    assert data["next"] in told
    (row,) = json.loads(good("records", "Fable", "--state", "conflict", "--json"))
    assert (row["aha"], row["jira"], row["state"]) == (ref.key, pair.right_key, "Needs a decision")
    assert "Decide it on the page Conflicts." in good("records", "Fable", "--search", ref.key)
    (line,) = json.loads(good("log", "--record", ref.key, "--level", "warning", "--format", "json"))
    assert (line["aha"], line["field"], line["level"]) == (ref.key, "Name", "warning")
    table = good("log", "--record", ref.key, "--level", "warning", "--format", "csv")
    assert (table.count("\n"), table.endswith("\\r\n")) == (2, False)
    assert "1 record is being looked at now." in good("retry", "Fable", ref.key, "--alike")
    good("resolve", ref.key, "Name", "aha")
    system.drain()
    listed = called("records", "Fable", "-n", "1")
    assert (listed.stdout.count(" ↔ "), "are listed: -n lists more" in listed.stderr) == (1, True)
    assert "There is no integration" in bad("status", "Nobody")
    assert list(cli_look.STATES) == list(FILTERS), "the same as on the page"
    assert "goes with text alone" in bad("log", "-f", "--format", "csv", code=2)


def test_a_record_is_linked_with_an_issue_that_is_there(system: System) -> None:
    ref = system.feature("Bell of the tower")
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "The tower's bell"}
    issue = str(system.jira.send("POST", "/issue", {"fields": fields})["key"])
    told = good("link", "Fable", ref.key, issue, "--field", "Name=jira", "--dry-run")
    assert "Name: Bell of the tower | The tower's bell\n" in told
    assert "Jira counts." in told
    assert "Nothing was done" in bad("link", "Fable", ref.key, issue, said="n\n")
    assert "There is nothing to choose for Colour." in bad("link", "Fable", ref.key, issue, "--field", "Colour=aha")
    for words in (("--field", "Name"), ("--erase", "Name")):
        assert "Name" in bad("link", "Fable", ref.key, issue, *words, code=2)
    done = good("link", "Fable", ref.key, issue, "--field", "Name=jira", "--yes")
    assert f"{ref.key} is linked with {issue}." in done
    system.drain()
    assert system.aha.name("features", ref.key) == system.jira.summary(issue) == "The tower's bell"
    assert acts("Linking a record")[0].said == issue
    assert "is linked already" in bad("link", "Fable", ref.key, issue, "--yes")


def test_the_log_is_followed(system: System) -> None:
    from crosswalk.cli_log import following
    from crosswalk.store.models import JournalEntry

    ref = system.feature("Bell")
    pair = system.send(ref)
    about = JournalEntry.objects.filter(pair=pair)
    before = JournalEntry.objects.order_by("-pk")[0].pk  # also of lines that are about no record
    looks: list[int] = []

    def line(number: int, what: str) -> None:
        JournalEntry.objects.create(pk=number, at=system.now(), integration=system.integration, pair=pair, what=what)

    def later() -> None:
        looks.append(1)
        if len(looks) == 2:
            line(before + 1, "first")
            JournalEntry.objects.create(at=system.now(), integration=system.integration, what="of nobody")
        if len(looks) == 3:
            for number in range(600):
                line(before + 3 + number, "many")
        if len(looks) == 6:
            raise KeyboardInterrupt

    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        told.extend(entry.what for entry in following(about, before, later))
    assert told == ["first", *["many"] * 600], "each once and in order"
