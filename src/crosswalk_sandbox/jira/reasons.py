"""What a client tells of the reason for a change: `historyMetadata` of an edit or a transition, kept in the history.

Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (schema HistoryMetadata)
"""

from __future__ import annotations

from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.state import Json

TEXTS = (
    "type", "description", "descriptionKey", "activityDescription", "activityDescriptionKey", "emailDescription",
    "emailDescriptionKey",
)  # fmt: skip
TAKING_PART = ("actor", "cause", "generator")
OF_THOSE = ("id", "displayName", "displayNameKey", "type", "avatarUrl", "url")
EXTRA = "extraData"


def read(wire: object) -> Json:
    """The reason that a request tells, {} for none. Raises Refusal for what has another shape."""
    if wire is None:
        return {}
    given = _object(wire)
    out = _texts({name: value for name, value in given.items() if name in TEXTS})
    for name in TAKING_PART:
        if given.get(name) is not None:
            of = _object(given[name])
            out[name] = _texts({key: value for key, value in of.items() if key in OF_THOSE})
    if given.get(EXTRA) is not None:
        out[EXTRA] = _texts(_object(given[EXTRA]))
    return out


def _object(wire: object) -> Json:
    if not isinstance(wire, dict):
        raise Refusal(400, "The history metadata is not valid.")  # wording unconfirmed
    return wire


def _texts(wire: Json) -> Json:
    """Texts, of which null is none."""
    if not all(value is None or isinstance(value, str) for value in wire.values()):
        raise Refusal(400, "The history metadata is not valid.")  # wording unconfirmed
    return {name: value for name, value in wire.items() if value is not None}
