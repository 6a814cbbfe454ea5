"""The API for the pages: as the person chosen there, without a key, without limits, faults and the log.

So a page can do what the API can do and no more, by the same rules and rights. Knows no endpoint.
"""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crosswalk_sandbox.aha.call import Door
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.refusals import Unauthorized

STEM = "/_play/as/"


class Acting(Door):
    """`/_play/as/{person}/...` is `/api/v1/...` as that person."""

    def __init__(self, door: Door) -> None:
        super().__init__(door.account, door.table)
        self.lock = door.lock

    async def answer(self, request: Request) -> Response:
        """Answer one request of a page."""
        raw = request.scope["raw_path"].decode("ascii", "replace").removeprefix(STEM).strip("/")
        found = self.table.find(request.method, [unquote(part) for part in raw.split("/")[1:]])
        if found is None:
            return JSONResponse({"error": "There is nothing of that kind."}, 404)
        endpoint, args, _, viewer = found
        return await self.serve(request, endpoint, args, viewer=viewer)

    def _user(self, request: Request) -> User:
        found = self.account.user(request.path_params["person"])
        if found is None:
            raise Unauthorized("There is nobody of that name")
        return found

    def _judge(self, request: Request, headers: dict[str, str]) -> None:
        """A person at a page is not counted."""
