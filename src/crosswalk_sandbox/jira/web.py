"""The HTTP side of a stand-in Jira without any endpoint: routing, signing in, reading bodies, the vendor's error
answers, limits.

Knows no issue. An endpoint is a plain function from `Call` to `Answer`, listed in a table with its operationId.
Documents: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ (signing in, versions, status codes) and
https://developer.atlassian.com/server/jira/platform/rest/v10003/intro/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crosswalk_sandbox.jira import apps, closed, nobody, oauth_scopes
from crosswalk_sandbox.jira.bodies import NO_CONTENT, NOT_JSON, Upload, passed_over, read
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.edit import Desk
from crosswalk_sandbox.jira.limits import Limits, refusal_headers
from crosswalk_sandbox.jira.refusals import NoPath, NotThere, Problem, Refusal, Unauthenticated
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue, Json, Person, Project
from crosswalk_sandbox.jira.subscriptions import App
from crosswalk_sandbox.jira.table import Segments, Table, segments_of
from crosswalk_sandbox.jira.traits import Asker
from crosswalk_sandbox.jira.views import View
from crosswalk_sandbox.kernel.keeping import REPLAYED
from crosswalk_sandbox.kernel.packed import packed

JSON_TYPE = "application/json;charset=UTF-8"
PROBLEM_TYPE = "application/problem+json;charset=UTF-8"
EMPTY_TYPE = "text/html;charset=UTF-8"
BAD_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
FAILED = "AUTHENTICATED_FAILED"  # of X-Seraph-LoginReason, for a name, password or token that is not known
NO_QUERY = QueryParams()
GATEWAY_PAGE = b"<html>\n<head><title>400 Bad Request</title></head>\n<body><h1>400 Bad Request</h1></body>\n</html>\n"


@dataclass(slots=True)
class Answer:
    """A status, a JSON body (or bytes), headers. `body` None is an empty body."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    media: str = JSON_TYPE


