"""The attacker's list: what somebody tries who means harm, and that it comes to nothing.

What has a test of its own beside the code it is about is not repeated: docs/security.md says where each is.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse
from tests.remote.servers import answer, serving

from crosswalk import errors
from crosswalk.config import Oidc
from crosswalk.errors import Refused
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import LARGEST, Account, Client, Surroundings, connect
from crosswalk.remote.request import Answer, Request
from crosswalk.web import access, logs, oidc

SOURCE = Path(__file__).resolve().parents[2] / "src/crosswalk"
READ = Request("GET", "/thing", about="thing")
MARKUP = '"><img src=x onerror="struck()"><script>struck()</script>'


def test_trying_again_leads_to_no_other_site() -> None:
    from django.test import RequestFactory

    from crosswalk.web.views.errors import broken

    request = RequestFactory().get("/")
    request.path = "//evil.example/x"  # as the line `GET //evil.example/x` has it
    page = broken(request).content.decode()
    assert 'href="/%2Fevil.example/x"' in page
    assert 'href="//' not in page


# ---- requests forged by the server's own hand -------------------------------------------------------------------


# What addresses may be reached: tests/remote/test_transport.py.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_request_follows_no_redirect_so_that_the_credential_stays_at_home(status: int) -> None:
    with serving(answer()) as other, serving(answer(status, location=other.url)) as home:
        with pytest.raises(errors.RemoteError):
            _send(home.url)
        assert other.asked == []


# ---- answers that are bombs -------------------------------------------------------------------------------------


def _send(url: str, method: str = "POST") -> Any:
    with closing(_client(url)) as client:
        return client.send(Request(method, "/thing", repeatable=False, about="thing"))


def _client(url: str) -> Client:
    surroundings = Surroundings(now=lambda: 0.0, sleep=lambda _: None)
    account = Account(url, "", "s", allow_private=True)
    return connect(account, {"Authorization": "Bearer s"}, _understand, Unlimited(), surroundings)


def _understand(request: Request, got: Answer) -> Any:
    if got.status != 200:
        raise errors.Unreadable("no", call=request.call)
    return len(got.body)


def test_an_answer_that_unpacks_without_end_is_not_read_to_its_end() -> None:
    bomb = gzip.compress(b" " * (LARGEST + 1), 9)
    assert len(bomb) < 100_000
    bombs = serving(answer(200, bomb, content_encoding="gzip"))
    with bombs as script, pytest.raises(errors.Unreadable, match="not read to its end"):
        _send(script.url)
    with serving(answer(200, gzip.compress(b" " * 1000), content_encoding="gzip")) as script:
        assert _send(script.url) == 1000


def test_nothing_is_unpacked_drawn_or_run() -> None:
    """Files go from one side to the other as they are: no archive opened, no picture decoded, no object made."""
    opened = r"^\s*(?:import|from) (zipfile|tarfile|pickle|marshal|shelve|PIL|xml|lxml|runpy)\b|\b(?:eval|exec)\("
    found = [str(path) for path in SOURCE.rglob("*.py") if re.search(opened, path.read_text("utf-8"), re.M)]
    assert found == []


def test_a_file_whose_aliases_multiply_is_refused_at_once() -> None:
    """The “billion laughs”, in YAML: ten lines that stand for a billion words."""
    from crosswalk.sync.files import read

    lines = ["integration: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    lines += ["types: *a8", "fields: {feature: *a8}", "statuses: *a8", "constants: {feature: {x: *a8}}"]
    with pytest.raises(Refused) as told:
        read("bomb.yml", "\n".join(lines))
    assert len(str(told.value)) < 20_000


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_what_unpacks_more_than_once_is_counted_as_it_unpacks(encoding: str) -> None:
    bomb = gzip.compress(b" " * (4 * LARGEST), 9)
    for _ in range(encoding.count(",")):
        bomb = gzip.compress(bomb, 9)
    tracemalloc.start()
    with serving(answer(200, bomb, content_encoding=encoding)) as script, pytest.raises(errors.Unreadable):
        _send(script.url)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * LARGEST


def test_a_provider_that_sends_a_bomb_is_not_read_to_its_end() -> None:
    bomb = gzip.compress(b"[" * LARGEST, 9)
    settings = {"client": "c", "secret": "s", "roles": (("*", "viewer"),)}
    with serving(answer(200, bomb, content_encoding="gzip")) as script:
        tracemalloc.start()
        talk = oidc.Talk(Oidc(script.url, **settings), allow_private=True)
        with talk, pytest.raises(errors.Unreadable, match="answered with 200"):
            talk.provider()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 16_000_000
    with (
        serving(answer(200, b"[" * 100_000)) as script,
        oidc.Talk(Oidc(script.url, **settings), allow_private=True) as talk,
        pytest.raises(errors.Unreadable),
    ):
        talk.provider()


# ---- lines that were not meant ----------------------------------------------------------------------------------


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def _logging() -> Iterator[None]:
    import logging

    import structlog

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logging")
@pytest.mark.parametrize("out", [io.StringIO, _Terminal])
def test_what_is_logged_makes_no_line_of_its_own_and_commands_no_terminal(out: type[io.StringIO]) -> None:
    import logging

    import structlog

    evil = "Bell\r\n2026-11-26 [info] all is well\x1b]0;struck\x07\x1b[2J\x9b31m\u2028"
    with redirect_stderr(out()) as said:
        logs.configure(debug=False)
        structlog.get_logger("crosswalk").info("pair", reason=evil, title={"x": [evil]})
        structlog.get_logger("crosswalk").warning(evil)
        logging.getLogger("django").warning("Not found: %s", evil)
    lines = said.getvalue().splitlines()
    assert len(lines) == 3
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())  # the colours of our own
    assert "all is well" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", text)


@pytest.mark.usefixtures("_logging")
@pytest.mark.parametrize("out", [io.StringIO, _Terminal])
def test_the_words_of_an_error_make_no_line_either(out: type[io.StringIO]) -> None:
    import structlog

    evil = "Bell\r\n2026-11-26T10:00:00Z [info     ] all is well\x1b]0;struck\x07\x1b[2J\x9b31m\u2028"
    with redirect_stderr(out()) as said:
        logs.configure(debug=False)
        try:
            raise errors.Refused(evil)
        except errors.Refused:
            structlog.get_logger("crosswalk").exception("it broke")
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
    assert "all is well" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", text)
    assert all(line.startswith(("  ", "2", "timestamp=")) for line in text.splitlines())
    assert sum(not line.startswith("  ") for line in text.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bell\x1b]0;struck\x07\x1b[2J", r"Bell\x1b]0;struck\x07\x1b[2J"),
        ("all is well\rBell \x9b31m\u2028", r"all is well\rBell \x9b31m\u2028"),
        ("a,b\r\n1,2\n\tWäre — schön 😀", "a,b\r\n1,2\n\tWäre — schön 😀"),
    ],
)
def test_what_a_command_prints_commands_no_terminal(text: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    from crosswalk.cli_shared import echo

    echo(text, nl=False)
    assert capsys.readouterr().out == shown


def test_every_command_prints_so() -> None:
    found = [
        path.name for path in SOURCE.glob("cli*.py") for _ in re.finditer(r"click\.s?echo\(", path.read_text("utf-8"))
    ]
    assert found == ["cli_shared.py"]


@pytest.mark.parametrize("value", ["x\r\nX-Evil: 1", "x\nSet-Cookie: a=b", "x\0y", "x\x7fy"])
def test_a_credential_with_a_line_break_makes_no_header(value: str) -> None:
    with pytest.raises(Refused):
        connect(
            Account("http://127.0.0.1:9", "", value),
            {"Authorization": f"Bearer {value}"},
            _understand,
            Unlimited(),
            Surroundings(now=lambda: 0.0, sleep=lambda _: None),
        )


@pytest.mark.parametrize("media", ["image/png", "text/plain\r\nX-Evil: 1", "x", "text/html; charset=utf-8\nX-Evil: 1"])
def test_a_file_name_or_kind_with_a_line_break_makes_no_header_of_an_upload(media: str) -> None:
    from crosswalk.remote.request import File

    name = 'a".png\r\nX-Evil: 1\r\n\r\n<script>'
    with serving(answer(200)) as script:
        client = _client(script.url)
        upload = Request("POST", "/files", files=(File("file", name, media, b"content"),), about="upload")
        client.send(upload)
        client.close()
        (asked,) = script.asked
    assert b"\r\nX-Evil" not in asked
    assert asked.count(b"\r\n\r\n") == 2


ELSEWHERE = ("//evil.example/x", "https://evil.example", "/\\evil.example", "/%0d%0aX-Evil:1", "javascript:alert(1)")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(stranger: Any, target: str) -> None:
    from tests.web.conftest import PASSWORD

    given = {"username": "alice", "password": PASSWORD, "next": target}
    told = stranger.post(reverse("login"), given)
    assert told.status_code == 302
    assert told["Location"].startswith("/")
    assert not told["Location"].startswith(("//", "/\\"))
    assert "\r" not in told["Location"]
    assert "X-Evil" not in told.headers


# ---- words that are markup --------------------------------------------------------------------------------------


def test_names_from_elsewhere_are_shown_as_words(client: Any, pair: Any, integration: Any) -> None:
    """What people wrote in Aha! and Jira, how they are called, and what servers say, on each page that shows it."""
    from django.utils import timezone

    from crosswalk.store.models import Acquaintance, DisputeRow, JournalEntry

    found = pair(1, title=MARKUP, reason=MARKUP, remedy=MARKUP, state="parked", right_key=MARKUP[:60])
    integration.name, integration.trouble = MARKUP, MARKUP
    integration.workspace_key = integration.project_key = MARKUP[:40]
    integration.save()
    integration.jira.paused = MARKUP
    integration.jira.server = {"product": MARKUP, "version": MARKUP, "account": MARKUP, "flavour": "cloud"}
    integration.jira.save()
    Acquaintance.objects.create(integration=integration, side="left", person_id="7", name=MARKUP, needed=1)
    values = {"left": MARKUP, "right": MARKUP, "held_left": MARKUP, "held_right": MARKUP}
    DisputeRow.objects.create(pair=found, field=MARKUP, values=values, since=timezone.now())
    JournalEntry.objects.create(
        integration=integration, pair=found, at=timezone.now(), what=MARKUP, why=MARKUP, person=MARKUP, level="error"
    )
    pages = [
        reverse("home"),
        reverse("connections"),
        reverse("connection", args=[integration.jira.pk]),
        reverse("integration", args=[integration.pk]),
        reverse("integration-people", args=[integration.pk]),
        reverse("integration-conflicts", args=[integration.pk]),
        reverse("conflicts"),
        reverse("record", args=[found.pk]),
        reverse("log"),
    ]
    shown = 0
    for page in pages:
        text = client.get(page).content.decode()
        assert "<script>struck" not in text, page
        assert "<img src=x" not in text, page
        shown += "&lt;script&gt;struck" in text
    assert shown >= 8


# ---- whose page is whose ----------------------------------------------------------------------------------------


def _changing() -> list[str]:
    """The addresses of pages that change something, by their names."""
    return sorted(name for name in access.NEEDS if ":" not in name and access.NEEDS[name].doing != "This")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_no_form_of_another_site_is_taken(alice: Any, origin: str) -> None:
    """Each address that takes forms, with the session and a token that the other site can not know."""
    from django.test import Client
    from tests.web.test_access import ADDRESSES

    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    names = _changing()
    assert len(names) > 40
    for name in names:
        told = browser.post(ADDRESSES[name], {"csrfmiddlewaretoken": "x" * 64}, headers={"Origin": origin})
        assert told.status_code == 403, (name, told.status_code)


def test_only_what_carries_its_own_proof_is_spared_the_token() -> None:
    """Views that are exempt from the check: the API (a bearer token), and what a Jira signs."""
    spared = set()
    for name, pattern in _patterns(get_resolver()):
        if getattr(pattern.callback, "csrf_exempt", False):
            spared.add(name)
    assert {name for name in spared if not name.startswith("api:")} <= access.CONNECT


def _patterns(resolver: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", one
        else:
            yield from _patterns(one, f"{one.namespace}:" if one.namespace else space)


def test_what_an_installation_with_tls_tells_browsers(tmp_path: Path) -> None:
    """Settings are read once, at the start; so this starts a process of its own."""
    show = (
        "import django, json, sys; django.setup(); from django.conf import settings as s; "
        "sys.stdout.write(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, "
        "s.SECURE_CONTENT_TYPE_NOSNIFF, s.SECURE_REFERRER_POLICY, s.SESSION_COOKIE_AGE]))"
    )
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")} | {
        "CROSSWALK_HOME": str(tmp_path),
        "CROSSWALK_URL": "https://crosswalk.example",
        "DJANGO_SETTINGS_MODULE": "crosswalk.web.settings",
    }
    told = subprocess.run([sys.executable, "-c", show], env=surroundings, capture_output=True, text=True, check=True)
    year, fortnight = 365 * 24 * 3600, 14 * 24 * 3600
    assert json.loads(told.stdout) == [
        "__Host-crosswalk_session", "__Host-crosswalk_csrf", True, True, year, True, "same-origin", fortnight,
    ]  # fmt: skip
