"""Writes docs/troubleshooting.md and a page in docs/errors for each entry, from what the pages of Crosswalk show.

Run by hand; a test holds the files against the entries.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from crosswalk.web.troubleshooting import ENTRIES, Entry, grouped

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = "errors"
SOURCE = "src/crosswalk/"
HEAD = """# When something is wrong

Every message in Crosswalk says what happened, to which record, and what to do next. Many carry a code; here is what
stands behind each. The same text opens in Crosswalk when you click the code.

First look at three places: the record's page (both sides beside each other, and its history), the integration's page
(what needs you), and the log. **Retry** runs a record again at once.

- [Changes from Jira are not reflected](help/not-reflected.md): is the integration enabled, and when did it last ask
  Jira? Its page tells both. Without webhooks a change takes as long as `CROSSWALK_POLL_SECONDS`. The record's page says
  of each field why it was or was not carried; `crosswalk explain NAME FAB-7` says the same.
- [A field is not sent](help/not-sent.md): it is switched off in the mapping, or it is not on the screen of that issue
  type ([F2](errors/F2.md)).
- [Event 'installed' failed](help/installed-failed.md): Connections > Jira via Connect shows each call of Jira's with
  its cause ([C1](errors/C1.md) to [C8](errors/C8.md)). If there is none, the call did not get here: is CROSSWALK_URL
  reached from the internet, by https?
- [Do I need several webhooks?](help/several-webhooks.md) No. One in Jira and one in Aha! serve every integration over
  the same connections.

Codes in *italics* are troubles known from other ways to join the two products, which Crosswalk is built to keep away:
their pages say how, and what you see instead.
"""


def pages() -> dict[str, str]:
    """The text of each page, by its path below docs."""
    parts = [HEAD]
    for title, entries in grouped().items():
        parts.append(f"\n## {title}\n\n| code | what it says |\n|---|---|\n")
        parts += [_row(code, entry) for code, entry in entries.items()]
    found = {"troubleshooting.md": "".join(parts)}
    return found | {f"{FOLDER}/{code}.md": _page(code, entry) for code, entry in ENTRIES.items()}


def _row(code: str, entry: Entry) -> str:
    named = f"*{code}*" if entry.kept_away else code
    return f"| [{named}]({FOLDER}/{code}.md) | {entry.title} |\n"


def _page(code: str, entry: Entry) -> str:
    why, what = entry.labels
    parts = [f"# {code}: {entry.title}\n\n**{why}:** {entry.cause}\n\n**{what}:** {entry.remedy}\n"]
    if entry.place:
        parts.append(f"\nWhat sees to it in the program is `{SOURCE}{entry.place.replace(': ', '` (`', 1)}`).\n")
    if entry.see:
        listed = ", ".join(f"[{other}]({other}.md) ({ENTRIES[other].title})" for other in entry.see)
        parts.append(f"\nSee also {listed}.\n")
    return "".join([*parts, "\n[All codes](../troubleshooting.md)\n"])


def stored() -> Mapping[str, str]:
    """The pages as they are in docs."""
    paths = [DOCS / "troubleshooting.md", *sorted((DOCS / FOLDER).glob("*.md"))]
    return {str(path.relative_to(DOCS)): path.read_text("utf-8") for path in paths}


def write() -> int:
    """Write the pages, and take away those of entries that are gone; how many there are."""
    wanted = pages()
    (DOCS / FOLDER).mkdir(exist_ok=True)
    for name in stored().keys() - wanted.keys():
        (DOCS / name).unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text, "utf-8")
    return len(wanted)


if __name__ == "__main__":
    sys.stdout.write(f"wrote {write()} pages\n")
