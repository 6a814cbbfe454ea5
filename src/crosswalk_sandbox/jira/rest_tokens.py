"""Endpoints of a person's own access tokens on Data Center: list without their values, make, revoke.

https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html. The list's names, its stamps
and the answer to a new one are as others observed them on 10.3 and 8.20; words of refusals are unconfirmed. The token
that the sandbox prints is taken after its end, too: who wants a refusal switches a fault on, or revokes it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from crosswalk_sandbox.jira.flavour import utc_stamp
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.tokens import AccessToken
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

LIFE = timedelta(days=365)


def _stamp(moment: datetime) -> str:
    return utc_stamp(moment).replace("Z", "+00:00")


def _shown(token: AccessToken) -> Json:
    out: Json = {"id": token.id, "name": token.name, "createdAt": _stamp(token.made)}
    return out | ({"expiringAt": _stamp(token.ends)} if token.ends else {})


def _printed(call: Call) -> list[AccessToken]:
    """One a person, made when the sandbox started, unless a test says otherwise."""
    if call.me.key in call.site.revoked:
        return []
    started = call.jira.started
    ends = call.jira.token_ends.get(call.me.name, [started + LIFE])
    return [AccessToken(number, f"token {number}", call.me.key, started, end) for number, end in enumerate(ends, 1)]


def tokens(call: Call) -> Answer:
    printed: list[Json] = [_shown(one) | {"lastAccessedAt": _stamp(call.site.now())} for one in _printed(call)]
    mine = [token for token in call.site.tokens.values() if token.person == call.me.key]
    return Answer(200, printed + [_shown(token) for token in mine])


def make_token(call: Call) -> Answer:
    """201 with the token itself, which is not shown again. It lasts `expirationDuration` days."""
    wire = call.json(("name", "expirationDuration"))
    name, days = wire.get("name"), wire.get("expirationDuration")
    if not isinstance(name, str) or not 0 < len(name.strip()) < 256:
        raise Refusal(400, "A name must be given, of at most 255 characters.")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not 0 < days < 10_000):
        raise Refusal(400, "The expiration must be a positive number of days.")
    now = call.site.now()
    made = AccessToken(
        int(call.site.next_id("token")), name, call.me.key, now, now + timedelta(days=days) if days else None
    )
    raw = hashlib.blake2b(f"{call.site.cloud_id}/token/{made.id}".encode(), digest_size=22).hexdigest()
    call.site.tokens[raw] = made
    return Answer(201, _shown(made) | {"rawToken": raw})


def revoke(call: Call) -> Answer:
    number = call.params["tokenId"]
    if number in [str(token.id) for token in _printed(call)]:
        call.site.revoked.add(call.me.key)
        return Answer(204)
    for raw, token in call.site.tokens.items():
        if token.person == call.me.key and str(token.id) == number:
            del call.site.tokens[raw]
            return Answer(204)
    raise NotThere(f"There is no token with the id {number[:40]}.")


DC = ("dc",)
ENDPOINTS = [
    Endpoint("GET", "pat/latest/tokens", tokens, "(access tokens: list)", DC),
    Endpoint("POST", "pat/latest/tokens", make_token, "(access tokens: create)", DC),
    Endpoint("DELETE", "pat/latest/tokens/{tokenId}", revoke, "(access tokens: revoke)", DC),
]
