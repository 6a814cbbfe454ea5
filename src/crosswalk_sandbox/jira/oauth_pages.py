"""The authorisation server's addresses: the consent page, the token endpoint, what a token opens, and registering apps.

====================================  ==================================================================
``GET|POST /authorize``               the consent page
``POST /oauth/token``                 codes and refresh tokens become access tokens
``GET /oauth/token/accessible-resources``  the sites a token opens
``POST /_sandbox/oauth``              ``{"name", "callback", "scopes"}`` registers an app: what a developer does in
                                      Atlassian's console; ``{"more": [...]}`` adds other sites that tokens open
====================================  ==================================================================
Document: https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.oauth import Refused, Registered
from crosswalk_sandbox.kernel.pages import POLICY, Look, page
from crosswalk_sandbox.kernel.requests import object_of

LOOK = Look("Sandbox Atlassian", "cloud", "Atlassian")
SCOPES = (
    *("read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-project", "manage:jira-configuration"),
    *("manage:jira-webhook", "write:issue:jira-software", "read:board-scope:jira-software", "read:project:jira"),
)
CONSENT = """<h1>{app} asks for access</h1>
<p>to <strong>{site}</strong>, and wants to:</p><ul>{scopes}</ul>
<form method="post" action="/authorize?{query}" class="inline">
<label>Signed in as<select name="person">{people}</select></label>
<button class="main" name="word" value="yes">Accept</button>
<button name="word" value="no">Cancel</button></form>"""


def routes(jira: Jira) -> list[BaseRoute]:
    """The routes, on Jira Cloud alone."""
    if jira.flavour.name != "cloud":
        return []
    return [
        Route("/authorize", _authorize, methods=["GET", "POST"]),
        Route("/oauth/token", _token, methods=["POST"], name="oauth token"),
        Route("/oauth/token/accessible-resources", _resources, methods=["GET"], name="accessible resources"),
        Route("/_sandbox/oauth", _register, methods=["POST"]),
    ]


def _jira(request: Request) -> Jira:
    jira = request.app.state.jira
    assert isinstance(jira, Jira)
    return jira


async def _authorize(request: Request) -> Response:
    jira, query = _jira(request), dict(request.query_params)
    try:
        app, scopes = jira.oauth.asked(query)
        if request.method == "GET":
            return _page(jira, app, (scopes, query))
        form = await request.form()
        person = jira.site.people.get(str(form.get("person")))
        if form.get("word") != "yes" or person is None:
            given = {"error": "access_denied", "error_description": "User did not authorize the request"}
        else:
            given = {"code": jira.oauth.consent(query, person)}
    except Refused as refused:
        return page(
            "Something went wrong", f"<h1>Something went wrong</h1><p>{escape(refused.why)}</p>", LOOK, status=400
        )
    state = {"state": query["state"]} if "state" in query else {}
    return RedirectResponse(f"{app.callback}?{urlencode(given | state)}", 302)


def _page(jira: Jira, app: Registered, asked: tuple[list[str], Mapping[str, str]]) -> Response:
    scopes, query = asked
    people = sorted((p for p in jira.site.people.values() if not p.app), key=lambda person: person.name != "alice")
    body = CONSENT.format(
        app=escape(app.name),
        site=escape(jira.site.title),
        scopes="".join(f"<li><code>{escape(scope)}</code></li>" for scope in scopes),
        query=escape(urlencode(query)),
        people="".join(f'<option value="{escape(p.key)}">{escape(p.display_name)}</option>' for p in people),
    )
    shown = page("Consent", body, LOOK)
    # The answer to the form is a way to the app's own site.
    parts = urlsplit(app.callback)
    own = f"form-action 'self' {parts.scheme}://{parts.netloc}"
    shown.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", own)
    return shown


async def _token(request: Request) -> Response:
    raw = await request.body()
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            given = json.loads(raw or b"{}")
        else:
            given = dict(parse_qsl(raw.decode()))
        wanted = {str(name): str(value) for name, value in given.items()}
        return JSONResponse(_jira(request).oauth.tokens(wanted), headers={"Cache-Control": "no-store"})
    except Refused as refused:
        return JSONResponse(refused.body, refused.status)
    except (ValueError, AttributeError, RecursionError):
        return JSONResponse({"error": "invalid_request", "error_description": "The body can not be read."}, 400)


async def _resources(request: Request) -> Response:
    jira = _jira(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    found = jira.oauth.resources(token.strip(), str(request.app.state.base_url)) if scheme.lower() == "bearer" else None
    if found is None:
        return JSONResponse({"code": 401, "message": "Unauthorized"}, 401)
    return JSONResponse(found)


async def _register(request: Request) -> Response:
    jira = _jira(request)
    try:
        given = await object_of(request)
        more, scopes = given.get("more"), given.get("scopes", list(SCOPES))
        if isinstance(more, list) and all(isinstance(one, dict) for one in more):
            jira.oauth.more = more
            return JSONResponse({})
        if not isinstance(scopes, list):
            raise ValueError("scopes")
        callback = str(given["callback"])
    except (ValueError, KeyError):
        return JSONResponse({"error": '{"name", "callback", "scopes"} or {"more": [...]} is wanted'}, 400)
    app = jira.oauth.register(str(given.get("name", "An app")), callback, [str(one) for one in scopes])
    return JSONResponse({"client_id": app.id, "client_secret": app.secret}, 201)
