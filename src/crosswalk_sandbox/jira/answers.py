"""The bodies of a Jira that refuses or fails because a fault says so. Only texts.

401 and 404 are recorded; the rest has Jira's usual shape, its words are unconfirmed. The four kinds of 429:
https://developer.atlassian.com/cloud/jira/platform/rate-limiting/; the riddle:
https://developer.atlassian.com/server/jira/platform/basic-authentication/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from crosswalk_sandbox.jira.flavour import Flavour
from crosswalk_sandbox.kernel.faults import ANSWERS, Answers, Canned

CAPTCHA = {
    "X-Seraph-LoginReason": "AUTHENTICATION_DENIED",
    "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp",
}
BASIC_FAILED = "<html><body><h1>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</h1></body></html>"
LIMITS = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0"}
LIMITED = ("429_global", "429_tenant", "429_burst", "429_issue")


def _said(status: int, message: str, errors: Mapping[str, str] | None = None) -> Canned:
    return Canned(status, json.dumps({"errorMessages": [message] if message else [], "errors": errors or {}}))


def answers_of(flavour: Flavour) -> Answers:
    """The answers of this flavour."""
    media, text = flavour.refuse_anonymous()
    challenge = {"Content-Type": media, "WWW-Authenticate": 'OAuth realm="https%3A%2F%2Fjira"'}
    refused = {**challenge, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED", **flavour.caller_header(None)}
    limited = json.dumps({"errorMessages": ["Rate limit exceeded."], "errors": {}})
    return {
        "400": _said(400, "", {"summary": "You must specify a summary of the issue."}),
        "401": Canned(401, text, refused),
        "403": _said(403, "You do not have permission to perform this operation."),
        "captcha": Canned(403, BASIC_FAILED, CAPTCHA),
        "404": _said(404, flavour.no_issue),
        "409": _said(409, "The issue is being changed by somebody else. Try again."),
        "429": Canned(429, limited, LIMITS),
        **{kind: replace(ANSWERS[kind], body=limited, headers={**LIMITS, **ANSWERS[kind].headers}) for kind in LIMITED},
        "500": _said(500, "Internal server error"),
    }
