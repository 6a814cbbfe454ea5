"""What polls named lately: kept, and given to the next one."""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk.merge.rules import Side
from crosswalk.store.told_models import Told


def get(integration_id: int, side: Side) -> dict[str, int]:
    """What the poll before named on `side`; nothing where there was none."""
    found = Told.objects.filter(integration_id=integration_id, side=side.value).values_list("named", flat=True).first()
    return {str(name): int(digest) for name, digest in (found or {}).items()}


def keep(integration_id: int, side: Side, named: Mapping[str, int]) -> None:
    """Have the next poll know this."""
    Told.objects.update_or_create(integration_id=integration_id, side=side.value, defaults={"named": dict(named)})
