"""What the codes of the Connect app mean. See troubleshooting.py."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

CONNECT: Final[dict[str, Entry]] = {
    "C1": Entry(
        "Event 'installed' failed: Atlassian's key could not be fetched",
        "Jira signs the installation of the Connect app, and the key to check it with lies on a host of Atlassian's, "
        "which Crosswalk could not reach.",
        "Let Crosswalk's machine reach connect-install-keys.atlassian.com by https (or what CROSSWALK_CONNECT_KEYS "
        "names), then install the app again.",
    ),
    "C2": Entry(
        "Event 'installed' failed: the call is not signed as it has to be",
        "The call carries no token, one that can not be read, or one that neither Atlassian nor the site it names has "
        "signed. It changed nothing.",
        "Install the app from Jira itself. If it was Jira: uninstall the app there and install it again, so that both "
        "sides share a new secret.",
    ),
    "C3": Entry(
        "Event 'installed' failed: the app is meant for another address",
        "Jira installed the app from an address that is not CROSSWALK_URL, or under another key: behind a proxy the "
        "two easily differ.",
        "Set CROSSWALK_URL to the https address at which Jira reaches this service, restart it, and install from the "
        "address shown under Connections > Jira via Connect.",
    ),
    "C4": Entry(
        "A call of Jira's came too late or too early",
        "Tokens live for three minutes. The clock of Crosswalk's machine is wrong, or the call was kept somewhere.",
        "Set the machine's clock, then do again in Jira what failed.",
    ),
    "C5": Entry(
        "A call of Jira's was changed under way",
        "The token is for one address, with its path and query. A proxy before Crosswalk rewrote them, or the page was "
        "opened from somewhere else.",
        "Have the proxy pass path and query on as they are. Open the page from Jira again.",
    ),
    "C6": Entry(
        "The Jira site may not be asked",
        "The Connect app is disabled or uninstalled there, or nobody here has allowed the site. Changes are kept.",
        "Enable or install the app in Jira, or allow the site under Connections > Jira via Connect. Atlassian ends "
        "Connect in December 2026: there, too, an integration is moved to a connection with user and token.",
    ),
    "C7": Entry(
        "Event 'installed' failed: the same call came twice",
        "Each installation is announced by a call of its own; one that is repeated could bring somebody else's secret.",
        "If the app does not work: uninstall it in Jira and install it again.",
    ),
    "C8": Entry(
        "The connection leads to another Jira",
        "An integration can move only to a connection with user and token that reaches the same Jira site and project.",
        "Connect Jira with the site's address, press Save and test, then move the integration.",
    ),
}
