"""The REST API for the pages: as the person chosen there, without signing in, without limits, faults and the log.

So a page can do what REST can do and no more, by the same rules. Knows no endpoint.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.types import Scope

from crosswalk_sandbox.jira.bodies import read
from crosswalk_sandbox.jira.refusals import NotThere
from crosswalk_sandbox.jira.web import Answer, Call, Rest

OWN = "/_sandbox/jira"


class Acting(Rest):
    """ASGI: `/_sandbox/jira/as/{person}/...` is `/rest/...` as that person."""

    async def dispatch(self, request: Request, scope: Scope) -> Answer:
        """Find the endpoint, read the body, answer."""
        jira = self.jira
        params = request.path_params
        person = jira.site.people.get(params["person"])
        if person is None:
            raise NotThere("There is nobody of that name.")
        raw = scope.get("raw_path", b"").decode("latin-1").split("?")[0] or quote(scope["path"])
        parts = raw.removeprefix(f"{OWN}/as/").strip("/").split("/")[1:]
        path = "/rest/" + "/".join(parts)
        endpoint, found, api = self.find(request.method, ("rest", *(unquote(part) for part in parts)), path)
        body, files, content = await read(request)
        root = str(request.app.state.base_url)
        query, headers = request.query_params, request.headers
        return endpoint.handler(
            Call(jira, request.method, path, api, found, query, headers, body, person, root, files, content)
        )
