"""Where the answer to a why leads: the address, and what the link to it says, for the page and for the command."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from crosswalk.errors import a_or_an
from crosswalk.store.models import Pair
from crosswalk.sync.why import Answer

_SAYS: Final = {
    "record": "Open the record {key}",
    "integration-settings": "Open the settings of {integration}",
    "integration-mapping": "Open the mapping of {kind}",
    "integration-conflicts": "Decide it under Conflicts",
    "integration-people": "Open the page People",
    "connection": "Open the connection",
    "connections": "Open the connections",
    "help": "Read about {code}",
}


def lead(pair: Pair, answer: Answer) -> tuple[str, str]:
    """What the link says, and its address without the service's own."""
    name, given = answer.page
    said = _SAYS[name].format(
        key=pair.key, integration=pair.integration.name, kind=a_or_an(pair.kind), code=given[0] if given else ""
    )
    return said, reverse(name, args=given)
