"""What the codes of sign-ins by OAuth 2.0 and of tokens that end mean. Words only."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_entry import Entry

OAUTH: Final[dict[str, Entry]] = {
    "A16": Entry(
        "Jira does not take the app's webhook",
        "An app may have five webhooks for each account, all at one address, with a filter that Jira understands; "
        "another Crosswalk that uses the same app counts, too.",
        "Give each Crosswalk an app of its own. Without a webhook changes are found by polling.",
    ),
    "O1": Entry(
        "Somebody has to sign in again",
        "The consent given on Atlassian's or Aha!'s page is not good any more: it was withdrawn, the account's "
        "password was changed, a year has passed (Atlassian ends each consent after 365 days), or the answer to a "
        "renewal was lost and could not be asked for again within ten minutes.",
        "Open the connection and press Sign in again, as the same account. Changes were kept meanwhile and are carried "
        "by themselves.",
    ),
    "O2": Entry(
        "The app is not known by this client id and secret",
        "The client id or the secret was copied wrongly or replaced in the app's settings, or the callback address "
        "there is another than the one Crosswalk shows.",
        "Compare client id, secret and callback address with the app's settings, enter them with the connection, then "
        "sign in again.",
    ),
    "O3": Entry(
        "The consent lacks a scope",
        "The app was not given every scope that Crosswalk asks for, so Jira refuses one kind of request and takes the "
        "others.",
        "Add the scopes shown with the connection to the app in Atlassian's developer console, then press Sign in "
        "again: a consent has the scopes of its day.",
    ),
    "O4": Entry(
        "The consent opens no Jira site",
        "The account that consented sees no Jira site, chose another product's site, or chose another site than the "
        "one the connection stands for.",
        "Sign in again, and choose the Jira site on Atlassian's page.",
    ),
}
