"""Puts a stand-in Jira together: state, flavour, endpoints, limits, hooks, on the kernel's application."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from crosswalk_sandbox.jira import (
    jql,
    oauth_pages,
    pages,
    rest_agile,
    rest_archive,
    rest_attachments,
    rest_boards,
    rest_components,
    rest_dashboards,
    rest_dynamic,
    rest_fields,
    rest_filters,
    rest_greenhopper,
    rest_groups,
    rest_hooks,
    rest_issues,
    rest_jql,
    rest_links,
    rest_lists,
    rest_meta,
    rest_move,
    rest_options,
    rest_parts,
    rest_people,
    rest_permission_schemes,
    rest_project_admin,
    rest_project_ends,
    rest_projects,
    rest_properties,
    rest_roles,
    rest_schemes,
    rest_search,
    rest_site,
    rest_sprints,
    rest_tokens,
    rest_users,
    rest_versions,
    rest_watchers,
    rest_worklogs,
    seeds,
    switches,
)
from crosswalk_sandbox.jira.acting import Acting
from crosswalk_sandbox.jira.answers import answers_of
from crosswalk_sandbox.jira.audit import doubles
from crosswalk_sandbox.jira.cloud import Cloud
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.datacenter import DataCenter
from crosswalk_sandbox.jira.deliver import Posting
from crosswalk_sandbox.jira.flavour import Credentials, Flavour
from crosswalk_sandbox.jira.limits import Limits
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.web import Endpoint, Rest
from crosswalk_sandbox.jira.world import world_of
from crosswalk_sandbox.kernel.app import Gated, build_app
from crosswalk_sandbox.kernel.clock import Clock
from crosswalk_sandbox.kernel.control import Control
from crosswalk_sandbox.kernel.hooks import is_address
from crosswalk_sandbox.kernel.requests import object_of

API = ("/rest/", "/ex/", "/_edge/", "/secure/", "/oauth/")
ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for module in (
        rest_issues, rest_parts, rest_attachments, rest_links, rest_projects, rest_versions, rest_meta, rest_users,
        rest_search, rest_agile, rest_archive, rest_hooks, rest_jql,
        rest_boards, rest_sprints, rest_watchers, rest_worklogs, rest_properties, rest_filters, rest_dashboards,
        rest_groups, rest_roles, rest_permission_schemes, rest_people, rest_project_admin, rest_project_ends,
        rest_components, rest_fields, rest_options, rest_lists, rest_schemes, rest_site, rest_move,
        rest_dynamic, rest_tokens, rest_greenhopper,
    )
    for endpoint in module.ENDPOINTS
)  # fmt: skip


def token(flavour: str, owner: str, what: str) -> str:
    """A credential of the sandbox: made up, the same at every start, and plainly no real one."""
    return f"sandbox-{what}-{hashlib.blake2b(f'{flavour}/{owner}/{what}'.encode(), digest_size=9).hexdigest()}"


def credentials_of(flavour: str, site: Site) -> tuple[Flavour, dict[str, str]]:
    """The flavour with what it accepts, and what to print for a person: an administrator, a reader, an outsider."""
    accepted = Credentials()
    people = {person.name: person for person in site.people.values()}
    for name, person in people.items():
        if flavour == "cloud":
            accepted.basic[person.email, token(flavour, name, "token")] = person.key
            accepted.scoped[person.email, token(flavour, name, "scoped")] = person.key
        else:
            accepted.basic[name, token(flavour, name, "password")] = person.key
            accepted.bearer[token(flavour, name, "pat")] = person.key
    if flavour == "cloud":
        shown = {"cloud_id": site.cloud_id, "email": "alice@example.com", "token": token(flavour, "alice", "token")}
        shown["scoped_token"] = token(flavour, "alice", "scoped")
        for role, name in (("reader", "dana"), ("outsider", "otto")):
            shown |= {f"{role}_email": f"{name}@example.com", f"{role}_token": token(flavour, name, "token")}
        return Cloud(accepted), shown
    shown = {
        "username": "alice",
        "password": token(flavour, "alice", "password"),
        "pat": token(flavour, "alice", "pat"),
    }
    for role, name in (("reader", "dana"), ("outsider", "otto")):
        shown |= {f"{role}_username": name, f"{role}_password": token(flavour, name, "password")}
        shown[f"{role}_pat"] = token(flavour, name, "pat")
    return DataCenter(accepted), shown


def build(flavour: str, seed: str, clock: Clock) -> tuple[Gated, dict[str, str]]:
    """The application of a stand-in Jira and the credentials it accepts.

    `flavour` is "cloud" or "dc" (or "jira-cloud", "jira-dc"), `seed` one of `seeds.SEEDS`. Raises ValueError for
    others. `app.state.jira` is the `Jira` within, for tests.
    """
    flavour = flavour.removeprefix("jira-")
    if flavour not in ("cloud", "dc"):
        raise ValueError(f"unknown flavour {flavour!r}; known: cloud, dc")
    site = seeds.plant(seed, flavour, clock)
    kind, credentials = credentials_of(flavour, site)
    control = Control(clock, lambda: summary(site), API, answers=answers_of(kind))
    jira = Jira(site, kind, Posting(control.courier))
    jira.fault_seconds = control.faults.seconds
    control.world, control.doubles = world_of(jira), lambda: doubles(site)
    limits = Limits(active=flavour == "cloud")
    rest = Rest(jira, ENDPOINTS, limits)
    routes = [
        Route("/_edge/tenant_info", _tenant_info, methods=["GET"], name="tenant_info"),
        Route("/_sandbox/move", rest_move.control_move, methods=["POST"]),
        Route("/_sandbox/hooks", _subscribe, methods=["POST", "DELETE"]),
        Route("/_sandbox/limits", _limits(limits, clock), methods=["GET", "POST"]),
        Route("/_sandbox/hooks/urls", _subscribed, methods=["GET"]),
        *switches.routes(),
        *oauth_pages.routes(jira),
        *pages.routes(jira, Acting(jira, ENDPOINTS, Limits(active=False))),
    ]
    app = build_app(routes, control)
    # Last of all, so that the kernel's own routes come first.
    unmounted = _Unmounted(rest)
    app.router.routes.append(Mount("/", app=unmounted))
    app.direct = (("/rest/", "/ex/"), unmounted)
    app.keeping.only_reads = _only_reads
    app.keeping.app = jira.remembered.watching(app.keeping.app, _only_reads)
    app.state.jira = jira
    app.state.add_hook = lambda url: rest_hooks.subscribe(site, url)
    return app, credentials


class _Unmounted:
    """Hands a mounted request on with the root address known."""

    def __init__(self, rest: Rest) -> None:
        self.rest: ASGIApp = rest
        self.jira = rest.jira

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.jira.root = str(scope["app"].state.base_url)
        await self.rest(scope, receive, send)


READS = ("/search", "/search/jql", "/search/approximate-count", "/jql/parse", "/bulkfetch", "/permissions/check")


def _only_reads(scope: Scope, _body: bytes) -> bool:
    """POSTs that only ask."""
    return bool(scope["path"].endswith(READS))


def _limits(limits: Limits, clock: Clock) -> Callable[[Request], Awaitable[Response]]:
    """`/_sandbox/limits`: which limits are on and how high they are; POST changes what it names."""

    async def answer(request: Request) -> Response:
        try:
            if request.method == "POST":
                limits.settings.change(await object_of(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({**asdict(limits.settings), "points_this_hour": limits.used(clock.now())})

    return answer


def summary(site: Site) -> dict[str, object]:
    """What the sandbox is in sum, for its control API."""
    return {
        "issues": len(site.issues),
        "by_project": {p.key: sum(i.project == p.id for i in site.issues.values()) for p in site.projects.values()},
        "comments": sum(len(issue.comments) for issue in site.issues.values()),
        "versions": len(site.versions),
        "links": len(site.links),
        "subscriptions": [
            {"id": s.id, "url": s.url, "signed": bool(s.secret), "jql": s.jql, "enabled": s.enabled}
            for s in site.subscriptions.values()
        ],
    }


async def _tenant_info(request: Request) -> Response:
    jira: Jira = request.app.state.jira
    if jira.flavour.name != "cloud":
        return JSONResponse(jira.gateway_not_found(request.url.path), 404)
    return JSONResponse({"cloudId": jira.site.cloud_id})


async def _subscribe(request: Request) -> Response:
    """`{"url", "secret", "jql"}`: every event goes there; DELETE forgets the webhooks to that address, or all."""
    jira: Jira = request.app.state.jira
    try:
        given = await object_of(request)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    url, query = given.get("url"), str(given.get("jql") or "")
    if request.method == "DELETE":
        held = jira.site.subscriptions
        for gone in [number for number, hook in held.items() if url in (None, hook.url)]:
            del held[gone]
        return JSONResponse({})
    if not is_address(url):
        return JSONResponse({"error": "url: an http address is wanted"}, 400)
    try:
        jql.parse(query)
    except Refusal as refusal:
        return JSONResponse({"error": f"jql: {' '.join(refusal.messages)}"}, 400)
    hook = rest_hooks.subscribe(jira.site, str(url), str(given.get("secret") or ""), jql_filter=query)
    return JSONResponse({"id": hook.id}, 201)


async def _subscribed(request: Request) -> Response:
    """The addresses that hooks go to."""
    jira: Jira = request.app.state.jira
    return JSONResponse({"urls": list(dict.fromkeys(hook.url for hook in jira.site.subscriptions.values()))})
