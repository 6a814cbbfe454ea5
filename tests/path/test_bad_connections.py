"""Addresses, tokens, certificates and rights that do not work: what a person is told, and that work goes on after."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk_sandbox.jira import build
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.watch import FINDINGS
from tests.path.looking import assert_quiet, warnings
from tests.path.system import System


def connection(system: System, kind: str, **values: str) -> Any:
    """A connection to a sandbox, with something about it changed."""
    from crosswalk.store.models import Connection

    account = system.aha_at if kind == "aha" else system.jira_at
    usual = {"address": account.address, "user": account.user, "secret": account.secret}
    number = Connection.objects.count()
    return Connection.objects.create(name=f"Connection {number}", kind=kind, **{**usual, **values})


def refused(system: System, kind: str, **values: str) -> CrosswalkError:
    """What a person reads who presses Test connection."""
    from crosswalk.sync import service

    with pytest.raises(CrosswalkError) as told:
        service.check_connection(connection(system, kind, **values))
    assert told.value.remedy
    return told.value


def test_wrong_addresses(system: System) -> None:
    jira, aha = system.jira_at.address, system.aha_at.address
    # Data Center looks at a bearer token before it looks at the path.
    no_aha = (errors.NotFound, "N4") if system.flavour == "cloud" else (errors.NotSignedIn, "A13")
    table = [
        ("jira", "ftp://jira.example.com", errors.Refused, ""),
        ("jira", "jira.example.com", errors.Refused, ""),
        ("jira", "", errors.Refused, ""),
        ("jira", "http://me:secret@127.0.0.1", errors.Refused, ""),
        ("jira", f"{jira}/browse", errors.NotFound, "Q7"),
        ("jira", f"{jira}/rest/api/2", errors.NotFound, "Q7"),
        ("jira", aha, errors.NotFound, "N4"),
        ("jira", jira.replace("http:", "https:"), errors.Untrusted, "N5"),
        ("jira", "http://127.0.0.1:9", errors.Unreachable, "N6"),
        ("aha", jira, *no_aha),
        ("aha", f"{aha}/api/v1", errors.NotFound, "N4"),
        ("aha", "http://127.0.0.1:9", errors.Unreachable, "N6"),
    ]
    for kind, address, wanted, code in table:
        told = refused(system, kind, address=address)
        assert (type(told), told.code) == (wanted, code), (kind, address, told)
        if code == "Q7":
            assert told.message.startswith("Jira has nothing at this address (")
        if code in ("N5", "N6"):
            assert "127.0.0.1:" in told.message
    # These two addresses end in a path of the API: what is asked there is in no document, and is meant to be.
    beyond = ("/rest/api/2/rest/api/2/serverInfo", "/api/v1/api/v1/me")
    assert all(any(path in wrong for path in beyond) for wrong in FINDINGS.take())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "html_200"}, "N3"),
        ({"kind": "login_redirect"}, "N2"),
        ({"kind": "status", "status": 200, "body": "hello", "headers": {"Content-Type": "text/plain"}}, "N3"),
        ({"kind": "truncated"}, "N9"),
        ({"kind": "status", "status": 200, "body": "{}"}, "A6"),
        ({"kind": "status", "status": 403, "headers": {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE"}}, "A3"),
        ({"kind": "status", "status": 500}, "R9"),
    ],
)
def test_odd_answers_to_the_test_of_a_connection(cloud: System, fault: dict[str, Any], code: str) -> None:
    cloud.fault("jira", path_regex="myself", times=0, **fault)
    told = refused(cloud, "jira")
    assert told.code == code
    if code == "N9":
        assert "press Test connection once more" in told.remedy


def test_wrong_tokens(system: System) -> None:
    table = [
        ("jira", {"secret": "wrong"}, ("A1", "A5", "A6")),
        ("jira", {"user": "", "secret": "wrong"}, ("A1", "A5", "A6")),
        ("aha", {"secret": "wrong"}, ("A13",)),
        ("aha", {"secret": "half\nhalf"}, ("A1",)),
        ("aha", {"secret": "schlüssel"}, ("A1",)),
        ("aha", {"secret": ""}, ("",)),
        ("jira", {"user": "", "secret": ""}, ("",)),
    ]
    for kind, values, codes in table:
        told = refused(system, kind, **values)
        assert told.code in codes, (kind, values, told)
        assert not values["secret"] or values["secret"] not in str(told)


def test_a_token_with_scopes_at_the_site(cloud: System) -> None:
    told = refused(cloud, "jira", secret=cloud.credentials["jira"]["scoped_token"])
    assert told.code == "A2"
    assert "api.atlassian.com" in told.remedy


# ---- while it works -------------------------------------------------------------------------------------------


def run_due(system: System) -> None:
    """What the engine does a quarter of an hour later."""
    from crosswalk.store import pairs
    from crosswalk.store.models import Pair
    from crosswalk.sync.handlers import PairHandler
    from crosswalk.sync.installation import current

    system.pass_time(2000)
    handler = PairHandler(system.engine_as_port(), current().bridges, system.now)
    for pair in Pair.objects.order_by("pk"):
        handler.run(pairs.key_of(pair.pk))
    system.integration.refresh_from_db()


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_connection_falls_ill_and_gets_well(system: System, side: str) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    row = getattr(system.integration, side)
    well, row.address = row.address, "http://127.0.0.1:9"
    row.save()
    system.aha.rename("features", ref.key, "Horn")
    system.jira.edit(pair.right_key, duedate="2026-12-24")
    system.wake(pair)
    for _ in range(4):
        run_due(system)
    (line,) = warnings(system, ref)
    assert line.code == "N6"
    assert line.remedy
    assert (system.pair(ref).state, system.pair(ref).reason) == ("waiting", line.what)
    assert line.what in system.integration.trouble
    row.address = well
    row.save()
    run_due(system)
    assert (system.pair(ref).state, system.integration.trouble) == ("agreed", "")
    assert system.jira.summary(pair.right_key) == "Horn"
    assert system.aha.record("features", ref.key)["due_date"] == "2026-12-24"
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_refused_credential_pauses_its_connection(system: System, side: str) -> None:
    """One log-in is tried, not one by every pair and every poll: three of them lock an account of Data Center."""
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import breaker, service

    refs = [system.feature(name) for name in ("Bell", "Horn", "Drum")]
    for ref in refs:
        system.send(ref)
    row = getattr(system.integration, side)
    row.secret = "expired"
    row.save()
    for ref in refs:
        system.aha.rename("features", ref.key, f"{ref.key} anew")
        system.wake(system.pair(ref))
    refusals = asked(system, side)
    for _ in range(3):
        run_due(system)
        poll_on_schedule(system)
    system.pass_time(24 * 3600)
    run_due(system)
    assert asked(system, side) - refusals == 1
    row.refresh_from_db()
    assert row.paused
    assert system.integration.trouble == row.paused
    errors_told = JournalEntry.objects.filter(level="error", integration=system.integration)
    (line,) = errors_told
    assert row.name in line.what
    assert line.code in ("A1", "A2", "A6", "A13")
    assert line.remedy
    # A person who only looks logs in no more, either; who presses Test connection does, once.
    with pytest.raises(errors.NotSignedIn, match="Test connection"):
        service.plan(system.integration, refs)
    assert asked(system, side) - refusals == 1
    with pytest.raises(errors.NotSignedIn):
        service.check_connection(row)
    assert errors_told.count() == 1, "once"
    assert breaker.hanging_on(row) == [system.integration]
    row.secret = (system.aha_at if side == "aha" else system.jira_at).secret
    row.save()
    service.check_connection(row)
    system.drain()
    run_due(system)
    assert (row.paused, system.integration.trouble) == ("", "")
    assert [system.pair(ref).state for ref in refs] == ["agreed"] * 3
    assert [system.jira.summary(system.pair(ref).right_key) for ref in refs] == [f"{ref.key} anew" for ref in refs]


def test_a_refusal_that_the_test_of_a_connection_meets_is_in_the_log(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service

    row = cloud.integration.jira
    row.secret = "mistyped"
    row.save()
    with pytest.raises(errors.NotSignedIn) as refused:
        service.check_connection(row)
    (line,) = JournalEntry.objects.filter(level="error", integration=cloud.integration)
    assert line.what.startswith(f"The connection “{row.name}” is paused: {refused.value.message}")
    assert (line.remedy, line.code) == (refused.value.remedy, refused.value.code)


def test_a_connection_that_was_read_before_it_paused_sends_nothing(cloud: System) -> None:
    from crosswalk.store.models import Connection
    from crosswalk.sync import breaker
    from crosswalk.sync.installation import current

    row, bridges = Connection.objects.get(pk=cloud.integration.jira_id), current().bridges
    bridges.client(row).refused(errors.NotSignedIn("It is not accepted."))
    assert row.paused == ""
    assert bridges.client(row).barred == "It is not accepted."
    row.refresh_from_db()
    assert breaker.bar(row, "") == row.paused
    Connection.objects.filter(pk=row.pk).update(paused="")
    row.refresh_from_db()
    assert bridges.client(row).barred == ""


def poll_on_schedule(system: System) -> None:
    """What the engine does every minute."""
    from crosswalk.sync.handlers import build
    from crosswalk.sync.installation import current
    from crosswalk.sync.waking import POLL

    handlers = build(system.engine_as_port(), current().bridges, system.now)
    handlers[POLL].run(f"{POLL}:{system.integration.pk}")
    system.integration.refresh_from_db()


def asked(system: System, side: str) -> int:
    """How many requests one side was sent so far, by the request log."""
    from crosswalk.store.models import RequestEntry

    return RequestEntry.objects.filter(connection=getattr(system.integration, side)).count()


def lines(system: System, what: str) -> list[Any]:
    """The integration's own lines of the log that say this."""
    return list(system.integration.journal.filter(pair=None, what__contains=what))


