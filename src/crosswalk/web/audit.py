"""Writes down what people do on pages and through the API, and sign-ins. Knows requests; decides nothing."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from crosswalk.store import acts
from crosswalk.store.acts import Deed, Who
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.models import Connection, Integration, Pair
from crosswalk.web import visitor
from crosswalk.web.access import NEEDS

WAY = "crosswalk.way"  # where a request keeps by which way its person came; no header is called so
# The kind of what an address does; where none is given, it is work.
_KINDS = {
    "integration-send": "send",
    "integration-send-all": "send",
    "integration-deletions": "approval",
    "record-add-option": "approval",
    "record-put-back": "approval",
    "record-undo": "approval",
    "integration-conflicts": "approval",
    "conflict-answer": "approval",
    "integration-link": "approval",
    "integration-unlink": "approval",
    "integration-match-tick": "approval",
    "templates": "settings",
    "template": "settings",
    "integration-import-take": "send",
    "integration-lone-take": "send",
    "integration-settle": "approval",
    "integration-test": "send",
    "integration-hook": "settings",
    "integration-enable": "settings",
    "integration-file": "settings",
    "integration-load": "settings",
    "integration-mapping": "settings",
    "integration-change-word": "approval",
    "integration-undo": "settings",
    "integration-people-say": "settings",
    "integration-people-upload": "settings",
    "integration-new": "settings",
    "integration-move": "settings",
    "connect-allow": "connection",
    "grant-back": "connection",
    "grant-site": "connection",
    "grant-app": "connection",
    "account-change": "account",
    "account-invite": "account",
    "account-withdraw": "account",
    "me-password": "account",
    "api:send": "send",
    "api:aha_send": "send",
    "api:put_back": "approval",
    "api:people": "settings",
    "api:load": "settings",
    "api:mapping": "settings",
    "api:hooks": "settings",
    "api:deletions": "approval",
    "api:link": "approval",
    "me-sign-out": "sign-in",
}
_ABOUT: dict[str, type[Model]] = {
    "integration": Integration,
    "record": Pair,
    "connection": Connection,
    "connect-": ConnectSite,
    "grant-": Connection,
}
_API: dict[str, type[Model]] = {"api:retry": Pair, "api:put_back": Pair, "api:check": Connection}


def who(request: HttpRequest) -> Who:
    """Who acts by this request."""
    way = request.META.get(WAY, "page")
    return Who(request.user.get_username(), way, visitor.address(request))


def note(request: HttpRequest, deed: Deed, *, said: str = "", done: bool = True) -> None:
    """Write down what a person did."""
    acts.note(who(request), deed, timezone.now(), said=said, done=done)


def note_command(kind: str, what: str, about: str, said: str) -> None:
    """Write down what somebody did on the machine itself, under the name they have there."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        name = f"user {os.getuid()}"
    acts.note(Who(name, "command line"), Deed(kind, what, about), timezone.now(), said=said)


def deed_of(request: HttpRequest) -> Deed:
    """What the address of this request does, and to what."""
    match = request.resolver_match
    name = match.view_name if match else ""
    need = NEEDS.get(name)
    return Deed(_KINDS.get(name, "work"), need.doing if need else name, _about(name, match.kwargs if match else {}))


def _about(name: str, given: dict[str, Any]) -> str:
    table = (
        _API.get(name, Integration)
        if name.startswith("api:")
        else next((table for start, table in _ABOUT.items() if name.startswith(start)), None)
    )
    if table is None or "pk" not in given:
        return ""
    row = table._default_manager.filter(pk=given["pk"]).first()
    return str(row) if row else ""


def watch() -> None:
    """From now on sign-ins, sign-outs and wrong passwords are written down."""
    user_logged_in.connect(_came, dispatch_uid="crosswalk.audit")
    user_logged_out.connect(_left, dispatch_uid="crosswalk.audit")
    user_login_failed.connect(_failed, dispatch_uid="crosswalk.audit")


def _came(request: HttpRequest, user: AbstractBaseUser, **_: object) -> None:
    _door(request, user.get_username(), "Signed in")


def _left(request: HttpRequest, user: AbstractBaseUser | None, **_: object) -> None:
    if user is not None:
        _door(request, user.get_username(), "Signed out")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: object) -> None:
    """A name nobody has is not kept: people type passwords into the wrong field."""
    name = str(credentials.get("username") or "")
    known = get_user_model().objects.filter(username=name).exists()
    if request is not None:
        _door(request, name if known else "", "Wrong name or password", done=False)


def _door(request: HttpRequest, name: str, what: str, *, done: bool = True) -> None:
    acts.note(Who(name, "page", visitor.address(request)), Deed("sign-in", what), timezone.now(), done=done)