@dataclass(slots=True)
class Call:
    """One request, signed in and taken apart. `root` and `path` are its address, a gateway's part is in the first.
    `params` are the path's variables, `body` the parsed JSON (None when empty)."""

    jira: Jira
    method: str
    path: str
    api: str
    params: dict[str, str]
    query: QueryParams
    headers: Mapping[str, str]
    body: object
    person: Person | None
    root: str
    files: list[Upload] = field(default_factory=list)
    raw: bytes = b""
    app: App | None = None

    @property
    def site(self) -> Site:
        return self.jira.site

    @property
    def cloud(self) -> bool:
        return self.jira.flavour.name == "cloud"

    @property
    def adf(self) -> bool:
        return self.api in self.jira.flavour.adf_apis

    @property
    def uri(self) -> str:
        """The whole address of the request."""
        return f"{self.root}{self.path}" + (f"?{self.query}" if self.query else "")

    @property
    def view(self) -> View:
        api = "2" if self.api in ("latest", "") else self.api
        return View(self.site, self.jira.flavour, self.root, api, self.adf, reader=self.person)

    @property
    def me(self) -> Person:
        """The caller. Raises Refusal 401 when nobody is signed in."""
        if self.person is None:
            raise Refusal(401, nobody.NOT_SIGNED_IN)
        return self.person

    @property
    def someone(self) -> Person:
        """The caller; somebody without any right where nobody is signed in."""
        return self.person or nobody.NOBODY

    def everywhere(self, permission: str) -> bool:
        """Whether the caller has a global permission; who is signed in has all but that to administer at first."""
        held = self.person is not None and permission not in self.site.withheld
        return held and (permission != "ADMINISTER" or self.someone.admin)

    @property
    def asker(self) -> Asker:
        """Who searches."""
        return Asker(self.someone, self.cloud)

    @property
    def desk(self) -> Desk:
        return Desk(self.site, self.jira.flavour, self.someone, self.adf)

    def json(self, known: Sequence[str] | None = None) -> Json:
        """The body as an object; with `known`, Cloud refuses any other property."""
        if not isinstance(self.body, dict):
            missing = self.body is None and not self.raw
            raise Refusal(400, (NO_CONTENT if missing else BAD_PAYLOAD) if self.cloud else NOT_JSON, bare=True)
        if known is not None and self.cloud and set(self.body) - set(known):
            raise Refusal(400, BAD_PAYLOAD, bare=True)
        return self.body

    def number(self, name: str, default: int, most: int | None = None, least: int = 0) -> int:
        """A whole number from the query. Raises Problem for anything else, as recorded."""
        given = self.query.get(name)
        if given is None or given == "":
            return default
        try:
            value = int(given) if len(given) < 19 else None
        except ValueError:
            value = None
        if value is None:
            if self.cloud:
                raise Problem(400, "Bad Request", f"Failed to convert '{name}' with value: '{given[:200]}'")
            raise NoPath(self.uri)
        value = max(value, least)
        return min(value, most) if most is not None else value

    def flag(self, name: str, default: bool = False) -> bool:
        given = self.query.get(name)
        return default if given is None else given.lower() == "true"

    def many(self, name: str) -> list[str]:
        """A query parameter given several times or with commas."""
        return [part.strip() for text in self.query.getlist(name) for part in text.split(",") if part.strip()]

    def project(self, id_or_key: str) -> Project:
        """The project, if the caller may see it. Raises NotThere in the recorded words."""
        found = self.site.project(id_or_key)
        if found is None or not self.site.allowed(self.person, found, "BROWSE_PROJECTS"):
            word = "id" if id_or_key.isdecimal() else "key"
            raise NotThere(f"No project could be found with {word} '{id_or_key}'.")
        return found

    def issue(self, name: str = "issueIdOrKey") -> Issue:
        """The issue of the path, if the caller may see it. Raises NotThere in the recorded words."""
        found = self.site.issue(self.params[name])
        if found is None or not self.site.sees(self.person, found):
            raise NotThere(self.jira.flavour.no_issue)
        return found

    def may(self, issue: Issue, permission: str) -> bool:
        return self.site.may(self.person, issue, permission)

    def may_with(self, issue: Issue, author: str, deed: str) -> bool:
        """Whether the caller may do a `deed` (such as `EDIT_{}_COMMENTS`) with a part that somebody wrote: with any, or
        with their own."""
        mine = self.person is not None and author == self.person.key and self.may(issue, deed.format("OWN"))
        return mine or self.may(issue, deed.format("ALL"))

    def admin(self) -> Person:
        """The caller, if an administrator. Raises Refusal 403."""
        if not self.me.admin:
            raise Refusal(403, "Only Jira administrators can perform this operation.")
        return self.me


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the table: method, path template, function, the operationId of the official document, flavours it exists
    in.

    Templates start below `/rest`; `api/X` stands for every REST version of the flavour. One that does not `read` passes
    over whatever body is sent. `told` gives every 400 on Cloud the shape that the document declares for this endpoint;
    elsewhere it declares none, and a number that is none is refused by a Problem.
    """

    method: str
    template: str
    handler: Handler
    name: str
    on: tuple[str, ...] = ("cloud", "dc")
    per_issue: bool = False
    told: Callable[[Refusal], object] | None = None
    read: bool = True


@cache
def _table(endpoints: tuple[Endpoint, ...], flavour: str) -> Table[Endpoint]:
    """Made once: it is the same for every site."""
    return Table[Endpoint](endpoints, flavour)


class Rest:
    """The ASGI application of the REST API: everything below `/rest`, and below `/ex/jira/{cloudId}` on Cloud."""

    def __init__(self, jira: Jira, endpoints: Sequence[Endpoint], limits: Limits) -> None:
        self.jira, self.limits = jira, limits
        self.table = _table(tuple(endpoints), jira.flavour.name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self.answer(request, scope)
        answer.headers.update(self.jira.common_headers())
        content = answer.body
        raw = b"" if content is None else content
        if not isinstance(raw, bytes):
            raw = packed(raw)
        headers = answer.headers | ({"Content-Type": answer.media} if answer.media and answer.status != 304 else {})
        if answer.status not in (204, 304):
            headers["Content-Length"] = str(len(raw))
        # Without Starlette's Response, which would cost a simple request a twentieth of its time.
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": lines})
        await send({"type": "http.response.body", "body": raw})

    async def answer(self, request: Request, scope: Scope) -> Answer:
        """The answer; whatever it is, a header tells of a credential that is not known. Cloud's gateway lets no PATCH
        through, as others measured (the source is named in nobody.py)."""
        if request.method == "PATCH" and self.jira.flavour.name == "cloud":
            return Answer(400, GATEWAY_PAGE, media="text/html")
        answer = await self.answer_or_refuse(request, scope)
        if scope.get("sandbox.failed"):
            answer.headers.setdefault("X-Seraph-LoginReason", FAILED)
        return answer

    async def answer_or_refuse(self, request: Request, scope: Scope) -> Answer:
        path = scope["path"]
        try:
            return await self.dispatch(request, scope)
        except Refusal as refusal:
            told = self.told(scope, refusal.status)
            return Answer(refusal.status, told(refusal) if told else refusal.body())
        except Problem as problem:
            if told := self.told(scope, problem.status):
                return Answer(problem.status, told(Refusal(problem.status, problem.detail)))
            if self.jira.flavour.name == "dc":
                return Answer(problem.status, problem.plainly(), problem.headers)
            return Answer(problem.status, problem.body(path), problem.headers, PROBLEM_TYPE)
        except Unauthenticated as refused:
            media, text = self.jira.flavour.refuse_anonymous(request.headers.get("accept", ""))
            headers = {"WWW-Authenticate": 'OAuth realm="https%3A%2F%2Fjira"'}
            scope["sandbox.failed"] = refused.failed
            headers |= self.jira.flavour.caller_header(None)
            return Answer(401, text.encode(), headers, media)

    def told(self, scope: Scope, status: int) -> Callable[[Refusal], object] | None:
        """How the endpoint that was found words a refusal, where it has a way of its own."""
        mine = status == 400 and self.jira.flavour.name == "cloud"
        return getattr(scope.get("route"), "told", None) if mine else None

    async def dispatch(self, request: Request, scope: Scope) -> Answer:
        """Sign in, find the endpoint, judge the limits, read the body, answer."""
        jira = self.jira
        path, root, gateway = self.door(scope)
        if path is None:
            return Answer(404, jira.gateway_not_found(scope["path"]), media="application/json")
        if not gateway and path.startswith("/rest/") and (odd := jira.flavour.refuse_scheme(request.headers)):
            return Answer(403, odd, media="application/json")
        app, caller = apps.caller_of(jira, request, path, gateway=gateway)
        scope["sandbox.failed"] = caller.failed
        if caller.must_fail or (caller.person is None and gateway) or (caller.person and not caller.person.active):
            raise Unauthenticated(caller.failed)
        scope["sandbox.user"] = caller.person.name if caller.person else ""
        self.refuse_odd(request)
        raw_path = scope.get("raw_path", b"").decode("latin-1").split("?")[0] or path
        segments = segments_of(raw_path[len(scope["path"]) - len(path) :])
        asked = scope["query_string"].decode("latin-1")
        uri = f"{root}{path}" + (f"?{asked}" if asked else "")
        endpoint, params, api = self.find(request.method, segments, path, uri)
        scope["route"] = endpoint
        if caller.person is None and not nobody.reaches(jira.flavour.name, endpoint.template, endpoint.name):
            raise Unauthenticated(caller.failed)
        if app is not None and not oauth_scopes.allowed(app, request.method, endpoint.template):
            return Answer(401, {"code": 401, "message": "Unauthorized; scope does not match"})
        if refused := self.over_limit(scope, endpoint, params, app=app is not None):
            return refused
        about_limits = self.limits.headers(jira.site.clock.now(), app=app is not None)
        body, files, raw = await (read if endpoint.read else passed_over)(request)
        self.refuse_unknown(endpoint, body)
        query, person = request.query_params if asked else NO_QUERY, caller.person
        call = Call(jira, request.method, path, api, params, query, request.headers, body, person, root, files, raw)
        call.app = app
        # Only a Connect app can have the hooks of its request traced.
        jira.trace = request.headers.get("x-atlassian-webhook-trace", "")[:1024] if app and app.base_url else ""
        try:
            answer = endpoint.handler(call)
        finally:
            jira.trace = ""
        answer.headers.update(about_limits)
        self.limits.charge(request.method, answer.body, jira.site.clock.now(), app=app is not None)
        answer.headers.setdefault("X-Seraph-LoginReason", FAILED if caller.failed else "OK")
        answer.headers.update(jira.flavour.caller_header(person))
        return answer

    def door(self, scope: Scope) -> tuple[str | None, str, bool]:
        """The path without the gateway's part, the root address, whether it came through the gateway.

        The path is None for a cloudId the gateway does not know.
        """
        path, root = str(scope["path"]), str(scope["app"].state.base_url)
        if not path.startswith("/ex/jira/"):
            return path, root, False
        cloud_id, _, rest = path[len("/ex/jira/") :].partition("/")
        known = cloud_id == self.jira.site.cloud_id and self.jira.flavour.name == "cloud"
        return ("/" + rest if known else None), f"{root}/ex/jira/{cloud_id}", True

    def over_limit(self, scope: Scope, endpoint: Endpoint, params: Mapping[str, str], *, app: bool) -> Answer | None:
        """The 429 for this request, or None. What is played back from a file was let through the first time."""
        now, refused = self.jira.site.clock.now(), None
        if self.jira.flavour.name == "dc" and not scope.get(REPLAYED):
            refused = self.limits.judge_person(scope["sandbox.user"], now)
        elif not scope.get(REPLAYED):
            issue = self.jira.site.issue(params.get("issueIdOrKey", "")) if endpoint.per_issue else None
            refused = self.limits.judge(endpoint, issue.id if issue else "", now, app=app)
        if refused is None:
            return None
        scope["sandbox.limit"] = refused.reason
        body = Refusal(429, "Rate limit exceeded.").body()
        return Answer(429, body, refusal_headers(refused, now, self.limits.settings))

    def find(self, method: str, segments: Segments, path: str, uri: str = "") -> tuple[Endpoint, dict[str, str], str]:
        """The endpoint, the path's variables and the REST version. Raises Problem or Refusal for an unknown path, which
        is a part of `uri`."""
        api = ""
        rest = segments[1:] if segments[0] == "rest" else segments if segments[0] == "secure" else ("",)
        if len(rest) > 2 and rest[0] == "api" and rest[1] in self.jira.flavour.apis:
            api = rest[1]
            rest = ("api", "X", *rest[2:])
        if rest[:2] == ("auth", "latest"):
            rest = ("auth", "1", *rest[2:])
        # JAX-RS and Spring answer HEAD as GET without the body, unless told otherwise.
        endpoint, params, exists = self.table.find("GET" if method == "HEAD" else method, rest)
        if endpoint is not None:
            return endpoint, params, api
        if exists:
            allow = {"Allow": ", ".join(self.table.methods(rest))}
            raise Problem(405, "Method Not Allowed", f"Method '{method}' is not supported.", allow)
        if self.jira.flavour.name == "cloud":
            raise Problem(404, "Not Found", f"No endpoint {method} {path}.")
        raise NoPath(uri or path)

    def refuse_unknown(self, endpoint: Endpoint, body: object) -> None:
        """A property that the document does not have of a body that it closes."""
        names = closed.known(endpoint.name) if isinstance(body, dict) and self.jira.flavour.name == "cloud" else None
        if names is not None and isinstance(body, dict) and not body.keys() <= names:
            raise Refusal(400, BAD_PAYLOAD, bare=True)

    def refuse_odd(self, request: Request) -> None:
        """A browser's User-Agent on a write is taken for a forged request; a GET with a body is refused on Cloud."""
        agent = request.headers.get("user-agent", "")
        if request.method in ("POST", "PUT") and agent.startswith("Mozilla/"):
            raise Refusal(403, "XSRF check failed")
        cloud, length = self.jira.flavour.name == "cloud", request.headers.get("content-length", "0")
        if request.method == "GET" and cloud and length != "0":
            raise Refusal(403, "A GET request must not have a body.")  # wording unconfirmed; CHANGE-2328


def page(call: Call, entries: Sequence[Json], size: int = 50, most: int = 100) -> tuple[int, int, list[Json]]:
    """Start, size and the entries of the page asked for."""
    start, size = call.number("startAt", 0), call.number("maxResults", size, most)
    return start, size, list(entries[start : start + size])


def bean(call: Call, entries: Sequence[Json], size: int = 50, most: int = 100) -> Json:
    """A page in the envelope with `values` and `isLast`."""
    start, size, shown = page(call, entries, size, most)
    others = [one for one in call.query.multi_items() if one[0] not in ("startAt", "maxResults")]
    kept = f"&{urlencode(others)}" if others else ""

    def at(first: int) -> str:
        return f"{call.root}{call.path}?maxResults={size}{kept}&startAt={first}"

    out: Json = {"self": at(start)}
    if start + len(shown) < len(entries) and shown:
        out["nextPage"] = at(start + len(shown))
    last = start + len(shown) >= len(entries)
    return out | {"maxResults": size, "startAt": start, "total": len(entries), "isLast": last, "values": shown}
