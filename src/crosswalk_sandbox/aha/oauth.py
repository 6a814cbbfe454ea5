"""OAuth 2.0 of a stand-in Aha!: the consent page, and codes that become tokens which do not end.

Facts: https://www.aha.io/api/oauth2. No scopes, and no refresh token is described; PKCE is checked where it is used.

====================================  ==================================================================
``GET|POST /oauth/authorize``         the consent page
``POST /oauth/token``                 codes become tokens
``POST /_sandbox/oauth``              ``{"name", "callback"}`` registers an app; DELETE ends every token
====================================  ==================================================================
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from crosswalk_sandbox.aha.call import Door
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.kernel.pages import POLICY, Look, page
from crosswalk_sandbox.kernel.requests import object_of

LOOK = Look("Sandbox Aha!", "aha", "Aha! Labs")
CONSENT = """<h1>Authorize {app}?</h1><p>It will be able to do whatever you can do in this account.</p>
<form method="post" action="/oauth/authorize?{query}" class="inline">
<label>Signed in as<select name="person">{people}</select></label>
<button class="main" name="word" value="yes">Authorize</button>
<button name="word" value="no">Deny</button></form>"""


@dataclass(slots=True)
class App:
    """A registered app."""

    id: str
    secret: str
    name: str
    callback: str


@dataclass(slots=True)
class Code:
    """A code under way."""

    app: App
    user: User
    challenge: str


class OAuth:
    """Apps and codes; tokens are kept where requests are let in."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Code] = {}
        self._numbers = itertools.count(1)

    def _made_up(self, what: str) -> str:
        text = f"aha/{what}/{next(self._numbers)}"
        return f"sandbox-aha-{what}-{hashlib.blake2b(text.encode(), digest_size=24).hexdigest()}"

    def routes(self) -> list[BaseRoute]:
        """The routes."""
        return [
            Route("/oauth/authorize", self.authorize, methods=["GET", "POST"]),
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/_sandbox/oauth", self.control, methods=["POST", "DELETE"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """The page, and what its buttons do."""
        query = dict(request.query_params)
        app = self.apps.get(query.get("client_id", ""))
        if app is None or query.get("redirect_uri") != app.callback or query.get("response_type") != "code":
            return page("Error", "<h1>The app or its redirect URI is not known</h1>", LOOK, status=400)
        if request.method == "GET":
            return self._page(app, query)
        form = await request.form()
        user = next((one for one in self.door.account.users if one.id == form.get("person")), None)
        if form.get("word") == "yes" and user is not None:
            code = self._made_up("code")
            self.codes[code] = Code(app, user, query.get("code_challenge", ""))
            given = {"code": code}
        else:
            given = {"error": "access_denied", "error_description": "The resource owner denied the request."}
        state = {"state": query["state"]} if "state" in query else {}
        return RedirectResponse(f"{app.callback}?{urlencode(given | state)}", 302)

    def _page(self, app: App, query: dict[str, str]) -> Response:
        people = "".join(
            f'<option value="{escape(user.id)}">{escape(user.name)}</option>' for user in self.door.account.users
        )
        shown = page(
            "Authorize", CONSENT.format(app=escape(app.name), query=escape(urlencode(query)), people=people), LOOK
        )
        parts = urlsplit(app.callback)
        own = f"form-action 'self' {parts.scheme}://{parts.netloc}"
        shown.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", own)
        return shown

    async def token(self, request: Request) -> Response:
        """A code becomes a token; RFC 6749, 4.1.3 and 5.2."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        app = self.apps.get(form.get("client_id", ""))
        if app is None or form.get("client_secret") != app.secret:
            return JSONResponse({"error": "invalid_client"}, 401)
        code = self.codes.pop(form.get("code", ""), None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        proved = code is not None and code.challenge in ("", digest.rstrip(b"=").decode())
        if code is None or code.app is not app or form.get("redirect_uri") != app.callback or not proved:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self._made_up("token")
        self.door.tokens[token] = code.user
        return JSONResponse({"access_token": token, "token_type": "bearer"})

    async def control(self, request: Request) -> Response:
        """What a developer does in Aha!, and what a person does who takes every consent back."""
        if request.method == "DELETE":
            self.door.tokens.clear()
            return JSONResponse({})
        try:
            given = await object_of(request)
            callback, name = str(given["callback"]), str(given.get("name", "An app"))
        except (ValueError, KeyError):
            return JSONResponse({"error": '{"name", "callback"} is wanted'}, 400)
        app = App(self._made_up("client"), self._made_up("secret"), name, callback)
        self.apps[app.id] = app
        return JSONResponse({"client_id": app.id, "client_secret": app.secret}, 201)
