"""The extension for Aha!, built and installed by the vendor's own program, as its how-to says.

Without Node or without what builds it, tests are left out loudly, and fail under CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.left_out import left_out

SOURCE = Path(__file__).resolve().parents[1] / "aha-extension"
IDENTIFIER = "crosswalk.jira"


def node() -> str:
    """Node's path."""
    found, modules = shutil.which("node"), SOURCE / "node_modules" / "aha-cli"
    if found is not None and modules.exists():
        return found
    missing = "Node" if found is None else "an installed aha-cli"
    raise left_out("every test of the extension for Aha!", f"there is no {missing}", "./run clients")


def run(arguments: list[str], directory: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Node with these arguments; its home and its environment are the test's own."""
    given = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = [node(), *arguments]
    return subprocess.run(command, cwd=directory, env=given, capture_output=True, text=True, timeout=120, check=False)


def build(address: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Build it into `directory` for the Crosswalk at `address`."""
    return run([str(SOURCE / "build.mjs"), address, str(directory)], SOURCE, directory.parent)


def vendor(command: str, directory: Path, sandbox: str, key: str) -> subprocess.CompletedProcess[str]:
    """`aha COMMAND` in the built extension's directory, signed in to the sandbox as its `auth:login` leaves it."""
    home = directory.parent
    lines = f"machine sandbox.aha.test\n  type aha\n  email alice@example.com\n  token {key}\n  url {sandbox}\n"
    (home / ".netrc").write_text(lines)
    return run([str(SOURCE / "node_modules/aha-cli/bin/run"), command], directory, home)


def library(name: str) -> bytes:
    """React as Aha! gives it to extensions: its file for pages."""
    return (SOURCE / f"node_modules/{name}/umd/{name}.production.min.js").read_bytes()
