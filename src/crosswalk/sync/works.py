"""Which function does which kind of errand, beyond plans and loads. A table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crosswalk.store.models import Errand
from crosswalk.sync import candidates, proposals, sending, settling, templates, undoing
from crosswalk.sync.errands import BRING, CARRY, LINK, MATCH, REVERT, SEEK, SEND, SETTLE, TEMPLATE, UNDO
from crosswalk.sync.joining import Tell

Work = Callable[[Errand, Tell], dict[str, Any] | None]

WORKS: Mapping[str, Work] = {
    MATCH: proposals.search,
    LINK: proposals.link,
    SETTLE: settling.look,
    CARRY: settling.carry,
    SEEK: candidates.seek,
    BRING: candidates.bring,
    TEMPLATE: templates.look,
    UNDO: undoing.look,
    REVERT: undoing.revert,
    SEND: sending.send,
}
