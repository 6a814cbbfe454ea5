"""What an integration remembers about people, kept in the store. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person
from crosswalk.store import people as people_table


class Known:
    """What an integration's people table says, and who was missed. See sync.people.Acquaintances."""

    def __init__(self, integration_id: int, now: Callable[[], datetime]) -> None:
        self._integration_id, self._now = integration_id, now

    def by_hand(self) -> Mapping[tuple[Side, str], tuple[Person, ...]]:
        """See Acquaintances."""
        return people_table.by_hand(self._integration_id)

    def missed(self, side: Side, who: Person, reason: str, record: str) -> None:
        """See Acquaintances."""
        people_table.missed(self._integration_id, side, who, reason, record, self._now())

    def found(self, side: Side, who: Person) -> None:
        """See Acquaintances."""
        people_table.found(self._integration_id, side, who.id)

    def searched(self, since: datetime) -> Mapping[str, str]:
        """See Acquaintances."""
        return people_table.searched(self._integration_id, since)

    def keep_search(self, who: Person, account: str) -> None:
        """See Acquaintances."""
        people_table.keep_search(self._integration_id, who, account, self._now())
