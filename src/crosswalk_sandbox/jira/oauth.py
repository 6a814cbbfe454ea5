"""The authorisation server beside a stand-in Jira Cloud: apps, codes, access tokens, refresh tokens that rotate.

Facts: https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ (a refresh token is good once, with ten
minutes in which it is taken again; then using it revokes all of its consent; a consent ends after 365 days, or 90 days
without use). Sends nothing and knows no page.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Person
from crosswalk_sandbox.jira.subscriptions import App

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(hours=1)
LEEWAY = timedelta(minutes=10)
IDLE, WHOLE = timedelta(days=90), timedelta(days=365)
GRANTS = ("authorization_code", "refresh_token", "client_credentials")


class Refused(Exception):
    """A request that the authorisation server does not take: status, the error's name, its description."""

    def __init__(self, status: int, error: str, why: str) -> None:
        super().__init__(why)
        self.status, self.error, self.why = status, error, why

    @property
    def body(self) -> Json:
        return {"error": self.error, "error_description": self.why}


@dataclass(slots=True)
class Registered:
    """An app as its developer registered it in the console."""

    id: str
    secret: str
    name: str
    callback: str
    scopes: list[str]


@dataclass(slots=True)
class Consent:
    """What one person gave one app, until `ends`; `site_app` acts on the site, and `refreshes` are all its refresh
    tokens with the moment of their first use."""

    app: Registered
    site_app: App
    scopes: list[str]
    ends: datetime
    used: datetime
    refreshes: dict[str, datetime | None] = field(default_factory=dict)
    access: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Code:
    """A code under way."""

    app: Registered
    person: Person
    scopes: list[str]
    back: str
    challenge: str
    until: datetime


class OAuth:
    """Everything the authorisation server holds for one site; `more` are resources besides the site itself."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.registered: dict[str, Registered] = {}
        self.codes: dict[str, Code] = {}
        self.consents: list[Consent] = []
        self.more: list[Json] = []
        self._numbers = itertools.count(1)

    def _made_up(self, what: str) -> str:
        """A secret of the sandbox: long, plainly no real one, the same in every run."""
        text = f"{self.site.cloud_id}/oauth/{what}/{next(self._numbers)}"
        return f"sandbox-{what}-{hashlib.blake2b(text.encode(), digest_size=32).hexdigest()}"

    def register(self, name: str, callback: str, scopes: list[str]) -> Registered:
        """A new app."""
        app = Registered(self._made_up("client"), self._made_up("secret"), name, callback, scopes)
        self.registered[app.id] = app
        return app

    # ---- the person

    def asked(self, query: dict[str, str]) -> tuple[Registered, list[str]]:
        """The app that asks for consent, and the scopes it asks for. Raises Refused for what is shown as an error."""
        app = self.registered.get(query.get("client_id", ""))
        if app is None:
            raise Refused(400, "invalid_request", "We couldn't identify the app requesting access: client_id.")
        if query.get("redirect_uri") != app.callback:
            raise Refused(400, "invalid_request", "redirect_uri is not registered for client.")
        if query.get("response_type") != "code" or query.get("audience", "api.atlassian.com") != "api.atlassian.com":
            raise Refused(400, "invalid_request", "response_type or audience is wrong.")
        scopes = query.get("scope", "").split()
        unknown = [scope for scope in scopes if scope not in (*app.scopes, "offline_access")]
        if unknown or not scopes:
            raise Refused(400, "invalid_scope", f"The app has no scope {', '.join(unknown) or 'at all'}.")
        if query.get("code_challenge_method", "S256") != "S256":
            raise Refused(400, "invalid_request", "code_challenge_method must be S256.")
        return app, scopes

    def consent(self, query: dict[str, str], person: Person) -> str:
        """The code with which the person goes back to the app. Raises Refused."""
        app, scopes = self.asked(query)
        code, until = self._made_up("code"), self.site.now() + CODE_LIFE
        self.codes[code] = Code(app, person, scopes, app.callback, query.get("code_challenge", ""), until)
        return code

    # ---- the app

    def tokens(self, given: dict[str, str]) -> Json:
        """What `/oauth/token` answers. Raises Refused."""
        kind = given.get("grant_type", "")
        if kind not in GRANTS:
            raise Refused(400, "invalid_request", f"grant_type must be one of [{'|'.join(GRANTS)}]")
        app = self.registered.get(given.get("client_id", ""))
        if app is None or given.get("client_secret") != app.secret or kind == "client_credentials":
            raise Refused(401, "access_denied", "Unauthorized")
        if kind == "authorization_code":
            return self._by_code(app, given)
        return self._by_refresh(app, given.get("refresh_token", ""))

    def _by_code(self, app: Registered, given: dict[str, str]) -> Json:
        code = self.codes.pop(given.get("code", ""), None)
        if (
            code is None
            or code.app is not app
            or code.until < self.site.now()
            or given.get("redirect_uri") != code.back
        ):
            raise Refused(403, "invalid_grant", "Invalid authorization code")
        digest = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if code.challenge and digest.rstrip(b"=").decode() != code.challenge:
            raise Refused(403, "invalid_grant", "Failed to verify code verifier")
        return self._issue(self._consented(app, code))

    def _consented(self, app: Registered, code: Code) -> Consent:
        """One consent an app and person: a new one takes the place of the old, whose access tokens go on."""
        now, key = self.site.now(), f"{app.id}/{code.person.name}"
        site_app = self.site.apps.get(key) or App(key, "oauth", app.name, code.person.key, app.secret)
        site_app.scopes = code.scopes
        self.site.apps[key] = site_app
        self.consents = [one for one in self.consents if one.site_app is not site_app]
        consent = Consent(app, site_app, code.scopes, now + WHOLE, now)
        self.consents.append(consent)
        return consent

    def _issue(self, consent: Consent) -> Json:
        now, access = self.site.now(), self._made_up("access")
        consent.access[access], consent.used = now + ACCESS_LIFE, now
        out: Json = {
            "access_token": access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(consent.scopes),
        }
        if "offline_access" in consent.scopes:
            refresh = self._made_up("refresh")
            consent.refreshes[refresh] = None
            out["refresh_token"] = refresh
        return out

    def _by_refresh(self, app: Registered, refresh: str) -> Json:
        now = self.site.now()
        consent = next((one for one in self.consents if one.app is app and refresh in one.refreshes), None)
        if consent is not None and (consent.ends <= now or consent.used + IDLE <= now):
            self.consents.remove(consent)
            consent = None
        if consent is None:
            raise Refused(403, "invalid_grant", "Unknown or invalid refresh token.")
        first = consent.refreshes[refresh]
        if first is not None and first + LEEWAY < now:
            self.consents.remove(consent)  # somebody has it who should not: nobody's is good any more
            raise Refused(403, "invalid_grant", "Unknown or invalid refresh token.")
        consent.refreshes[refresh] = first or now
        return self._issue(consent)

    def app_of(self, access: str) -> App | None:
        """The app that an access token stands for now."""
        consent = self._of(access)
        return consent.site_app if consent else None

    def _of(self, access: str) -> Consent | None:
        now = self.site.now()
        return next((one for one in self.consents if one.access.get(access, now) > now), None)

    def resources(self, access: str, root: str) -> list[Json] | None:
        """What a token opens; None for one that is not good."""
        consent = self._of(access)
        if consent is None:
            return None
        scopes = [scope for scope in consent.scopes if scope != "offline_access"]
        site: Json = {"id": self.site.cloud_id, "url": root, "name": self.site.title, "scopes": scopes}
        return [site | {"avatarUrl": f"{root}/avatar.png"}, *self.more]
