"""Where the reference material beside the project lies, and a loud word when it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent / "shared"


def shared(path: str, root: Path = ROOT) -> Path:
    """The file or folder `path` below the shared material; where it is absent, the test says what is left out."""
    found = root / path
    if not found.exists():
        pytest.skip(f"LEFT OUT: {path} is not beside this checkout, so what depends on it was not checked")
    return found
