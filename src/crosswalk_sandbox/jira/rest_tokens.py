"""The endpoint that lists a person's own access tokens on Data Center, without their values.

https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html. A token that has ended is
taken all the same: who wants a refusal switches a fault on.
"""

from __future__ import annotations

from datetime import timedelta

from crosswalk_sandbox.jira.flavour import utc_stamp
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

LIFE = timedelta(days=365)


def tokens(call: Call) -> Answer:
    """One a person, made when the sandbox started, unless a test says otherwise."""
    now, started = call.site.now(), call.jira.started
    ends = call.jira.token_ends.get(call.me.name, [started + LIFE])
    listed: list[Json] = []
    for number, end in enumerate(ends, 1):
        entry: Json = {"id": number, "name": f"token {number}", "createdAt": utc_stamp(started)}
        listed.append(entry | {"lastAccessed": utc_stamp(now)} | ({"expiringAt": utc_stamp(end)} if end else {}))
    return Answer(200, listed)


ENDPOINTS = [Endpoint("GET", "pat/latest/tokens", tokens, "(access tokens: list)", ("dc",))]
