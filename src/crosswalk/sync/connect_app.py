"""The Connect app: what Jira says about it (installed, enabled, ...), and whose token came with a call.

A site that installs the app is a connection of its own, known by its client key; nothing is asked of it and nothing
shown to it before a person here has allowed it. Every call of Jira's is accounted for, with the cause where it is
refused: Jira itself shows only the status of the answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.db import IntegrityError, transaction

from crosswalk.config import Private
from crosswalk.errors import Refused
from crosswalk.jira import connect_jwt
from crosswalk.jira.connect import KeyHost
from crosswalk.jira.connect_jwt import BadToken, Call, Claims
from crosswalk.remote.address import checked_base
from crosswalk.remote.request import parse
from crosswalk.store.connect_models import ConnectCall, ConnectSite
from crosswalk.store.models import Connection, Integration
from crosswalk.store.text import fit
from crosswalk.sync import connect_sites
from crosswalk.sync.barred import barred
from crosswalk.sync.installation import Installation, current

KEPT_CALLS = 50
SHORTEST_SECRET = 32  # characters; less is no key for HS256 (RFC 7518, 3.2)
UNDER_WAY = timedelta(seconds=connect_jwt.LIFE + connect_jwt.LEEWAY)
"""How long a token may still come that was signed before the secret changed."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Knock:
    """A call as it arrived: its path below CROSSWALK_URL, raw query, Authorization, the query's parameters, body."""

    method: str
    path: str
    query: str = ""
    authorization: str = ""
    parameters: Mapping[str, str] | None = None
    body: bytes = b""

    @property
    def call(self) -> Call:
        """What a token is checked against."""
        return Call(self.method, self.path, self.query)

    @property
    def token(self) -> str:
        """The token that came with it. Raises BadToken."""
        return connect_jwt.token_of(self.authorization, self.parameters or {})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose token came: the site, the accountId of the person ("" for none), and all claims."""

    site: ConnectSite
    person: str
    claims: Claims


# ---- what Jira says about the app


def lifecycle(step: str, knock: Knock) -> None:
    """Do what a lifecycle call says. Raises Refused, with the cause, for one that is not accepted; either is kept."""
    told: Mapping[str, Any] = {}
    try:
        told = _body(knock)
        _STEPS[step](current(), knock, told)
    except Refused as refused:
        _account(step, told, refused)
        raise
    _account(step, told, None)


def _body(knock: Knock) -> Mapping[str, Any]:
    try:
        found = parse(knock.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("The call has no body that can be read.", remedy="Install the app from Jira itself.", code="C2")
    return found


def _installed(here: Installation, knock: Knock, told: Mapping[str, Any]) -> None:
    """Installed, installed again, moved, or given a new secret: all the same call, always signed by Atlassian."""
    client_key, signed_at = _signed_by_atlassian(here, knock, told)
    secret = told.get("sharedSecret")
    if not isinstance(secret, str) or not SHORTEST_SECRET <= len(secret) <= 1000:
        raise Refused("The installation brings no secret.", remedy="Install the app from Jira itself.", code="C2")
    if told.get("key") != here.config.connect_app:
        raise Refused(
            f"Jira installed the app “{str(told.get('key'))[:80]}”, and this is “{here.config.connect_app}”.",
            remedy="Set CROSSWALK_CONNECT_APP, or install from the address shown under Connections.",
            code="C3",
        )
    address = checked_base(str(told.get("baseUrl") or ""))
    try:
        with transaction.atomic():
            _take_in(here, (client_key, signed_at), address, secret)
    except IntegrityError:  # the first installation of a site, announced twice at the same moment
        raise _again() from None


def _take_in(here: Installation, signed: tuple[str, int], address: str, secret: str) -> None:
    """The site as it is now: a new one, or a known one with another secret and perhaps another address."""
    client_key, signed_at = signed
    now = here.now()
    site = ConnectSite.objects.select_for_update().filter(client_key=client_key).first()
    if site is None:
        connection = Connection(kind=Connection.Kind.JIRA, name=_free_name(address), address=address, secret=secret)
        connection.save()
        site = ConnectSite(client_key=client_key, connection=connection, signed_at=signed_at, changed_at=now)
    else:
        _not_before(site, signed_at)
        site.former, site.former_until = site.connection.secret, now + UNDER_WAY
        site.connection.address, site.connection.secret = address, secret
    site.signed_at, site.state = signed_at, ConnectSite.State.INSTALLED
    connect_sites.settle(here, site)


def _uninstalled(here: Installation, knock: Knock, told: Mapping[str, Any]) -> None:
    """The secret is forgotten; connection, integrations and pairs stay for the day it is installed again."""
    client_key, signed_at = _signed_by_atlassian(here, knock, told)
    with transaction.atomic():
        site = ConnectSite.objects.select_for_update().filter(client_key=client_key).first()
        if site is None:
            raise _unknown()
        _not_before(site, signed_at)
        site.connection.secret = site.former = ""
        site.former_until = None
        site.signed_at, site.state = signed_at, ConnectSite.State.UNINSTALLED
        connect_sites.settle(here, site)


def _turned(state: str) -> Callable[[Installation, Knock, Mapping[str, Any]], None]:
    """Enabled or disabled: signed with the site's secret."""

    def turn(here: Installation, knock: Knock, told: Mapping[str, Any]) -> None:
        visitor = visitor_of(knock)
        if told.get("clientKey") != visitor.site.client_key:
            raise _other_site()
        with transaction.atomic():
            visitor.site.state = state
            connect_sites.settle(here, visitor.site)

    return turn


