"""A personal access token of Data Center that somebody made: whose it is and till when. Pure.

https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class AccessToken:
    """One that a person made beside the one that the sandbox prints. `ends` is None for one that lasts."""

    id: int
    name: str
    person: str
    made: datetime
    ends: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is still taken."""
        return self.ends is None or now < self.ends
