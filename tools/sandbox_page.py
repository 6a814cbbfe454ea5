"""Writes docs/reference/sandboxes.md from the sandboxes' own tables and the vendors' documents.

Run by hand, with the documents beside the checkout; a test holds the file against it. What can not be read from the
code stands in `sandbox_words.py`.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.official.documents import FILES, document
from tests.official.exchanges import parts_for
from tests.official.unstated import outside_why

from crosswalk_sandbox import jira
from crosswalk_sandbox.aha.app import build as build_aha
from crosswalk_sandbox.aha.app import endpoints as aha_endpoints
from crosswalk_sandbox.aha.settings import Settings
from crosswalk_sandbox.jira.app import ENDPOINTS
from crosswalk_sandbox.jira.web import Endpoint
from crosswalk_sandbox.kernel.clock import VirtualClock
from crosswalk_sandbox.kernel.faults import KINDS
from tools.sandbox_words import AHA_WORDS, CONTROL, CREDENTIALS, FAULTS, HEAD, JIRA_WORDS, NOT_IMITATED, SETTINGS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "sandboxes.md"
PAGES_OWN = ("/_sandbox/aha/", "/_sandbox/jira/", "/_sandbox/pages/")
"""What only the sandboxes' own pages call."""
JIRA_KINDS = {"cloud": "Jira Cloud", "dc": "Jira Data Center"}
Rows = list[tuple[str, ...]]


def page() -> str:
    """The page's text. Raises KeyError for a fault, a setting, a control path or a credential without words."""
    return "\n".join([HEAD, *_start(), *_jira(), *_aha(), *_left_out()])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    def line(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cells)} |"

    return [line(head), f"|{'---|' * len(head)}", *map(line, rows), ""]


# ---- how to start and to steer ----


def _start() -> list[str]:
    apps = {
        "aha": build_aha("demo", VirtualClock()),
        **{f"jira-{kind}": jira.build(kind, "demo", VirtualClock()) for kind in JIRA_KINDS},
    }
    credentials: Rows = [
        (name, ", ".join(f"`{one}`" for one in shown if CREDENTIALS[one] == words), words)
        for name, (_, shown) in apps.items()
        for words in dict.fromkeys(CREDENTIALS[one] for one in shown)
    ]
    paths = {
        route.path
        for app, _ in apps.values()
        for route in app.routes
        if getattr(route, "path", "").startswith("/_sandbox") and not route.path.startswith(PAGES_OWN)
    }
    faults: Rows = [(f"`{kind}`", FAULTS[kind]) for kind in KINDS]
    world: Rows = []
    for name in dict.fromkeys(verb for app, _ in apps.values() for verb in app.state.control.world.verbs):
        meant: dict[tuple[str, str], list[str]] = defaultdict(list)  # a verb may want other things elsewhere
        for title, (app, _) in apps.items():
            if verb := app.state.control.world.verbs.get(name):
                wants = ", ".join([*(f"`{one}`" for one in verb.needs), *(f"[`{one}`]" for one in verb.may)])
                # The words are the first sandbox's where it wants the same.
                same = next((key for key in meant if key[0] == wants), (wants, verb.about))
                meant[same].append(title)
        for (wants, about), has in meant.items():
            world.append((f"`{name}`", wants, about, "all" if len(has) == len(apps) else ", ".join(has)))
    settings: Rows = [(f"`{name}`", f"`{getattr(Settings(), name)}`", SETTINGS[name]) for name in Settings.__slots__]
    return [
        "## Credentials\n",
        *_table(("sandbox", "printed", "what it is"), credentials),
        "## Control\n",
        *_table(("path", "what it does"), [(f"`{path}`", CONTROL[path]) for path in sorted(paths)]),
        "## Faults\n",
        *_table(("kind", "what happens"), faults),
        "## Changes of the world\n",
        *_table(("do", "with", "what changes", "where"), world),
        "## What Aha! leaves open\n",
        "Switches of the sandbox Aha!, read and changed at `/_sandbox/settings`.\n",
        *_table(("setting", "at the start", "meaning"), settings),
    ]


# ---- Jira ----


