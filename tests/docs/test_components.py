"""The bill of materials holds what is pinned, and the audit says what it could and could not ask."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.remote.servers import answer, serving
from tools import components

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements/run.txt").read_text("utf-8")
PINNED = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.M)


def sbom(capsys: pytest.CaptureFixture[str]) -> str:
    assert components.main(["sbom"]) == components.CLEAN
    return capsys.readouterr().out


def test_each_pinned_package_is_a_component(capsys: pytest.CaptureFixture[str]) -> None:
    bill = json.loads(sbom(capsys))
    assert [(one["name"], one["version"]) for one in bill["components"]] == PINNED
    assert sum(len(one["hashes"]) for one in bill["components"]) == LOCK.count("--hash=sha256:")
    assert bill["metadata"]["component"]["name"] == "crosswalk"
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert set(needs) == {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    every = {ref for wanted in needs.values() for ref in wanted}
    assert every == {one["bom-ref"] for one in bill["components"]}, "each is there because something wants it"
    django = next(ref for ref in needs if ref.startswith("pkg:pypi/django@"))
    assert any(ref.startswith("pkg:pypi/sqlparse@") for ref in needs[django])


def test_the_bill_is_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert sbom(capsys) == sbom(capsys)


def test_a_known_flaw_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    results: list[dict[str, object]] = [{} for _ in PINNED]
    results[2] = {"vulns": [{"id": "GHSA-x"}, {"id": "CVE-1"}]}
    with serving(answer(200, {"results": results})) as script:
        assert components.main(["audit", "--source", script.url]) == components.FLAWS
    said = capsys.readouterr().out
    assert f"{' '.join(PINNED[2])}: CVE-1, GHSA-x" in said
    assert json.loads(script.asked[0].partition(b"\r\n\r\n")[2])["queries"][2]["package"]["purl"].startswith(
        "pkg:pypi/"
    )


def test_no_known_flaw_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(answer(200, {"results": [{} for _ in PINNED]})) as script:
        assert components.main(["audit", "--source", script.url]) == components.CLEAN
    assert f"{len(PINNED)} packages asked about, flaws known of 0." in capsys.readouterr().out


@pytest.mark.parametrize("told", [answer(500), answer(200, {"results": []}), answer(200, b"<html>", "text/html")])
def test_who_could_not_be_asked_is_said_loudly(told: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(told) as script:
        assert components.main(["audit", "--source", script.url]) == components.UNASKED
    assert "NOT AUDITED" in capsys.readouterr().err
