"""What the codes in messages mean: cause and remedy. Words only; which message carries which code is not known here."""

from __future__ import annotations

from typing import Final

from crosswalk.web.troubleshooting_connect import CONNECT
from crosswalk.web.troubleshooting_entry import Entry
from crosswalk.web.troubleshooting_fields import FIELDS
from crosswalk.web.troubleshooting_hooks import HOOKS
from crosswalk.web.troubleshooting_oauth import OAUTH
from crosswalk.web.troubleshooting_pairs import PAIRS
from crosswalk.web.troubleshooting_service import SERVICE
from crosswalk.web.troubleshooting_texts import TEXTS
from crosswalk.web.troubleshooting_values import VALUES

__all__ = ["ENTRIES", "GROUPS", "Entry", "grouped", "matching"]

GROUPS: Final = {
    "A": "Signing in and rights",
    "N": "Network and addresses",
    "F": "Fields and values",
    "S": "Status and workflow",
    "U": "People",
    "L": "Pairs, parents and links",
    "T": "Attachments",
    "R": "Limits and load",
    "W": "Webhooks",
    "C": "Jira via Connect",
    "O": "Sign-in by consent (OAuth 2.0)",
    "Q": "Searching, and functions a server does not have",
    "X": "Formatted text",
    "V": "Known from other integrations",
}
"""What the codes are about, by their letter."""

