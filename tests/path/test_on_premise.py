"""Servers behind a firewall: a stored proxy, a stored client certificate, and a Jira below a context path."""

from __future__ import annotations

import base64
import json
import ssl
from pathlib import Path

import pytest

from crosswalk.merge.records import Ref
from tests.path.files import PICTURE, Desk
from tests.path.looking import look, warnings
from tests.path.system import System, running
from tests.path.test_cli import bad, called, good
from tests.path.test_links import in_jira, link_in_aha
from tests.remote.servers import answer, certificate, serving

INFO = answer(body={"deploymentType": "Cloud", "version": "1001", "baseUrl": "http://jira.invalid"})
ME = answer(body={"accountId": "5b10", "displayName": "Alice Ng", "active": True})
"""What a Jira says that has nothing to grant."""


def entered(tmp_path: Path, address: str, *more: str) -> tuple[str, ...]:
    secret = tmp_path / "secret"
    secret.write_text("token")
    return ("connect", "Inner", "--side", "jira", "--address", address, "--user", "a@b.example", "--secret-file",
            str(secret), "--json", *more)  # fmt: skip


def account_now() -> str:
    """What a test of the connection finds that is read from the store: who is signed in."""
    from crosswalk.store.models import Connection
    from crosswalk.sync import service

    return str(service.check_connection(Connection.objects.get(name="Inner")).account)


def test_a_stored_proxy_is_gone_by_and_signed_in_at(cloud: System, tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text("pat:a:b\n")
    with serving(INFO, ME, answer(), INFO, ME, answer()) as proxy:
        words = entered(tmp_path, "http://jira.invalid", "--proxy", proxy.url, "--proxy-login-file", str(login))
        told = json.loads(called(*words).stdout)
        assert (told["account"], account_now()) == ("Alice Ng", "Alice Ng")
    assert len(proxy.lines) == 6
    assert all(line.startswith("GET http://jira.invalid/rest/api/") for line in proxy.lines)
    assert all(b"\r\nproxy-authorization: basic " in one.lower() for one in proxy.asked)
    assert all(base64.b64encode(b"pat:a:b") in one for one in proxy.asked)
    assert "a:b" not in good("connections", "--json")


def test_a_stored_client_certificate_is_shown(cloud: System, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority)
    (tmp_path / "authority.pem").write_text(authority)
    trusted = ("--authority", str(tmp_path / "authority.pem"))
    with serving(INFO, ME, answer(), INFO, ME, answer(), context=context) as jira:
        assert json.loads(called(*entered(tmp_path, jira.url, *trusted)).stdout)["error"]["message"]
        assert jira.asked == []
        words = entered(tmp_path, jira.url, *trusted, "--certificate", str(tmp_path / "server.pem"))
        told = json.loads(called(*words).stdout)
        assert (told["account"], account_now()) == ("Alice Ng", "Alice Ng")
        assert told["encryption"].startswith("TLS 1.")
    assert len(jira.asked) == 6


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("--certificate", "-----BEGIN CERTIFICATE-----", "Client certificate and its key: Paste both"),
        ("--proxy-login-file", "pat", "Name and password for the proxy: Write it as name:password."),
    ],
)
def test_what_can_not_be_used_is_said_and_not_saved(
    cloud: System, tmp_path: Path, option: str, text: str, says: str
) -> None:
    file = tmp_path / "given"
    file.write_text(text)
    before = good("connections", "--json")
    assert says in bad(*entered(tmp_path, "http://127.0.0.1:9", option, str(file)))
    assert good("connections", "--json") == before


def test_a_jira_below_a_context_path_is_never_asked_beside_it() -> None:
    with running("dc", path="/jira") as system:
        jira = system.integration.jira
        assert jira.address.endswith("/jira")
        assert jira.server["site"] == jira.address, "the test of the connection was asked below it, and says so"
        bell, horn = (sent(system, name) for name in ("Bell", "Horn"))
        assert system.pair(bell).right_url.startswith(f"{jira.address}/browse/FAB-")
        shown = {one["key"]: one.get("value") for one in system.aha.record("features", bell.id)["custom_fields"]}
        assert shown["jira_url"] == f"{jira.address}/browse/{system.pair(bell).right_key}", "the link that Aha! shows"
        link_in_aha(system, bell, "Relates to", horn)
        desk = Desk(system, bell)
        desk.put_in_jira("log.txt", b"line\n", "text/plain")
        desk.put_in_aha("plan.png", PICTURE)
        look(system, bell)
        assert in_jira(system, bell, horn) == [("Bell", "relates to", "Horn")]
        files = [("log.txt", b"line\n"), ("plan.png", PICTURE)]
        assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == files
        desk.close()
        assert system.beside == []


def test_files_of_a_jira_whose_own_address_is_reachable_inside_only_arrive() -> None:
    """T8: they are fetched where Crosswalk reaches Jira, whatever Jira calls itself; the rest of the record goes on."""
    with running("dc") as system:
        bell = sent(system, "Bell")
        key = system.pair(bell).right_key
        desk = Desk(system, bell)
        system.jira_state.base_url = "https://jira.inside.invalid"
        desk.put_in_jira("log.txt", b"line\n", "text/plain")
        system.jira.edit(key, summary="Horn")
        assert system.issue(key)["attachment"][0]["content"].startswith("https://jira.inside.invalid/")
        look(system, bell)
        assert (desk.in_aha(), desk.feature()["name"]) == ([("log.txt", b"line\n")], "Horn")
        assert (system.pair(bell).state, warnings(system, bell)) == ("agreed", [])
        desk.close()


def sent(system: System, name: str) -> Ref:
    ref = system.feature(name)
    assert system.send(ref).state == "agreed"
    return ref
