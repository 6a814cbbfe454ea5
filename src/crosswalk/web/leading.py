"""A remedy on a page: where it names a page its words lead there, and what one types is set apart."""

from __future__ import annotations

import re
from typing import Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

_PAGES: Final = {
    "the page People": "integration-people",
    "the page Conflicts": "integration-conflicts",
    "the page Mapping": "integration-mapping",
    "the integration's page": "integration",
    "Open the connection": "connections",
}
_TYPED: Final = re.compile(r"`([^`<>]+)`")


def typed(text: str) -> SafeString | str:
    """`text` with what stands between backticks set as what one types."""
    if "`" not in text:
        return text
    parts = enumerate(_TYPED.split(text))
    return SafeString("".join(format_html("<code>{}</code>" if place % 2 else "{}", one) for place, one in parts))


def led(remedy: str, integration: int, kind: str) -> SafeString | str:
    """A remedy whose words lead to the page that they name, of an integration and a kind."""
    for words, page in _PAGES.items():
        before, there, after = remedy.partition(words)
        if there:
            given = {"integration-mapping": [integration, kind], "connections": []}.get(page, [integration])
            return format_html('{}<a href="{}">{}</a>{}', typed(before), reverse(page, args=given), words, typed(after))
    return typed(remedy)


def here(remedy: str) -> str:
    """A remedy as a record's own page says it: what is answered “on its page” is answered below it."""
    return remedy.replace(": on its page, ", ": here, ", 1)
