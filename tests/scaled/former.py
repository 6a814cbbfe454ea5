"""Crosswalk as it was: the source of an earlier commit, out of this repository's own history, and its processes.

Nothing of it is imported here: it runs in processes of its own, on the libraries of today.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crosswalk_demo.sandboxes import Account
from tests.left_out import left_out
from tests.processes import ROOT

SET_UP = """
import json, os, sys, time
from contextlib import closing
import django
django.setup()
from django.conf import settings
from crosswalk.engine.process import utc_now
from crosswalk.sync import installation, service
from crosswalk.sync.connect import Bridges
from crosswalk_demo.sandboxes import Account
from tests.joined import joined
aha, jira, records = json.load(sys.stdin)
config = settings.CONFIG
with closing(Bridges(config, utc_now, time.sleep)) as bridges:
    here = installation.Installation(config, installation.engine_for(config), bridges, utc_now)
    with installation.instead(here):
        integration = joined(Account(*aha), Account(*jira))
        service.send(integration, [service.find_ref(integration, one) for one in records], "a test")
json.dump({"integration": integration.pk, "secret": integration.hook_secret.reveal()}, sys.stdout)
"""
"""What a person does at the pages first: connects both sides, and sends records. In the words of the former version."""


def source(commit: str, folder: Path) -> Path:
    """The tree of `commit`, unpacked into `folder`.

    Skips where it is not there, and says so; under CI=true it fails, unless whoever cloned left the history out.
    """
    packed = subprocess.run(["git", "archive", commit, "src", "tests"], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode and _shallow():
        pytest.skip(f"LEFT OUT: processes of a former version: this clone is shallow, without commit {commit}.")
    if packed.returncode:
        raise left_out(
            "processes of a former version beside those of this one",
            f"the history does not hold commit {commit}",
            "take the whole history: git fetch --unshallow",
        )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tree:
        # It is our own, so that nothing need be held off; a Python before 3.11.4 has no filters, a later one wants one.
        tree.extraction_filter = getattr(tarfile, "data_filter", None)
        tree.extractall(folder)
    return folder


def _shallow() -> bool:
    asked = ["git", "rev-parse", "--is-shallow-repository"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() == "true"


def environment(tree: Path) -> dict[str, str]:
    """What has Python find the former version before this one, and keep what it compiles beside it.

    The libraries are those of today: what is compiled of them already is shared.
    """
    path, compiled = f"{tree / 'src'}:{tree}:{ROOT / 'tests/without'}", tree / "compiled"
    if sys.pycache_prefix:
        for here in {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}:
            theirs = compiled / Path(here).relative_to("/")
            theirs.parent.mkdir(parents=True, exist_ok=True)
            theirs.symlink_to(Path(sys.pycache_prefix) / Path(here).relative_to("/"))
    return {
        "PYTHONPATH": path,
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PYTHONSAFEPATH": "1",
        "CROSSWALK_ALLOW_PRIVATE": "yes",  # it knows no networks
    }


def set_up(env: Mapping[str, str], tree: Path, sides: tuple[Account, Account], records: list[str]) -> dict[str, Any]:
    """Connect both sides, send `records`, with the former version; the integration's id and its secret."""
    given = json.dumps([*([side.address, side.user, side.secret] for side in sides), records])
    done = subprocess.run(
        [sys.executable, "-c", SET_UP], input=given, env=env, cwd=tree, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def failures(log: str) -> list[str]:
    """The lines of a process's log, written as JSON, that tell of a failure; what it printed besides is passed over."""
    return [line for line in log.splitlines() if line.startswith("Traceback") or _failed(line)]


def _failed(line: str) -> bool:
    try:
        told = json.loads(line)
    except json.JSONDecodeError:
        return False
    return told.get("level") in ("error", "critical") or "exception" in told