ENTRIES: Final[dict[str, Entry]] = {
    "A1": Entry(
        "The user and the secret are not accepted",
        "The user name or the token is wrong, was revoked, or has ended. API tokens of Jira Cloud live for one year "
        "at most.",
        "Make a new token and enter it under Connections. Cloud wants your e-mail address and an API token; Data "
        "Center a personal access token without a user name.",
    ),
    "A2": Entry(
        "Jira wants this token at another address",
        "A token with scopes is refused at the address of the site; it works only at Atlassian's gateway for that "
        "site.",
        "Make an API token without scopes, or enter the gateway address (https://api.atlassian.com/ex/jira/ and "
        "your cloud id) as Server URL.",
    ),
    "A3": Entry(
        "Jira asks for a CAPTCHA",
        "After several wrong passwords Jira locks the account until somebody signs in by hand.",
        "Sign in to Jira in a browser as that user, answer the CAPTCHA, then press Test connection.",
    ),
    "A6": Entry(
        "Jira answers as to a stranger",
        "The credential did not reach Jira, or was not recognised, so Jira shows only what everybody may see.",
        "Press Test connection. If a proxy stands between, see that it passes the Authorization header on.",
    ),
    "A7": Entry(
        "The issue is deleted or hidden",
        "Jira says the same for an issue that is gone and for one the account may not see.",
        "Open the issue in Jira as the account of the connection. If it is there, give the account Browse Projects "
        "and the issue's security level; then press Retry.",
    ),
    "A8": Entry(
        "The project is not found",
        "The project was removed or renamed, or the account may not browse it.",
        "Give the account Browse Projects in that project, or choose the project again.",
    ),
    "A10": Entry(
        "The issue may not be edited",
        "The account lacks Edit Issues, or the workflow freezes issues in this status.",
        "Give the account Edit Issues, or let the workflow allow edits in this status; then press Retry.",
    ),
    "A12": Entry(
        "Jira refuses the request as forged",
        "A proxy or a browser-like sender made Jira apply its protection against forged requests.",
        "See whether a proxy rewrites the User-Agent of requests to Jira, and stop it from doing so.",
    ),
    "A13": Entry(
        "Aha! does not accept the API key",
        "The key is mistyped, it was removed, or its owner was disabled.",
        "Enter the key once more under Connections, or make a new one in Aha! under Settings > Personal > Developer.",
    ),
    "A14": Entry(
        "Aha! does not allow this",
        "The role of the key's owner is too low in this workspace, or the Aha! plan has no such feature.",
        "Make the owner of the key a contributor or owner of the workspace; then press Retry.",
    ),
    "A15": Entry(
        "Aha! does not show this record to the account",
        "The owner of the API key has no access to the workspace, or the record was deleted.",
        "Give the owner of the key access to the workspace, or send the record anew.",
    ),
    "N1": Entry(
        "The server's name is not known",
        "The machine Crosswalk runs on can not resolve the name in the address.",
        "Check the address for typing errors, and that the name can be resolved on Crosswalk's machine.",
    ),
    "N2": Entry(
        "The server sends requests elsewhere",
        "The address answers with a redirect. Crosswalk follows none, so that credentials go nowhere unexpected.",
        "Enter the address the redirect leads to; with a sign-in page, exempt the API from it.",
    ),
    "N3": Entry(
        "A sign-in page answers instead of the API",
        "Single sign-on or a web firewall stands before the API.",
        "Have it let requests below /rest/ pass for the account of the connection.",
    ),
    "N4": Entry(
        "This is not the address of the account",
        "The server answers with a web page where the API should be; mostly the account part of the address is "
        "mistyped.",
        "Open the address in a browser and compare it with the one under Connections.",
    ),
    "N5": Entry(
        "The certificate can not be verified",
        "It was signed by an authority this machine does not know, is for another name, or has ended.",
        "Paste the authority's certificate (PEM) into the connection, or have the server's certificate renewed. "
        "Crosswalk has no switch to ignore it.",
    ),
    "N6": Entry(
        "The server can not be reached",
        "Nothing answers at the address and port, or a firewall drops the connection.",
        "Check address and port, and open the firewall from Crosswalk's machine to the server. The other direction "
        "is not needed: polling replaces hooks.",
    ),
    "N7": Entry(
        "The address is not allowed",
        "The server's name leads to a private address, and these are reached only where the operator listed them; "
        "link-local addresses, and those at which cloud machines keep their credentials, are never reached.",
        "If the server is one of your own, have the operator set CROSSWALK_ALLOW_PRIVATE to its address or its network "
        "(such as 10.20.0.0/16), for a proxy to the proxy's, and start Crosswalk anew: each web process, worker and "
        "command needs the same. Else correct the address.",
    ),
    "N9": Entry(
        "The answer was lost",
        "The connection broke after a request was sent, or the answer came so slowly that it was broken off (after two "
        "minutes, later for large files). So it may have been applied or not.",
        "Nothing: Crosswalk looks for what was made before it sends again.",
    ),
    "L1": Entry(
        "The record shows an issue already",
        "Another installation sent it, Aha!'s own integration did, or Crosswalk before a back-up was put back; another "
        "issue for it would be a double.",
        "Link the two, or empty the field in Aha! that shows the issue and press Retry.",
    ),
    "L4": Entry(
        "The parent belongs to no integration",
        "The record stands below one from a workspace that is not joined to Jira.",
        "Join that workspace too, or take the parent away.",
    ),
    "L7": Entry(
        "The kind of link is not known",
        "The link type was renamed or removed in Jira. Links of it that Aha! has stay there.",
        "Choose another link type in the mapping.",
    ),
    "L9": Entry(
        "The sub-task can not be moved",
        "Jira Data Center gives a sub-task no other parent by REST.",
        "Move it by hand in Jira (More > Move) to the parent it has in Aha!; Crosswalk notices, nothing else to do.",
    ),
    "L10": Entry(
        "The issue or the record was deleted or hidden",
        "One of the two records of this pair can not be read any more, and nothing says whether it was deleted or is "
        "hidden (a security level, a lost right); or its counterpart would be deleted, too, and that is stopped: so "
        "many at once, or somebody changed it since.",
        "If it is hidden, give the account the right to see it, then press Retry. If it was deleted, say so on its "
        "page or the integration's (They were deleted; of one, It was deleted), or keep the other one. Deletes that "
        "are stopped are answered there, too: Delete them, or Keep them; of one, Delete it, or Keep it. Jira "
        "tells of deleted issues in its hook only: see that it is registered.",
    ),
    "L16": Entry(
        "Many records would be emptied",
        "So many records lost what a field held, within an hour, that it is rather a mistake (a bulk edit, a mapping, "
        "an import, a field that was made anew) than work. The others keep what they hold.",
        "Look at the records on the integration's page and answer there: Empty them, or Keep them. If nobody meant it, "
        "bring the values back, then press Retry.",
        see=("L10",),
    ),
    "L17": Entry(
        "Texts of many records would be replaced",
        "So many names, descriptions or other texts were changed on one side within an hour, more than 100 and more "
        "than 30% of the integration's records, that it is rather a script or a bulk edit. The other records keep what "
        "they hold.",
        "If it is meant, press Retry; Retry all like it, in the log, does it for all. If not, bring the texts back "
        "where they were changed, then press Retry. What was carried before it was stopped is undone on the record's "
        "page.",
        see=("L16",),
    ),
    "L11": Entry(
        "The version was deleted or archived",
        "The version of this release is gone from Jira, or archived there: issues that have it keep it, and no other "
        "issue takes it.",
        "Unarchive the version in Jira, or move the record to another release in Aha!, then press Retry. Where it was "
        "deleted look at the release; send it again if the version is still wanted.",
    ),
    "L15": Entry(
        "Not deleted: something stands below it",
        "The counterpart was deleted, but sub-tasks or requirements still stand below this one, which would go with "
        "it.",
        "Delete or move them first, then press Retry; or keep the record: on its page or the integration's.",
    ),
    "T1": Entry(
        "The file is too large for the other side",
        "Jira has a limit for attachments (System, Attachments), and so has a plan of Jira Cloud; or attachments are "
        "switched off there.",
        "Raise the limit, or put the file where both can reach it and write a link. Then press Retry; everything else "
        "of the record was carried.",
    ),
    "T2": Entry(
        "The file was not taken",
        "The server refused the upload (413): it is over the limit of Jira, of Aha!, or of a proxy before them.",
        "Compare the file's size with the limit for attachments in Jira, and see whether a proxy before the server has "
        "a smaller one. Then press Retry.",
        see=("T1", "T3"),
    ),
    "T4": Entry(
        "The file can not be fetched",
        "The record lists a file whose content the server does not give: it was lost there, or was deleted meanwhile.",
        "Open the file on its own side. If that fails too, attach it again or delete it, then press Retry.",
    ),
    "T5": Entry(
        "The file arrived damaged",
        "The other side stored fewer or more bytes than were sent; what it stored was deleted again.",
        "See whether a proxy, a virus scanner or an app changes uploads, then press Retry.",
    ),
    "R1": Entry(
        "Too many requests",
        "The server's limit is reached.",
        "Nothing: Crosswalk waits as long as the server asks for.",
    ),
    "R3": Entry(
        "Aha!'s limit is reached",
        "All programs that use the account share 300 requests a minute and 20 a second.",
        "Nothing. If it happens often, slow the other programs down.",
    ),
    "R4": Entry(
        "Jira's limit for short bursts is reached",
        "Too many requests came within a second.",
        "Nothing: Crosswalk slows down by itself.",
    ),
    "R5": Entry(
        "Jira's hourly limit is reached",
        "The hour's allowance of the site or the account is used up.",
        "Nothing: it goes on with the next hour.",
    ),
    "R6": Entry(
        "Too many changes of one issue",
        "Jira limits how often one issue may be written.",
        "Nothing: the changes are put together and written a little later.",
    ),
    "R7": Entry(
        "Jira asks to wait without saying how long",
        "The answer carries no time.",
        "Nothing: Crosswalk waits longer each time until it is let in.",
    ),
    "R8": Entry(
        "Aha! was busy with another write",
        "Two writes in one workspace met.",
        "Nothing: it is sent again after a look whether it landed.",
    ),
    "R9": Entry(
        "The server is overloaded or being updated",
        "It answers that it is not available now.",
        "Nothing: it is tried again. If it stays, see the vendor's status page.",
    ),
    "Q1": Entry(
        "The server has no such function any more",
        "The vendor has removed the part of the API that was asked.",
        "Update Crosswalk.",
    ),
    "Q7": Entry(
        "The server does not know the request",
        "The path or a number in it is not what the API expects.",
        "Check the Server URL for a missing or wrong path after the host; else please report it with the lines of "
        "the log.",
    ),
    "Q8": Entry(
        "The gateway does not know the site",
        "The cloud id in the address is not that of your site.",
        "Enter the address of the site itself and press Save and test.",
    ),
    "A5": Entry(
        "Data Center takes no passwords",
        "From version 11 on Jira Data Center switches sign-in by password off.",
        "Leave the user name empty and enter a personal access token.",
    ),
    "A9": Entry(
        "The account may not make versions",
        "Releases become versions, and making one needs the right to administer the project.",
        "Give the account Administer Projects in Jira, or take releases out of the mapping; then press Retry.",
    ),
    "L5": Entry(
        "There is no parent to put it under",
        "What the record stands below on one side is not in step: a feature, a release or an epic.",
        "Send the record above it, or pair the issue's parent or version, or make a parking lot in the workspace; then "
        "press Retry.",
    ),
    "L6": Entry(
        "The account may not link issues",
        "Linking is switched off in Jira, or the account lacks Link Issues.",
        "Switch issue linking on and give the account Link Issues.",
    ),
    **FIELDS,
    **VALUES,
    **PAIRS,
    **HOOKS,
    **SERVICE,
    **TEXTS,
    **CONNECT,
    **OAUTH,
}


def grouped() -> dict[str, dict[str, Entry]]:
    """The entries by what they are about, in the order of their codes."""
    found = {}
    for letter, title in GROUPS.items():
        codes = sorted((code for code in ENTRIES if code[0] == letter), key=lambda code: int(code[1:]))
        found[title] = {code: ENTRIES[code] for code in codes}
    return {title: entries for title, entries in found.items() if entries}


def matching(text: str) -> dict[str, Entry]:
    """The entries with this code, else those that hold every word of `text`, a title before the rest."""
    if (code := text.strip().upper()) in ENTRIES:
        return {code: ENTRIES[code]}
    words = text.casefold().split()
    good = [code for code, one in ENTRIES.items() if all(word in _text(one) for word in words)]
    good.sort(key=lambda code: not all(word in ENTRIES[code].title.casefold() for word in words))
    return {code: ENTRIES[code] for code in good}


def _text(entry: Entry) -> str:
    return f"{entry.title} {entry.cause} {entry.remedy}".casefold()
