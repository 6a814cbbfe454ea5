"""Prints the cases for make.mjs: requests as odd as they come, each with a token that Crosswalk signs for it."""

from __future__ import annotations

import json
import sys
from urllib.parse import urlsplit

from crosswalk.jira import connect_jwt
from crosswalk.jira.connect_jwt import Call

SECRET = "a secret for tests alone, as long as they have to be"
NOW = 1_790_000_000
BASE = "https://crosswalk.example.com/app"
TARGETS = (
    "GET /rest/api/3/issue/FAB-1",
    "GET /rest/api/3/issue/FAB-1?fields=summary%2Cstatus&expand=",
    "GET /rest/api/3/issue/",
    "GET ?a=b",
    "DELETE /rest/api/3/issue/FAB-1/properties/a%20b%26c",
    "POST /rest/api/3/search/jql",
    "GET /p?b=2&a=1&b=1&B=0",
    "GET /p?a=x%2Cy&a=x&a=",
    "GET /p?q=a+b%20c*~-_.!'()",
    "GET /p?q=%C3%A4%E2%82%AC%F0%9F%98%80",
    "GET /p?q=100%25&r=%26%3D%3F%23",
    "GET /p?jwt=abc&z=1",
    "PUT /p%26q/r?x=/~",
    "GET /p?issue=10001&key=FAB-7",
    "GET /p?a%20b=c",
    "GET /p?one&two=",
)


def made() -> dict[str, object]:
    """The cases."""
    cases = []
    for target in TARGETS:
        method, _, rest = target.partition(" ")
        parts = urlsplit(BASE + rest)
        call = Call(method, connect_jwt.below(BASE, parts.path), parts.query)
        cases.append(
            {"method": method, "url": BASE + rest, "token": connect_jwt.signed("crosswalk", SECRET, call, NOW)}
        )
    return {"secret": SECRET, "now": NOW, "base": BASE, "cases": cases}


if __name__ == "__main__":
    json.dump(made(), sys.stdout)
