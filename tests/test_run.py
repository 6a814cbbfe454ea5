"""The one door: its list of verbs, what is none, and how it ends where something is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.template import lay

ROOT = Path(__file__).resolve().parent.parent
VERBS = {"demo", "test", "lint", "types", "bench", "fmt", "sandbox", "serve", "crosswalk", "python", "help"}


def told(*arguments: str, at: Path = ROOT, stand: Path | None = None, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and messages of the `./run` of the checkout `at`, called by a person who stands in `stand`."""
    done = subprocess.run(
        ["bash", str(at / "run"), *arguments],
        env={**os.environ, **environment},
        cwd=stand,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_help_lists_every_verb_with_what_it_does() -> None:
    code, out, _ = told("help")
    listed = dict(line.split(None, 1) for line in out.splitlines()[1:])
    assert code == 0
    assert listed.keys() >= VERBS
    assert "say" not in listed
    assert all(listed.values())
    assert told() == told("help")


@pytest.mark.parametrize("word", ["say", "die", "_ready", "frobnicate", "test; true", "cd"])
def test_what_is_no_verb_is_told_with_the_list(word: str) -> None:
    code, out, said = told(word)
    assert (code, out) == (1, "")
    assert f"no verb '{word}'" in said
    assert "demo" in said


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        (("demo", "--chekc"), "./run demo"),
        (("sandbox", "jira"), "./run sandbox"),
        (("crosswalk", "plan"), "crosswalk plan"),
    ],
)
def test_what_was_typed_wrongly_is_told_in_words_that_can_be_typed(words: tuple[str, ...], usage: str) -> None:
    code, _, said = told(*words)
    assert code == 2
    assert f"Usage: {usage} " in said
    assert f"Try '{usage} --help' for help." in said or usage.startswith("crosswalk")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout in which nothing was set up yet."""
    shutil.copy(ROOT / "run", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def test_a_file_is_meant_from_where_the_person_stands(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("integration: [\n")
    lay(tmp_path / "home")
    code, _, said = told("crosswalk", "apply", "mapping.yaml", stand=tmp_path, CROSSWALK_HOME=str(tmp_path / "home"))
    assert code != 0
    assert "mapping.yaml:" in said, said


def test_an_old_python_is_told(fresh: Path) -> None:
    old = fresh / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    code, _, said = told("lint", at=fresh, PYTHON=str(old))
    assert code == 1
    assert "Python 3.11 or newer is needed" in said
    assert not (fresh / ".venv").exists()


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_package_that_may_not_be_installed_is_left_out_loudly_never_in_ci(fresh: Path, ci: str, code: int) -> None:
    tools = fresh / "tools"
    tools.mkdir()
    for name in ("dirname", "bash"):
        (tools / name).symlink_to(str(shutil.which(name)))
    script = "source ./run help >/dev/null 2>&1 || true; _apt chromium 'every page test' || true; say reached"
    (fresh / "run").write_text((ROOT / "run").read_text("utf-8").partition("\nverb=")[0], "utf-8")
    done = subprocess.run(
        [str(tools / "bash"), "-c", script],
        cwd=fresh,
        env={"PATH": str(tools), "CI": ci, "HOME": str(fresh)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "LEFT OUT: every page test. Remedy: apt-get install chromium" in done.stderr
    assert ("reached" in done.stderr, done.returncode) == (not ci, code)


def test_what_is_ended_ends_the_server_too() -> None:
    """A service manager, and a script that starts a sandbox, end the process that they started."""
    command = ["bash", str(ROOT / "run"), "sandbox", "aha", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        address = json.loads(started.stdout.readline())["address"]
        with urlopen(address, timeout=60) as answer:
            assert answer.status == 200
        started.terminate()
        started.wait(60)
    with pytest.raises(URLError):
        urlopen(address, timeout=60)
