"""What a process of tests leaves out when it tells of its tests, and that nothing which fails is among it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fewer_words import said

ROOT = Path(__file__).resolve().parent.parent
TESTS = """
import pytest

@pytest.fixture
def broken():
    raise ValueError("before")

@pytest.fixture
def left():
    yield
    raise ValueError("after")

def test_good(): pass
def test_bad(): assert False
def test_before(broken): pass
def test_after(left): pass
def test_left_out(): pytest.skip("not here")
@pytest.mark.xfail
def test_known(): assert False
@pytest.mark.xfail(strict=True)
def test_mended(): pass
"""


@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
def test_what_did_not_pass_is_told_wherever_it_is(when: str) -> None:
    assert said("testreport", {"data": {"when": when, "outcome": "failed"}})
    assert said("testreport", {"data": {"when": when, "outcome": "skipped"}})
    assert said("testreport", {"data": {"when": when, "outcome": "passed"}}) == (when == "call")


def test_every_other_message_is_told_but_two() -> None:
    names = ("logstart", "logfinish", "workerready", "warning_recorded", "runtest_protocol_complete", "internal_error")
    assert [name for name in names if not said(name, {})] == ["logstart", "logfinish"]


@pytest.mark.slow
@pytest.mark.parametrize("how", [[], ["--durations=1"]])
def test_a_run_says_the_same(tmp_path: Path, how: list[str]) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text("from tests.fewer_words import use_them as pytest_configure\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:schemathesis",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    found = []
    for more in (["-n", "1", *how], ["-p", "no:xdist"]):
        done = subprocess.run([*command, *more, f"--rootdir={tmp_path}", "-c", "/dev/null", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
        found.append((done.returncode, re.sub(r" in .*", "", done.stdout.strip().splitlines()[-1])))
    assert found[0] == found[1]
    assert found[0] == (1, "2 failed, 2 passed, 1 skipped, 1 xfailed, 2 errors")
