"""Apps of a stand-in Jira Cloud: installing a Connect app from its descriptor, letting an OAuth 2.0 app in, and whose
token came with a request.

Facts: https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/ (lifecycle, webhooks, scopes) and
https://developer.atlassian.com/cloud/jira/platform/security-for-connect-apps/. Tokens are made in connect.py.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

import httpx2
from starlette.requests import Request

from crosswalk_sandbox.jira import catalogue, connect, directory, jql_properties
from crosswalk_sandbox.jira.connect import Signing
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.flavour import Caller
from crosswalk_sandbox.jira.refusals import Unauthenticated
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Issue, Json, Person
from crosswalk_sandbox.jira.subscriptions import App, Subscription
from crosswalk_sandbox.kernel.hooks import is_address

SECONDS = 5.0
# What each scope lets the app's account do; the rest of the permissions are of no scope of these.
SCOPES: dict[str, tuple[str, ...]] = {
    "READ": ("BROWSE_PROJECTS",),
    "WRITE": (
        "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ASSIGN_ISSUES", "RESOLVE_ISSUES", "ADD_COMMENTS",
        "CREATE_ATTACHMENTS", "LINK_ISSUES", "WORK_ON_ISSUES", "SCHEDULE_ISSUES", "MODIFY_REPORTER",
        "EDIT_ALL_COMMENTS", "EDIT_OWN_COMMENTS", "EDIT_OWN_WORKLOGS",
    ),
    "DELETE": (
        "DELETE_ISSUES", "DELETE_ALL_COMMENTS", "DELETE_OWN_COMMENTS", "DELETE_ALL_ATTACHMENTS",
        "DELETE_OWN_ATTACHMENTS", "DELETE_OWN_WORKLOGS",
    ),
    "PROJECT_ADMIN": ("ADMINISTER_PROJECTS",),
    "ADMIN": tuple(catalogue.PERMISSIONS),
    "ACT_AS_USER": (),
    "ACCESS_EMAIL_ADDRESSES": (),
    "NONE": (),
}  # fmt: skip


class NotInstalled(ValueError):
    """An app could not be installed; the text says why, in words for whoever wrote the descriptor."""


# ---- whose token


@dataclass(frozen=True, slots=True)
class Given:
    """The parts of a request that a token is checked against."""

    method: str
    path: str
    query: str
    authorization: str


def caller_of(jira: Jira, request: Request, path: str, *, gateway: bool) -> tuple[App | None, Caller]:
    """Who asks: the account that acts for an app, with the app; or whoever the headers name. Raises Unauthenticated."""
    given = Given(
        request.method, path, request.scope["query_string"].decode("latin-1"), request.headers.get("authorization", "")
    )
    app = app_of(jira, given, gateway=gateway)
    if app is None:
        return None, jira.flavour.authenticate(jira.site, request.headers, gateway=gateway)
    return app, Caller(jira.site.people[app.person])


def app_of(jira: Jira, given: Given, *, gateway: bool) -> App | None:
    """The app that sends this request, or None when it is no app's. Raises Unauthenticated for a bad token.

    A Connect app sends `Authorization: JWT ...` (or `?jwt=`) to the site; an OAuth app its bearer token to the gateway.
    Data Center knows neither.
    """
    site = jira.site
    if jira.flavour.name != "cloud":
        return None
    scheme, _, token = given.authorization.partition(" ")
    if scheme.lower() == "bearer" and gateway:
        found = next((a for a in site.apps.values() if a.token and a.token == token.strip()), None)
        found = found or jira.oauth.app_of(token.strip())
        if found is None:
            raise Unauthenticated
        return found
    if scheme.lower() != "jwt":
        token = "" if given.authorization else next(iter(parse_qs(given.query).get("jwt", [])), "")
    if not token or gateway:
        return None
    try:
        app = site.apps.get(connect.issuer(token))
        if app is None or app.kind != "connect" or not app.enabled:
            raise Unauthenticated
        connect.check(app, token.strip(), site.now(), (given.method, given.path, given.query))
    except connect.BadToken as error:
        raise Unauthenticated from error
    return app


# ---- OAuth 2.0


def let_in(jira: Jira, person: Person, name: str) -> App:
    """An OAuth 2.0 app that a person has let in: what the consent page and the exchange of the code would end in."""
    number = jira.site.next_id("app")
    secrets = (made_up(jira.site, f"oauth/{number}/{what}") for what in ("client", "secret", "token"))
    key, secret, token = secrets
    app = App(key, "oauth", name, person.key, secret, token=token)
    jira.site.apps[key] = app
    return app


def made_up(site: Site, what: str) -> str:
    """A secret of the sandbox: long, plainly no real one, the same in every run."""
    return "sandbox-" + hashlib.blake2b(f"{site.cloud_id}/{what}".encode(), digest_size=32).hexdigest()


# ---- Connect


def install(jira: Jira, address: str) -> App:
    """Install (or upgrade) the app whose descriptor is at the address: fetch it, call `installed` with a new shared
    secret, call `enabled`. Raises NotInstalled, changing nothing."""
    site = jira.site
    descriptor = _fetch(address)
    app = _read(site, descriptor)
    webhooks = _webhooks(app, descriptor)
    body = _lifecycle_body(jira, app, "installed") | {"sharedSecret": app.secret}
    status = _call(jira, app, "installed", body)
    if status is None or not 200 <= status < 300:
        raise NotInstalled(f"{app.base_url}{app.lifecycle['installed']} answered {status or 'nothing'} to installed")
    _let_person_in(site, app)
    site.apps[app.key] = app
    directory.regrant_all(site)
    _forget_hooks(site, app, kinds=("connect",))
    numbers = (n for n in itertools.count(1) if n not in site.subscriptions)
    for webhook in webhooks:
        webhook.id = next(numbers)
        site.subscriptions[webhook.id] = webhook
    _call(jira, app, "enabled", _lifecycle_body(jira, app, "enabled"))
    return app


def uninstall(jira: Jira, app: App) -> None:
    """Tell the app, forget its hooks and its account's rights. Whether it answers does not matter."""
    for step in ("disabled", "uninstalled"):
        _call(jira, app, step, _lifecycle_body(jira, app, step))
    _forget_hooks(jira.site, app, kinds=("connect", "dynamic"))
    del jira.site.apps[app.key]
    if app.kind == "connect":
        jira.site.people[app.person].active = False
    directory.regrant_all(jira.site)


