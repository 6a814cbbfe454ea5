"""What a failed TLS handshake means, and what a person does about it."""

from __future__ import annotations

import ssl

from crosswalk.errors import RemoteError, Untrusted

ENDED, TOO_EARLY, OTHER_NAME, OTHER_NUMBER = 10, 9, 62, 64  # X509_V_ERR_... of OpenSSL, stable since its first release
AUTHORITY = "Install the authority's certificate in the connection; Crosswalk has no way to skip the check."
_REMEDIES = {
    ENDED: "Have the server's certificate renewed; Crosswalk has no way to skip the check.",
    TOO_EARLY: "Check the clock of the machine Crosswalk runs on; Crosswalk has no way to skip the check.",
    OTHER_NAME: "Enter the address with a name that the certificate is for, or have one made for this name.",
    OTHER_NUMBER: "Enter the address with a name that the certificate is for, or have one made for this address.",
}
_ABOUT_OURS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
"""Parts of the alerts a server sends about the client's certificate, all before it reads a request."""


def tls_error(cause: ssl.SSLError, call: str, server: str) -> RemoteError:
    """The error that a handshake with `server` failed by."""
    alert = refusing(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        found = cause.verify_message.rstrip(".")
        said = f"{server} shows a certificate that can not be verified: {found}."
        remedy = _REMEDIES.get(cause.verify_code, AUTHORITY)
    elif alert and (asked_for_ours(cause) or "HANDSHAKE_FAILURE" in alert):
        said = f"{server} ends the TLS handshake ({_words(alert)})."
        remedy = (
            "If the server wants a client certificate, put one that it accepts, with its key, into the connection; "
            "otherwise have its administrator see which ways of encryption it offers."
        )
    elif alert:
        said = f"{server} ends the TLS handshake ({_words(alert)})."
        remedy = "Have the server's administrator see which versions of TLS it speaks: Crosswalk needs 1.2 or newer."
    else:
        said = f"{server} does not speak TLS at this address."
        remedy = "Check the port, and whether the address begins with https:// or http://."
    return Untrusted(said, remedy=remedy, code="N5", call=call)


def refusing(cause: ssl.SSLError) -> str:
    """The alert by which the server ended the handshake, as OpenSSL names it; "" where it sent none."""
    return cause.reason if "_ALERT_" in (cause.reason or "") else ""


def asked_for_ours(cause: ssl.SSLError) -> bool:
    """Whether the server refused the client's certificate, or missed one. With TLS 1.3 that comes with the answer."""
    return any(part in refusing(cause).partition("_ALERT_")[2] for part in _ABOUT_OURS)


def _words(alert: str) -> str:
    return alert.partition("_ALERT_")[2].replace("_", " ").lower()