def test_a_poll_that_can_not_ask_says_so_and_misses_nothing(system: System) -> None:
    from crosswalk.store.models import Integration
    from crosswalk.sync import service

    ref = system.feature("Bell")
    pair = system.send(ref)
    system.poll()
    system.drain()
    system.jira.rename(pair.right_key, "Horn")
    system.fault("jira", kind="reset_before", times=0)
    system.poll()
    system.integration.refresh_from_db()
    assert system.integration.trouble.startswith("Jira could not be asked what changed")
    with pytest.raises(CrosswalkError):
        service.check_connection(system.integration.jira)
    system.pass_time(60)
    system.poll()
    began = lines(system, "could not be asked what changed")
    assert [(one.level, one.code, bool(one.remedy)) for one in began] == [("warning", "N9", True)], "told once"
    httpx2.delete(f"{system.jira_at.address}/_sandbox/faults")
    system.pass_time(60)
    assert system.poll() >= 1
    system.integration.refresh_from_db()
    assert system.integration.trouble == ""
    assert len(lines(system, "can be asked again")) == 1
    Integration.objects.filter(pk=system.integration.pk).update(trouble="What a sweep met.")
    system.poll()
    assert len(lines(system, "can be asked again")) == 1, "that was no poll's trouble"
    system.integration.jira.refresh_from_db()
    assert "trouble" not in system.integration.jira.server, "the failed test is over, too"
    assert system.integration.jira.server["account"], "what an earlier test found stays"
    system.drain()
    assert system.aha.name("features", ref.key) == "Horn"


