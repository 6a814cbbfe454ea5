"""Who may use the JSON API: a token in the Authorization header, and the table of access.py. Cookies count nothing."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from crosswalk.store import tokens
from crosswalk.store.models import ApiToken
from crosswalk.web import access, audit
from crosswalk.web.api.problems import Stop


class Token(HttpBearer):
    """An API token, made on a person's own page."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token's row; the request is its person's from here on. Raises Stop where its role does not reach."""
        found = tokens.find(token.strip(), timezone.now()) if token.isascii() else None
        if found is None:
            return None
        request.user = found.user
        request.META[audit.WAY] = f"API token “{found.name}”"
        match = request.resolver_match
        name = match.view_name if match else ""
        if found.role == tokens.SENDER and name not in access.INSIDE:
            raise Stop(403, "A sender's token opens this address for nobody.", "Use a token with a role.")
        why = access.why_not(tokens.role(found), name, request.method or "")
        if why:
            raise Stop(403, why, "Use a token with more rights; an owner can give a person another role.")
        return found
