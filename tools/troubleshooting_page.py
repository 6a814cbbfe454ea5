"""Writes docs/troubleshooting.md from the entries that pages show. Run by hand; a test holds the file against it."""

from __future__ import annotations

import sys
from pathlib import Path

from crosswalk.web.troubleshooting import Entry, grouped

PAGE = Path(__file__).resolve().parent.parent / "docs" / "troubleshooting.md"
HEAD = """# When something is wrong

Every message in Crosswalk says what happened, to which record, and what to do next. Many carry a code; here is what
stands behind each. The same text opens in Crosswalk when you click the code.

First look at three places: the record's page (both sides beside each other, and its history), the integration's page
(what needs you), and the log. **Retry** runs a record again at once.

- [Changes from Jira are not reflected](help/not-reflected.md): is the integration enabled, and when did it last ask
  Jira? Its page tells both. Without webhooks a change takes as long as `CROSSWALK_POLL_SECONDS`. The record's page says
  of each field why it was or was not carried; `crosswalk explain NAME FAB-7` says the same.
- [A field is not sent](help/not-sent.md): it is switched off in the mapping, or it is not on the screen of that issue
  type (F2).
- [Event 'installed' failed](help/installed-failed.md): Connections > Jira via Connect shows each call of Jira's with
  its cause (C1 to C8). If there is none, the call did not get here: is CROSSWALK_URL reached from the internet, by
  https?
- [Do I need several webhooks?](help/several-webhooks.md) No. One in Jira and one in Aha! serve every integration over
  the same connections.
"""


def page() -> str:
    """The page's text."""
    parts = [HEAD]
    for title, entries in grouped().items():
        parts.append(f"\n## {title}\n")
        parts += [_entry(code, entry) for code, entry in entries.items()]
    return "".join(parts)


def _entry(code: str, entry: Entry) -> str:
    return f"\n### {code}: {entry.title}\n\n{entry.cause}\n\n**What to do:** {entry.remedy}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
