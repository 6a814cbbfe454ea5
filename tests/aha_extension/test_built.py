"""The extension for Aha! is typed, fits the vendor's schema, is built by the vendor's program, and installed by it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest

from crosswalk_sandbox.aha import build
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests import extension
from tests.official.watch import Running

ADDRESS = "https://crosswalk.example.test/below"
pytestmark = [pytest.mark.slow, pytest.mark.servers]


def _described(directory: Path) -> Any:
    return json.loads((directory / "package.json").read_text())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("extension") / "out"
    done = extension.build(ADDRESS, directory)
    assert done.returncode == 0, done.stdout + done.stderr
    return directory


@pytest.fixture
def sandbox() -> Iterator[tuple[str, dict[str, str]]]:
    app, credentials = build("demo", VirtualClock())
    with Running(app) as base:
        yield base, credentials


def _installed(base: str) -> list[dict[str, Any]]:
    return list(httpx2.get(f"{base}/_play/extensions").json()["extensions"])


def test_the_source_is_typed(tmp_path: Path) -> None:
    done = extension.run([str(extension.SOURCE / "node_modules/typescript/bin/tsc")], extension.SOURCE, tmp_path)
    assert done.returncode == 0, done.stdout


def test_what_it_contributes_fits_the_vendor_s_schema(built: Path) -> None:
    schema = json.loads((extension.SOURCE / "node_modules/aha-cli/schema/schema.json").read_text())
    judge = jsonschema_rs.validator_for(schema)
    for directory in (extension.SOURCE, built):
        given = _described(directory)["ahaExtension"]
        assert [str(fault) for fault in judge.iter_errors(given)] == []
    given["contributes"]["views"]["jira"]["recordTypes"] = ["Initiative"]
    assert not judge.is_valid(given)


def test_the_lock_names_hashes_and_no_addresses() -> None:
    packages = json.loads((extension.SOURCE / "package-lock.json").read_text())["packages"]
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if name and "integrity" not in one] == []


def test_it_is_built_for_one_crosswalk(built: Path) -> None:
    given = _described(built)["ahaExtension"]
    assert given["cspSources"] == ["https://crosswalk.example.test"]
    assert given["contributes"]["settings"]["address"]["default"] == ADDRESS
    archive = gzip.decompress(next(built.glob("*.gz")).read_bytes()).decode()
    assert archive.count("script.txt") == 3
    assert 'aha.import("react")' in archive  # Aha!'s own React, and none of ours
    assert "react.production" not in archive


@pytest.mark.parametrize("address", ["", "crosswalk.example.test", "javascript:alert(1)", "file:///etc"])
def test_it_is_built_for_no_address_that_a_page_could_not_ask(tmp_path: Path, address: str) -> None:
    done = extension.build(address, tmp_path / "out")
    assert (done.returncode, (tmp_path / "out").exists()) == (2, False)
    assert "npm run build -- https://" in done.stderr


def test_the_vendor_s_program_installs_it_again_and_takes_it_out(built: Path, sandbox: Any) -> None:
    base, credentials = sandbox
    for _ in range(2):
        done = extension.vendor("extension:install", built, base, credentials["token"])
        assert done.returncode == 0, done.stderr
        (found,) = _installed(base)
        assert (found["identifier"], found["name"], found["version"]) == (extension.IDENTIFIER, "Send to Jira", "0.1.0")
        assert set(found["scripts"]) == {"jira", "crosswalk", "sendToJira"}
    done = extension.vendor("extension:uninstall", built, base, credentials["token"])
    assert (done.returncode, _installed(base)) == (0, [])


def test_only_an_administrator_installs_it(built: Path, sandbox: Any) -> None:
    base, credentials = sandbox
    done = extension.vendor("extension:install", built, base, credentials["reviewer_token"])
    assert done.returncode == 1
    assert "You do not have permission" in done.stderr
    assert _installed(base) == []
