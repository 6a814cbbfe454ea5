"""How a server's certificate is checked, the client's own is shown, and what was heard of a server along the way."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crosswalk import errors

KEY = "PRIVATE KEY-----"


@dataclass(slots=True)
class Heard:
    """What the answers of a server told besides their content.

    `ahead` is how many seconds its clock is ahead of ours, and `at` what time it had in its last answer (seconds since
    1970, whole ones); both None while no answer had a date. `tls` is the protocol of the connection, "" without
    encryption; `until` when its certificate ends, as the certificate words it.
    """

    ahead: float | None = None
    at: float | None = None
    tls: str = ""
    until: str = ""

    def date(self, text: str, now: float) -> None:
        """A Date header came at the moment `now`. It counts whole seconds: less than two are no difference."""
        try:
            self.at = parsedate_to_datetime(text).timestamp()
        except (ValueError, TypeError):
            return
        found = self.at - now
        self.ahead = found if abs(found) >= 2 else 0.0

    def stream(self, stream: Any) -> None:
        """An encrypted stream (httpcore's) was opened. Its `ssl_object` is no class of the ssl module's own."""
        found = stream.get_extra_info("ssl_object")
        if found is not None:
            self.tls = str(found.version() or "")
            self.until = str((found.getpeercert() or {}).get("notAfter", ""))


def context(authority: str, certificate: str = "") -> ssl.SSLContext:
    """How to speak TLS: `authority` is trusted besides the machine's own list, `certificate` (with its key) is shown.

    Raises Refused for text that is neither.
    """
    if not certificate:
        return _trusting(authority)
    found = _trusting.__wrapped__(authority)  # of its own: nobody else shows this certificate
    _show(found, certificate)
    return found


@lru_cache(maxsize=32)
def _trusting(authority: str) -> ssl.SSLContext:
    """Read once: the machine's list of authorities is long. What is added to it counts from the next start."""
    try:
        found = ssl.create_default_context(cadata=authority or None)
    except (ssl.SSLError, ValueError, TypeError):
        raise errors.Refused(
            "The certificate of the authority can not be read.",
            remedy="Paste it in PEM form: it begins with -----BEGIN CERTIFICATE-----.",
            code="N5",
        ) from None
    # Python's own builds ask for as much; Debian's leaves it to OpenSSL, which may still speak 1.1.
    found.minimum_version = max(found.minimum_version, ssl.TLSVersion.TLSv1_2)
    return found


def _show(found: ssl.SSLContext, certificate: str) -> None:
    """Load a client certificate: the library reads it from a file only, which is gone again at once."""
    with TemporaryDirectory(prefix="crosswalk-") as folder:
        path = Path(folder) / "client.pem"  # the folder is for this user alone
        path.write_text(certificate, encoding="utf-8")
        try:
            found.load_cert_chain(path, password="")
        except (ssl.SSLError, ValueError, OSError):
            raise errors.Refused(
                "The client certificate and its key can not be read, or do not belong together.",
                remedy="Paste both in PEM form, the key without a password.",
                code="N5",
            ) from None
