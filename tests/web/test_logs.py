"""The service's log: nothing that looks like a secret reaches a line."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.core.exceptions import DisallowedHost

from crosswalk.remote.redacted import redact
from crosswalk.web import logs


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"Authorization": "Basic abc", "path": "/x"}, {"Authorization": "••••", "path": "/x"}),
        ({"api_key": "abc", "user": "alice"}, {"api_key": "••••", "user": "alice"}),
        ("GET /hooks/jira/abcdef 202", "GET /hooks/jira/•••• 202"),
        ("sent Bearer abc.def to Jira", "sent Bearer •••• to Jira"),
        ("https://alice:pw@sea.example/x", "https://alice:••••@sea.example/x"),
        ("http://127.0.0.1:8400/x", "http://127.0.0.1:8400/x"),
        ("/setup/?code=1234-5678&x=1", "/setup/?code=••••&x=1"),
        (["token=1", {"password": "x"}], ["token=1", {"password": "••••"}]),
        (b"\x00\x01", "(2 bytes)"),
        (7, 7),
    ],
)
def test_redaction(value: object, shown: object) -> None:
    assert redact(value) == shown


@pytest.fixture
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(debug=False)
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_process_that_tests_start_loads_nothing_that_people_lack() -> None:
    """tests/without/rich.py: structlog would load it at each of their starts."""
    command = [sys.executable, "-c", "import sys, structlog; sys.exit('rich.console' in sys.modules)"]
    assert subprocess.run(command, check=False).returncode == 0


def test_both_kinds_of_loggers_are_redacted(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(debug=False)
    structlog.get_logger("crosswalk").info("signed in", password="p4ss", to="https://a:b@sea.example")
    logging.getLogger("django").warning("POST %s", "/hooks/aha/abcdef")
    said = capsys.readouterr().err
    assert "signed in" in said
    for secret in ("p4ss", ":b@", "abcdef"):
        assert secret not in said


def test_an_error_keeps_its_traceback_without_the_secret(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(debug=False)
    try:
        raise ValueError("Authorization: Basic c2VjcmV0")
    except ValueError:
        structlog.get_logger("crosswalk").exception("broke")
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "c2VjcmV0" not in said


def test_who_asks_by_another_name_gets_one_line(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Scanners do so all day, each time with a traceback in the log and advice to change a setting of Django's."""
    logs.configure(debug=False)
    logs.configure(debug=False)
    try:
        raise DisallowedHost("Invalid HTTP_HOST header: '1.2.3.4'. You may need to add '1.2.3.4' to ALLOWED_HOSTS.")
    except DisallowedHost as error:
        logging.getLogger("django.security.DisallowedHost").error(str(error), exc_info=True, extra={"status_code": 400})
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "1.2.3.4" in said
    assert said.count("CROSSWALK_URL") == 1
    assert "warning" in said
    assert "ALLOWED_HOSTS" not in said


def test_the_queue_of_jobs_speaks_from_warnings_on(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(debug=False)
    queue = logging.getLogger("procrastinate.blueprints")
    queue.info("Adding tasks from blueprint")
    queue.warning("A job is lost")
    said = capsys.readouterr().err
    assert "Adding tasks" not in said
    assert "A job is lost" in said


def test_as_json_a_line_is_an_object_without_the_secret(configured: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(debug=False, as_json=True)
    structlog.get_logger("crosswalk").info("signed in", password="p4ss", at=object, to="https://a:b@sea.example")
    logging.getLogger("django").warning("POST %s\nnext", "/hooks/aha/abcdef")
    try:
        raise ValueError("Authorization: Basic c2VjcmV0")
    except ValueError:
        structlog.get_logger("crosswalk").exception("broke")
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert (lines[0]["event"], lines[0]["password"]) == ("signed in", "••••")
    assert "ValueError" in lines[2]["exception"]
    for secret in ("p4ss", ":b@", "abcdef", "c2VjcmV0"):
        assert secret not in said