def _forget_hooks(site: Site, app: App, kinds: tuple[str, ...]) -> None:
    for hook in [h for h in site.subscriptions.values() if h.app == app.key and h.kind in kinds]:
        del site.subscriptions[hook.id]


def _fetch(address: str) -> Json:
    try:
        answer = httpx2.get(address, timeout=SECONDS, headers={"Accept": "application/json"})
        found = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
        raise NotInstalled(f"{address}: no descriptor there ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise NotInstalled(f"{address}: no descriptor there (status {answer.status_code})")
    return found


def _read(site: Site, descriptor: Json) -> App:
    """The app of a descriptor, with a new shared secret. Raises NotInstalled."""
    key, base, name = (descriptor.get(part) for part in ("key", "baseUrl", "name"))
    lifecycle, authentication = descriptor.get("lifecycle"), descriptor.get("authentication")
    scopes = descriptor.get("scopes") or []
    if not isinstance(key, str) or not 0 < len(key) <= 64:
        raise NotInstalled("descriptor: key must be a text of at most 64 characters")
    if not isinstance(base, str) or not is_address(base):
        raise NotInstalled("descriptor: baseUrl must be an http address")
    if not isinstance(authentication, dict) or authentication.get("type") != "jwt":
        raise NotInstalled("descriptor: this sandbox installs apps with authentication.type jwt only")
    steps = lifecycle if isinstance(lifecycle, dict) else {}
    if not all(isinstance(path, str) and path.startswith("/") for path in steps.values()) or "installed" not in steps:
        raise NotInstalled("descriptor: lifecycle needs a path for installed, and paths begin with /")
    known = [str(scope).upper() for scope in scopes] if isinstance(scopes, list) else ["?"]
    if wrong := [scope for scope in known if scope not in SCOPES]:
        raise NotInstalled(f"descriptor: no scope {wrong[0]}; there are {', '.join(SCOPES)}")
    number = site.next_id("install")
    client_key = hashlib.blake2b(f"{site.cloud_id}/client".encode(), digest_size=16).hexdigest()
    secret = made_up(site, f"connect/{key}/{number}")
    person = f"app:{key}"
    app = App(key, "connect", str(name or key), person, secret, client_key, base.rstrip("/"), scopes=known)
    app.rights = frozenset(permission for scope in known for permission in SCOPES[scope])
    app.lifecycle = {str(step): str(path) for step, path in steps.items()}
    app.modules = _modules(descriptor)
    try:
        app.extractions = jql_properties.extractions(descriptor)
    except ValueError as error:
        raise NotInstalled(f"descriptor: jiraEntityProperties: {error}") from error
    return app


def _modules(descriptor: Json) -> dict[str, tuple[str, bool]]:
    """The pages that a descriptor declares, by key. Raises NotInstalled."""
    declared = descriptor.get("modules")
    out: dict[str, tuple[str, bool]] = {}
    for kind in ("webPanels", "configurePage", "postInstallPage", "adminPages"):
        found = declared.get(kind) if isinstance(declared, dict) else None
        for entry in found if isinstance(found, list) else [found] if found else []:
            key, url = (entry.get("key"), entry.get("url")) if isinstance(entry, dict) else (None, None)
            if not isinstance(key, str) or not isinstance(url, str) or not url.startswith("/"):
                raise NotInstalled(f"descriptor: {kind} needs a key and a url that begins with /")
            out[key] = (url, kind != "webPanels")
    return out


def inside(jira: Jira, app: App, module: str, beside: tuple[Person, Issue | None]) -> Json:
    """The address of a module's iframe as Jira signs it for a person, beside an issue, and the token that the page gets
    when it asks for one. Raises ValueError for what Jira would not show."""
    person, issue = beside
    if module not in app.modules:
        raise ValueError(f"{app.key} has no module {module}")
    url, admins_only = app.modules[module]
    if admins_only and not person.admin:
        raise ValueError(f"{module} is shown to administrators only")
    context: dict[str, object] = {}
    if issue is not None:
        number = jira.site.projects[issue.project]
        for name, value in (("issue.id", issue.id), ("issue.key", issue.key), ("project.key", number.key)):
            url = url.replace("{" + name + "}", quote(value, safe=""))
        context = {
            "jira": {"issue": {"id": issue.id, "key": issue.key}, "project": {"id": number.id, "key": number.key}}
        }
    address, now = app.base_url + url, jira.site.now()
    token = connect.signed(app, now, Signing("GET", address, person.account_id))
    joint = "&" if "?" in address else "?"
    asked = connect.signed_context(app, now, person.account_id, context)
    return {"address": f"{address}{joint}jwt={token}", "token": asked}


def _webhooks(app: App, descriptor: Json) -> list[Subscription]:
    """The webhooks a descriptor declares. Raises NotInstalled."""
    modules = descriptor.get("modules")
    declared = modules.get("webhooks") if isinstance(modules, dict) else None
    out = []
    for entry in declared if isinstance(declared, list) else []:
        event, url = (entry.get("event"), entry.get("url")) if isinstance(entry, dict) else (None, None)
        if not isinstance(event, str) or not isinstance(url, str) or not url.startswith("/"):
            raise NotInstalled("descriptor: a webhook needs an event and a url that begins with /")
        keys = entry.get("propertyKeys")
        hook = Subscription(0, f"{app.key} {event}", app.base_url + url, [event], str(entry.get("filter") or ""))
        hook.exclude_body, hook.kind, hook.app = entry.get("excludeBody") is True, "connect", app.key
        hook.property_keys = [str(one) for one in keys] if isinstance(keys, list) else None
        out.append(hook)
    return out


def _let_person_in(site: Site, app: App) -> None:
    """The account that acts for the app."""
    account = "557058:" + hashlib.blake2b(app.key.encode(), digest_size=16).hexdigest()
    person = Person(app.person, app.person, account, app.name, f"{app.key}@connect.example.com", app=True)
    site.people[person.key] = person


def _lifecycle_body(jira: Jira, app: App, step: str) -> Json:
    return {
        "key": app.key,
        "clientKey": app.client_key,
        "serverVersion": str(jira.flavour.build),
        "pluginsVersion": jira.flavour.version,
        "baseUrl": jira.root,
        "displayUrl": jira.root,
        "productType": "jira",
        "description": jira.site.title,
        "eventType": step,
    }


def _call(jira: Jira, app: App, step: str, body: Json) -> int | None:
    """The status code with which the app answers a lifecycle call; None for no answer, 204 for a step it left out."""
    path = app.lifecycle.get(step)
    if path is None:
        return 204
    url = app.base_url + path
    sign = connect.signed_install if step in ("installed", "uninstalled") else connect.signed
    token = sign(app, jira.site.now(), Signing("POST", url))
    headers = {"Authorization": f"JWT {token}", "User-Agent": "Atlassian HttpClient"}
    try:
        return httpx2.post(url, json=body, headers=headers, timeout=SECONDS).status_code
    except (httpx2.HTTPError, httpx2.InvalidURL):
        return None
