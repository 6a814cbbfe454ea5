from __future__ import annotations

from collections.abc import Iterator

import pytest

from .play import Sandbox, playing


@pytest.fixture
def aha() -> Iterator[Sandbox]:
    """A stand-in Aha! with the demo seed."""
    with playing() as sandbox:
        yield sandbox
