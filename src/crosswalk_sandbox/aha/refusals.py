"""How the stand-in says no: one exception per status code, each with the body Aha! answers. Knows no HTTP server.

Bodies of 400, 401, 403 and 422 are not documented; the shapes here are those that Aha!'s own Ruby client reads
(https://github.com/aha-app/aha-api, lib/aha-api/helpers.rb).
"""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """An answer other than success; `body` is JSON, unless there is a web `page`."""

    status = 500
    page = ""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON body of the answer."""
        return {"error": self.message}


class Bad(Refusal):
    """400: the request can not be read."""

    status = 400


class Unauthorized(Refusal):
    """401: no key, or an unknown one."""

    status = 401


class Forbidden(Refusal):
    """403: the key's user may not do this."""

    status = 403


class Missing(Refusal):
    """404 with JSON: the route exists, the record does not (or may not be seen)."""

    status = 404

    def __init__(self, message: str = "Record not found.") -> None:
        super().__init__(message)


class Invalid(Refusal):
    """422: a value is refused."""

    status = 422

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON body of the answer."""
        return {"errors": {"message": self.message}}


class Duplicate(Refusal):
    """412: this very file is attached already. https://www.aha.io/api/resources/attachments/create_an_attachment"""

    status = 412

    def __init__(self, attachment_id: str, url: str) -> None:
        super().__init__("duplicate")
        self.attachment_id, self.url = attachment_id, url

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON body of the answer."""
        return {
            "status": "duplicate",
            "success": False,
            "attachmentId": self.attachment_id,
            "attachmentUrl": self.url,
        }


class TooLarge(Refusal):
    """413 of the gateway before the application: a web page."""

    status = 413
    page = "<html><head><title>413 Request Entity Too Large</title></head><body></body></html>"


class Crowded(Refusal):
    """429: more requests than the account may send."""

    status = 429
