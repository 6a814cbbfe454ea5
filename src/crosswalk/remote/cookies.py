"""Which cookies of a server are kept: load balancers and sessions go by them. No server can make requests fail by them.

All that is kept goes along with each request, and servers refuse a request whose headers are long (Tomcat and nginx
take 8 KB).
"""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar
from typing import Final

MOST: Final = 4096
"""Bytes of all cookies that are kept at once; Rails keeps a session of so many in one (RFC 6265, 6.1)."""


class Few(CookieJar):
    """Keeps cookies that can be sent back. Once they are too many, all are forgotten and it begins anew."""

    def set_cookie(self, cookie: Cookie) -> None:
        said = _said(cookie)
        if not (said.isascii() and said.isprintable()):
            return  # as of a proxy that names a person in it: a header takes ASCII alone
        super().set_cookie(cookie)
        if sum(len(_said(one)) for one in self) > MOST:
            self.clear()


def _said(cookie: Cookie) -> str:
    return f"{cookie.name}={cookie.value or ''}; "
