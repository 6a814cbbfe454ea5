"""The files in deploy/, as far as they can be checked without Docker: each parses, and what it names is there."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from tests.django_setup import HOME
from tests.docs.test_reference import DOCS, ROOT, _tables
from tests.left_out import left_out

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = ["/opt/crosswalk/bin/python", "-m", "crosswalk"]


def _known() -> set[str]:
    rows = [row for table in _tables((DOCS / "reference/settings.md").read_text("utf-8")) for row in table[1:]]
    return {name for row in rows for name in re.findall(r"CROSSWALK_\w+", row[0])}


def _runs(arguments: list[str]) -> None:
    """The command line is one that the program takes: each option is parsed before --help is answered."""
    from crosswalk.cli import main

    done = CliRunner().invoke(main, [*arguments, "--help"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Usage: main {arguments[0]} "), done.output


def _unit(path: Path) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=False, delimiters=("=",))
    found.optionxform = str
    found.read_string(path.read_text("utf-8"))
    return found


def _instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_a_unit_starts_what_there_is(path: Path) -> None:
    unit = _unit(path)
    command = shlex.split(unit["Service"]["ExecStart"].replace("%i", "8400"))
    assert command[:3] == PROGRAM
    _runs(command[3:])
    assert unit["Service"]["User"] == "crosswalk"
    assert unit["Service"]["Environment"].partition("=")[0] in _known()


def test_systemd_understands_the_units() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        raise left_out("the check of the systemd units", "there is no systemd-analyze", "apt-get install systemd")
    done = subprocess.run([program, "verify", *UNITS], check=False, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "deploy/systemd" in line or "crosswalk" in line]
    # The programs are not installed where tests run.
    assert [line for line in said if "is not executable" not in line] == []


def test_the_timer_starts_a_unit_that_there_is() -> None:
    for path in UNITS:
        if path.suffix == ".timer":
            assert path.with_suffix(".service") in UNITS
            assert "OnCalendar" in _unit(path)["Timer"]


def test_the_image_starts_what_there_is() -> None:
    found = dict(_instructions())
    assert json.loads(found["ENTRYPOINT"]) == PROGRAM
    _runs(json.loads(found["CMD"]))
    assert set(re.findall(r"(CROSSWALK_\w+)=", found["ENV"])) <= _known()
    assert found["USER"] != "0"


def test_what_the_image_copies_is_there() -> None:
    for name, rest in _instructions():
        if name == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def test_the_image_checks_its_health_at_an_address_that_there_is() -> None:
    from crosswalk.web.probes import PATHS

    (check,) = (rest for name, rest in _instructions() if name == "HEALTHCHECK")
    assert HOME.is_dir(), "Django is set up"
    command = json.loads(check.partition("CMD ")[2])
    compile(command[2], "HEALTHCHECK", "exec")
    (path,) = re.findall(r"127\.0\.0\.1:8400(/\w+)", check)
    assert path in PATHS


def test_compose_starts_a_database_a_web_process_and_two_workers() -> None:
    services = _compose()["services"]
    assert set(services) == {"db", "web", "worker"}
    assert services["worker"]["scale"] == 2
    for name in ("web", "worker"):
        _runs(services[name]["command"])
        settings = services[name]["environment"]
        assert set(settings) <= _known()
        assert settings["CROSSWALK_DATABASE_URL"].startswith("postgresql://crosswalk:")
        assert services[name]["env_file"] == [".env"], "a setting that stands there and is named nowhere else counts"
        assert (DEPLOY / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
        assert services[name]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert {line.split(":")[0] for one in services.values() for line in one["volumes"]} == set(_compose()["volumes"])


def test_every_variable_that_compose_wants_stands_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")))
    example = set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text("utf-8"), re.M))
    assert wanted == example
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_image_gets_what_postgresql_needs() -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements/postgres.txt").read_text("utf-8"), re.M))
    assert {"psycopg", "procrastinate"} <= names
    run = set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / "requirements/run.txt").read_text("utf-8"), re.M))
    assert run <= set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / "requirements/postgres.txt").read_text("utf-8"), re.M))