_STEPS: Mapping[str, Callable[[Installation, Knock, Mapping[str, Any]], None]] = {
    "installed": _installed,
    "uninstalled": _uninstalled,
    "enabled": _turned(ConnectSite.State.ENABLED),
    "disabled": _turned(ConnectSite.State.DISABLED),
}


def _signed_by_atlassian(here: Installation, knock: Knock, told: Mapping[str, Any]) -> tuple[str, int]:
    """The client key, and when the call was signed. Raises Refused."""
    config, token = here.config, knock.token
    key = key_host(config.connect_keys, config.allow_private).key(connect_jwt.key_id(token))
    claims = connect_jwt.check_install(token, key, config.url, knock.call, here.now().timestamp())
    if not isinstance(claims["iss"], str) or claims["iss"] != told.get("clientKey") or len(claims["iss"]) > 200:
        raise _other_site()
    return claims["iss"], int(claims["iat"])


@functools.cache
def key_host(address: str, allow_private: Private) -> KeyHost:
    """The key host of this process, with the keys it gave."""
    return KeyHost(address, allow_private=allow_private)


def _not_before(site: ConnectSite, signed_at: int) -> None:
    """The token does not sign the body, so whoever saw a call could send another secret with it: each is good once."""
    if signed_at <= site.signed_at:
        raise _again()


def _again() -> BadToken:
    return BadToken(
        "The same installation was announced before; a call that is repeated changes nothing.",
        remedy="If you meant to install anew, do it again from Jira: it signs a new call.",
        code="C7",
    )


def _other_site() -> BadToken:
    return BadToken(
        "The call speaks of one Jira site and is signed for another.",
        remedy="Install the app from the Jira site itself.",
        code="C2",
    )


def _free_name(address: str) -> str:
    host = str(urlsplit(address).netloc)[:150]
    name, number = f"{host} via Connect", 2
    while Connection.objects.filter(name=name).exists():
        name, number = f"{host} via Connect ({number})", number + 1
    return name


def _account(step: str, told: Mapping[str, Any], refused: Refused | None) -> None:
    """Keep what Jira said and what came of it, in the log and for the page; of refused ones, one a second.

    Anybody can send what is refused, and it must not keep the database from its work.
    """
    said, now = fit(str(told.get("baseUrl") or ""), 500), current().now()
    if refused:
        log.warning(f"Event '{step}' failed", site=said, cause=refused.message, code=refused.code)
        last = ConnectCall.objects.exclude(refused="").first()
        if last is not None and now - last.at < timedelta(seconds=1):
            return
    ConnectCall.objects.create(
        at=now,
        step=step,
        said_site=said,
        refused=fit(refused.message, 1000) if refused else "",
        remedy=fit(refused.remedy, 500) if refused else "",
        code=refused.code if refused else "",
    )
    for old in ConnectCall.objects.order_by("-id")[KEPT_CALLS : KEPT_CALLS + 10]:
        old.delete()
    if not refused:
        log.info("Connect app", step=step, site=said)


# ---- whose token came


def visitor_of(knock: Knock, *, page: bool = False) -> Visitor:
    """Who sent a call: a token for this very call, signed with the secret of the site it names. Raises BadToken.

    `page` says that a token of a page inside Jira will do too, which is for no one call: what it names must be looked
    at then.
    """
    token = knock.token
    site = ConnectSite.objects.select_related("connection").filter(client_key=connect_jwt.issuer(token)).first()
    if site is None or site.state == ConnectSite.State.UNINSTALLED:
        raise _unknown()
    claims = _proved(site, token, current().now())
    if page and claims.get("qsh") == connect_jwt.CONTEXT:
        connect_jwt.for_context(claims)
    else:
        connect_jwt.for_request(claims, knock.call)
    person = claims.get("sub")
    return Visitor(site, person if isinstance(person, str) else "", claims)


def hooked(knock: Knock) -> int | None:
    """The integration to keep a hook for (its siblings are found from it); None where nothing runs over the site.

    Raises Refused for a token that is not good, and for a site that was not let in.
    """
    site = visitor_of(knock).site
    if why := barred(site):
        raise Refused(why, remedy="See Connections > Jira via Connect.", code="C6")
    return Integration.objects.filter(jira=site.connection_id).values_list("pk", flat=True).order_by("pk").first()


def sees(visitor: Visitor, issue_id: str) -> None:
    """Raises BadToken where a token of a page inside Jira was given out beside another issue.

    A token for this very call names the issue in the call itself.
    """
    if visitor.claims.get("qsh") != connect_jwt.CONTEXT:
        return
    found: Any = visitor.claims.get("context")
    for name in ("jira", "issue", "id"):
        found = found.get(name) if isinstance(found, dict) else None
    if found is None or str(found) != issue_id:
        raise BadToken("The token was given out beside another issue.", remedy="Open the issue again.", code="C5")


def _proved(site: ConnectSite, token: str, now: datetime) -> Claims:
    """Signed with the site's secret, or with the one before where that changed a moment ago. Raises BadToken."""
    try:
        return connect_jwt.check(token, site.connection.secret.reveal(), now.timestamp())
    except BadToken:
        if not site.former or site.former_until is None or site.former_until < now:
            raise
        return connect_jwt.check(token, site.former.reveal(), now.timestamp())


def _unknown() -> BadToken:
    return BadToken(
        "No Jira site that has installed the app is known by that name.",
        remedy="Uninstall the app in Jira and install it again.",
        code="C6",
    )