def test_where_wrong_passwords_lock_an_account_few_requests_are_under_way_at_once(system: System) -> None:
    """A password of Data Center; an API token of Cloud and a personal access token lock nobody out."""
    from crosswalk.sync import service
    from crosswalk.sync.installation import current

    jira = system.integration.jira
    service.check_connection(jira)
    assert (current().bridges.client(jira)._abreast is not None) == (system.flavour == "dc")
    jira.user = ""
    jira.save()
    assert current().bridges.client(jira)._abreast is None
    assert current().bridges.client(system.integration.aha)._abreast is None


# ---- projects, workspaces, rights -----------------------------------------------------------------------------


def joining(system: System, aha: Any, jira: Any, workspace: str, project: str) -> CrosswalkError:
    """What a person reads who joins a workspace and a project that can not be joined."""
    from crosswalk.store.models import Integration
    from crosswalk.sync import service

    before = Integration.objects.count()
    with pytest.raises(CrosswalkError) as told:
        service.create_integration("Another", aha, jira, workspace, project)
    assert Integration.objects.count() == before
    assert told.value.remedy
    return told.value


def test_wrong_projects_and_workspaces(system: System) -> None:
    aha, jira = system.integration.aha, system.integration.jira
    for workspace, project, code, named in [
        ("99999", "FAB", "A15", "99999"),
        ("NOPE", "FAB", "A15", "NOPE"),
        ("FAB", "NOPE", "A8", "NOPE"),
        ("FAB", "99999", "A8", "99999"),
    ]:
        told = joining(system, aha, jira, workspace, project)
        assert (told.code, named in told.message) == (code, True), told


