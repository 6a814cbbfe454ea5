from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .play import Sandbox


@pytest.fixture
def aha() -> Iterator[Sandbox]:
    """A stand-in Aha! with the demo seed."""
    from .play import playing  # the fast tier reads this file too, and has no use for a whole sandbox

    with playing() as sandbox:
        yield sandbox
