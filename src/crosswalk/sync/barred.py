"""Why a Jira site that installed the Connect app may not be asked. Words only; the row says what Jira said last."""

from __future__ import annotations

from urllib.parse import urlsplit

from crosswalk.store.connect_models import ConnectSite

STATE = ConnectSite.State


def barred(site: ConnectSite) -> str:
    """Why the site may not be asked now; "" where it may."""
    host = urlsplit(site.connection.address).netloc
    if site.state == STATE.UNINSTALLED:
        return f"The Connect app was uninstalled from {host}. Changes are kept and carried once it is installed again."
    if site.state == STATE.DISABLED:
        return f"The Connect app is disabled in {host}. Changes are kept and carried once it is enabled there again."
    if not site.allowed_by:
        return f"{host} has installed the Connect app, but nobody here has allowed that site yet."
    return ""
