"""The ways in which a stand-in Jira says no, as exceptions that carry the vendor's body. Knows no request.

Refusal            errorMessages and errors, the usual shape
  NotThere         404 of that shape
  NoPath           404 of Data Center for an address that it has nothing at
Problem            from the layer before Jira's own code: application/problem+json on Cloud
Unauthenticated    401 in plain text (Cloud) or JSON (Data Center)
Documents: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ (status codes) and
https://developer.atlassian.com/server/jira/platform/rest/v10003/intro/ ("Error responses").
The bodies of Cloud are recorded.
"""

from __future__ import annotations

NO_ISSUE_CLOUD = "Issue does not exist or you do not have permission to see it."
NO_ISSUE_DC = "Issue Does Not Exist"


class Refusal(Exception):
    """A refusal with the vendor's `errorMessages` and `errors`. `bare` leaves out the `errors` key."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None, bare: bool = False) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.messages = list(messages)
        self.errors = errors or {}
        self.bare = bare

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        if self.bare:
            return {"errorMessages": self.messages}
        return {"errorMessages": self.messages, "errors": self.errors}


class NotThere(Refusal):
    """Something does not exist, or the caller may not know that it does: Jira does not tell which."""

    def __init__(self, message: str) -> None:
        super().__init__(404, message)


class NoPath(Refusal):
    """Nothing is at this address; in the words that Server was recorded with, which come from below Jira's own code."""

    def __init__(self, uri: str) -> None:
        super().__init__(404, f"null for uri: {uri}")

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        return {"message": self.messages[0], "status-code": self.status}


class Problem(Exception):
    """A refusal as `application/problem+json` (RFC 9457), as recorded for unknown paths and numbers that are none."""

    def __init__(self, status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, title, detail)
        self.status, self.title, self.detail, self.headers = status, title, detail, headers or {}

    def body(self, path: str) -> dict[str, object]:
        """The answer's JSON about a request for `path`."""
        about = {"type": "about:blank", "title": self.title, "status": self.status}
        return {**about, "detail": self.detail, "instance": path}

    def plainly(self) -> dict[str, object]:
        """The answer's JSON on Data Center, in the form recorded of Server for what comes before its own code."""
        return {"message": f"HTTP {self.status} {self.title}", "status-code": self.status}


class Unauthenticated(Exception):
    """The caller has to sign in, or did so with something that is not known (`failed`)."""

    def __init__(self, failed: bool = False) -> None:
        super().__init__(failed)
        self.failed = failed


def field_error(field: str, message: str) -> Refusal:
    """A 400 about one field."""
    return Refusal(400, errors={field: message})
