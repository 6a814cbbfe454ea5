"""Which function does which kind of errand, beyond plans and loads. A table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crosswalk.store.models import Errand
from crosswalk.sync import candidates, proposals, settling, templates
from crosswalk.sync.errands import BRING, CARRY, LINK, MATCH, SEEK, SETTLE, TEMPLATE
from crosswalk.sync.joining import Tell

Work = Callable[[Errand, Tell], dict[str, Any]]

WORKS: Mapping[str, Work] = {
    MATCH: proposals.search,
    LINK: proposals.link,
    SETTLE: settling.look,
    CARRY: settling.carry,
    SEEK: candidates.seek,
    BRING: candidates.bring,
    TEMPLATE: templates.look,
}