def _jira() -> list[str]:
    by_group: dict[str, Rows] = defaultdict(list)
    seen: dict[tuple[str, str], dict[str, Endpoint]] = defaultdict(dict)
    for endpoint in ENDPOINTS:
        for flavour in endpoint.on:
            seen[endpoint.method, endpoint.template][flavour] = endpoint
    for (method, template), on in seen.items():
        cells = tuple(_named(method, template, flavour) if flavour in on else "" for flavour in ("cloud", "dc"))
        by_group[_group(template)].append((method, f"`/rest/{template}`", *cells))
    out = ["## Jira: every endpoint\n", JIRA_WORDS]
    for group in sorted(by_group):
        out += [f"### {group}\n", *_table(("", "path", "Cloud", "Data Center"), by_group[group])]
    return out


def _group(template: str) -> str:
    parts = template.split("/")
    if parts[0] in ("api", "agile"):
        return f"{'agile: ' if parts[0] == 'agile' else ''}{parts[2]}"
    return "outside the documents"


def _named(method: str, template: str, flavour: str) -> str:
    """The operationId; for a path of no document, why it is there."""
    api = "3" if flavour == "cloud" else "2"
    found = parts_for(flavour, ["rest", *template.replace("api/X", f"api/{api}").split("/")])
    if found is None:
        return "in no document"
    operation = document(found[0]).find(method, found[1])
    if operation is not None:
        return f"`{operation.name.rpartition('.')[2]}`"
    return f"in no document: {outside_why(flavour, method, found[1])}"


# ---- Aha! ----


def _aha() -> list[str]:
    by_group: dict[str, Rows] = defaultdict(list)
    for method, path in (one.split(" ") for one in aha_endpoints().operations):
        parts = ["api", "v1", *path.strip("/").split("/")]
        operation = document("aha").find(method, parts)
        if operation is not None:
            named = f"`{operation.path.removeprefix('/api/v1')}`"
        else:
            named = f"in no document: {outside_why('aha', method, parts)}"
        by_group[parts[2]].append((method, f"`{path}`", named))
    out = ["## Aha!: every endpoint\n", AHA_WORDS]
    for group in sorted(by_group):
        out += [f"### {group}\n", *_table(("", "path", "in the document"), by_group[group])]
    return out


# ---- what is not there ----


def _left_out() -> list[str]:
    out = [
        "## What is known not to be imitated\n",
        *_table(("where", "what", "why"), NOT_IMITATED),
        "### How much of each document answers\n",
        "A path that is not imitated answers as a path that the real server has not: 404, in the server's own form.\n",
    ]
    for name, titles in (("cloud", "Jira Cloud v3"), ("software", "Jira Software Cloud"), ("dc", "Data Center 10.3")):
        out += [f"#### {titles} (`{FILES[name]}`)\n", *_counts(name, _served(name))]
    out += [f"#### Aha! v1 (`{FILES['aha']}`)\n", *_counts("aha", _served("aha"))]
    return out


def _served(name: str) -> set[str]:
    """The ids of the operations of a document that a sandbox has."""
    asked = [
        (flavour, endpoint.method, ["rest", *endpoint.template.replace("api/X", f"api/{api}").split("/")])
        for endpoint in ENDPOINTS
        for flavour, api in (("cloud", "3"), ("dc", "2"))
        if flavour in endpoint.on
    ]
    for method, path in map(str.split, aha_endpoints().operations):
        asked.append(("aha", method, ["api", "v1", *path.strip("/").split("/")]))
    served = set()
    for product, method, parts in asked:
        found = parts_for(product, parts)
        operation = document(name).find(method, found[1]) if found and found[0] == name else None
        if operation is not None:
            served.add(operation.id)
    return served


def _counts(name: str, served: set[str]) -> list[str]:
    whole: Counter[str] = Counter()
    here: Counter[str] = Counter()
    for operation in document(name).operations:
        for tag in operation.raw.get("tags", ["(none)"])[:1]:
            whole[tag] += 1
            here[tag] += operation.id in served
    full = [(tag, f"{here[tag]} of {whole[tag]}") for tag in sorted(whole) if here[tag]]
    absent = ", ".join(f"{tag} ({whole[tag]})" for tag in sorted(whole) if not here[tag])
    return [*_table(("group", "operations"), full), f"Not at all: {absent}.\n"]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