@pytest.mark.parametrize(("role", "code"), [("reader", "A14"), ("outsider", "A8")])
def test_a_project_in_which_the_account_may_not_work(system: System, role: str, code: str) -> None:
    from crosswalk.sync import service

    known = system.credentials["jira"]
    user, secret = ("email", "token") if system.flavour == "cloud" else ("username", "password")
    jira = connection(system, "jira", user=known[f"{role}_{user}"], secret=known[f"{role}_{secret}"])
    service.check_connection(jira)
    told = joining(system, system.integration.aha, jira, "FAB", system.integration.project)
    assert told.code == code, told
    if role == "reader":
        assert "can not work in the Jira project Fable Bicycles. The account may not make issues" in told.message


def test_a_key_that_may_only_read_aha_is_told_at_set_up(cloud: System) -> None:
    from crosswalk.store import journal
    from crosswalk.sync import service

    aha = connection(cloud, "aha", secret=cloud.credentials["aha"]["reviewer_token"])
    (problem,) = service.check_connection(aha).problems
    assert problem.message == "The key's user may only read: it is contributor or owner in no workspace."
    assert problem.code == "A14"
    made = service.create_integration("Another", aha, cloud.integration.jira, "FAB", "FAB")
    told = [line for line in journal.of_integration(made.pk) if line.code == "A14"]
    assert "Make that user a contributor" in told[0].remedy


def test_an_integration_is_made_with_one_look_at_each_side(cloud: System) -> None:
    from crosswalk.sync import service

    cloud.forget()
    made = service.create_integration("", cloud.integration.aha, cloud.integration.jira, "FAB", "FAB")
    assert made.name == "Fable Bicycles", "without a name it takes the workspace's"
    once = (("aha", "/integrations"), ("jira", "/issuetypes"), ("jira", "/mypermissions"), ("jira", "/field"))
    for side, end in once:
        assert sum(path.endswith(end) for _, path in cloud.requests(side)) == 1, end


# ---- certificates ---------------------------------------------------------------------------------------------


def certificate(folder: Path) -> str:
    """An authority made up for this test, and a certificate of it for 127.0.0.1; the authority's PEM."""
    now = datetime.now(UTC)

    def made(name: str, issuer: str, key: Any, signer: Any, extension: x509.ExtensionType) -> x509.Certificate:
        def named(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        start = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer))
        dated = start.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        numbered = dated.serial_number(x509.random_serial_number()).public_key(key.public_key())
        return numbered.add_extension(extension, critical=False).sign(signer, hashes.SHA256())

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    authority = made("Fable authority", "Fable authority", authority_key, authority_key, constraints)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    own = made("Fable Jira", "Fable authority", key, authority_key, names)
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "own.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    return authority.public_bytes(serialization.Encoding.PEM).decode()


class Ready(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def over_tls(app: Any, folder: Path) -> Iterator[str]:
    """A sandbox behind TLS, with the certificate in `folder`."""
    files = {"ssl_keyfile": str(folder / "key.pem"), "ssl_certfile": str(folder / "own.pem")}
    config = uvicorn.Config(app, port=0, log_config=None, http="h11", ws="none", loop="asyncio", **files)
    server = Ready(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.up.wait(60)
    port = server.servers[0].sockets[0].getsockname()[1]
    app.state.base_url = f"https://127.0.0.1:{port}"
    try:
        yield app.state.base_url
    finally:
        server.should_exit = True
        thread.join(10)


def test_a_certificate_of_a_private_authority(system: System, tmp_path: Path) -> None:
    from crosswalk.sync import service

    authority = certificate(tmp_path)
    app, _ = build(system.flavour, "demo", VirtualClock())
    with over_tls(app, tmp_path) as address:
        told = refused(system, "jira", address=address)
        assert (type(told), told.code) == (errors.Untrusted, "N5")
        assert "certificate" in told.message
        assert refused(system, "jira", address=address, authority="no certificate").code == "N5"
        found = service.check_connection(connection(system, "jira", address=address, authority=authority))
        assert found.account == "Alice Ng"
        assert found.tls.startswith("TLS 1.")
    assert ssl.create_default_context(cadata=authority).verify_mode is ssl.CERT_REQUIRED
