"""The mappings an integration had: kept in the order in which they counted, so that a change can be taken back."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from crosswalk.store.models import Integration, MappingVersion

MOST = 50  # versions kept of an integration; older ones are let go


def digest(data: object) -> str:
    """A short mark of a mapping: equal mappings have equal marks."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def keep(integration: Integration, data: dict[str, Any], person: str, note: str, at: datetime) -> None:
    """Note that `data` is the mapping now. The first time, what was there before is kept too."""
    known = MappingVersion.objects.filter(integration=integration)
    if not known.exclude(used_at=None).exists():
        first = MappingVersion(integration=integration, data=integration.mapping, note="As it was made.")
        first.made_at = first.used_at = integration.created_at
        first.save()
    known.filter(used_at=None).delete()
    MappingVersion.objects.create(integration=integration, data=data, note=note, person=person, made_at=at, used_at=at)
    old = known.exclude(used_at=None).order_by("-id").values_list("id", flat=True)[MOST:]
    MappingVersion.objects.filter(pk__in=list(old)).delete()


def used(integration: Integration) -> list[MappingVersion]:
    """The mappings that counted, newest first; the first is the present one."""
    return list(MappingVersion.objects.filter(integration=integration).exclude(used_at=None).order_by("-id"))


def changed_at(integration_id: int) -> datetime | None:
    """When the mapping became what it is; None where it never was another one."""
    known = MappingVersion.objects.filter(integration_id=integration_id).exclude(used_at=None)
    return known.order_by("-id").values_list("used_at", flat=True).first()


def draft(integration: Integration) -> MappingVersion | None:
    """The change that waits for a person's word."""
    return MappingVersion.objects.filter(integration=integration, used_at=None).order_by("-id").first()


def propose(integration: Integration, data: dict[str, Any], person: str, note: str, at: datetime) -> MappingVersion:
    """Keep `data` as a draft, in place of any other."""
    MappingVersion.objects.filter(integration=integration, used_at=None).delete()
    before = digest(integration.mapping)
    return MappingVersion.objects.create(
        integration=integration, data=data, before=before, note=note, person=person, made_at=at
    )
