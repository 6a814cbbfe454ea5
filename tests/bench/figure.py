"""One measured figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `target` is the most it may be, or with `at_least` the least. `original`: what Aha!'s own
    version-1 integration needs, measured, where it was."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    original: str = ""

    @property
    def missed(self) -> bool:
        """Whether the target was not reached."""
        if self.target is None:
            return False
        return self.value < self.target if self.at_least else self.value > self.target

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return (
            f"{self.value:,.0f} {self.unit}"
            if self.value >= 100 or self.value == int(self.value)
            else (f"{self.value:.1f} {self.unit}")
        )

    @property
    def target_shown(self) -> str:
        """The target in words."""
        if self.target is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self.target:,.0f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
