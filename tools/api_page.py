"""Writes docs/reference/http-api.md from the OpenAPI document that the service serves, and says whether it differed.

./run python -m tools.api_page
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "http-api.md"
HEAD = """# HTTP API

{about}

The document itself, in OpenAPI 3.1, is served at `/api/v1/openapi.json`. Make a token on your account's page: it is
shown once, holds 30, 90 or 365 days, may do what its role may and never more than you, and can be revoked there.

```
curl -H "Authorization: Bearer $TOKEN" https://crosswalk.example.com/api/v1/integrations
```

An error has `title` (what), `instance` (where), `detail` (why), `remedy` (what to do), and `faults` where several
things are wrong. Lists that can be long are paged: `page`, `per_page`; the log is read on with `after`.

Two people at once: `export` gives a `version`; send it back with `apply`, and the file is refused with 409 where
somebody changed the integration in between. `apply` only tries unless `dry_run` is false. So with a conflict, two
records to link (`mark`), a mapping (`version`), and deletes (`records`, how many you saw): 409 means that it is another
now and nothing was done.

A change of a mapping under which records are in step waits: read `mapping/change` until it is `planned`, look at the
plan, then say `use`.

What reads both sides (`apply`, `plan`, `load`, `check`) answers once it is done, also where a new integration is made
of a file: no page waits for it, and the answer says what came of it. A large project takes minutes: let the program,
and a proxy between, wait that long. Where an answer was lost, ask the same again: what is there is not made twice.
Or send `wait` false with a file that makes a new integration: the answer is 202 at once, with the `address` that says
how far it is, and in the end which integration it is or what kept it from being made.
"""


def text(document: dict[str, Any]) -> str:
    """The page."""
    parts = [HEAD.format(about=document["info"]["description"])]
    tags: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(operation["tags"][0], []).append(_entry(document, method.upper(), path, operation))
    for tag, entries in tags.items():
        parts.append(f"## {tag}\n\n" + "\n".join(entries))
    return "\n".join(parts).rstrip() + "\n"


def _entry(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"### `{method} {path}`", "", " ".join(operation["description"].split()), ""]
    asked = [_part(one["name"], one["schema"], one["in"]) for one in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        shape = document["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
        asked += [_part(name, schema, "body") for name, schema in shape["properties"].items()]
    if asked:
        lines += ["| | in | |", "|---|---|---|", *asked, ""]
    answer = operation["responses"]["200"] if "200" in operation["responses"] else operation["responses"][200]
    begun = operation["responses"].get("202") or operation["responses"].get(202)
    later = f", or 202 and {_name(begun['content']['application/json']['schema'])}" if begun else ""
    lines += [f"Answers {_name(answer['content']['application/json']['schema'])}{later}.", ""]
    return "\n".join(lines)


def _part(name: str, schema: dict[str, Any], place: str) -> str:
    words = [schema.get("description", "")]
    if "enum" in schema:
        words.append("one of " + ", ".join(f"`{one}`" if one else "nothing" for one in schema["enum"]))
    if "maximum" in schema and schema["maximum"] < 2**40:
        words.append(f"{schema['minimum']} to {schema['maximum']}")
    if schema.get("default") not in (None, "", []):
        words.append(f"without it `{schema['default']}`")
    return f"| `{name}` | {place} | {'; '.join(word for word in words if word)} |"


def _name(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"a list of `{schema['items']['$ref'].rsplit('/', 1)[1]}`"
    return f"`{schema['$ref'].rsplit('/', 1)[1]}`"


def served() -> dict[str, Any]:
    """The document as the service serves it. Django must be set up."""
    from django.test import Client

    found: dict[str, Any] = Client(SERVER_NAME="localhost").get("/api/v1/openapi.json").json()
    return found


def main() -> int:
    """1 where the page was another one before."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["CROSSWALK_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "crosswalk.web.settings"
        django.setup()
        new = text(served())
    old = PAGE.read_text("utf-8") if PAGE.exists() else ""
    PAGE.write_text(new, "utf-8")
    return int(new != old)


if __name__ == "__main__":
    sys.exit(main())
