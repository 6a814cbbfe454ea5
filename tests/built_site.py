"""The documentation site as `./run docs` builds it: made once, by whichever process needs it first, and read by others.

It lies in var/tests, named after all that it is made from. A warning ends the build.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.template import FOLDER, ROOT

SOURCES = ("mkdocs.yml", "requirements/dev.txt", "tools/site.py", "docs")


def _name() -> str:
    known = hashlib.sha256(sys.version.encode())
    for source in SOURCES:
        place = ROOT / source
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                known.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return f"site-{known.hexdigest()[:20]}"


@functools.cache
def built() -> Path:
    """The site's folder. Whoever comes while it is built waits."""
    site = FOLDER / _name()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "site.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            for old in FOLDER.glob("site-*"):
                shutil.rmtree(old)
            fresh = FOLDER / f"site-{os.getpid()}"
            command = [sys.executable, "-m", "mkdocs", "build", "-f", str(ROOT / "mkdocs.yml"), "-d", str(fresh)]
            environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, env=environment)
            assert done.returncode == 0, done.stderr
            assert "WARNING" not in done.stderr
            fresh.rename(site)
    return site
