"""Issues that stand below another by a link of type “Relates”, where the mapping hangs a kind up so.

People link from either end, and a mutual link says the same at both: which issue is above is told by the types of the
two; where one type is both, the link leads from above to below. Of several issues above, the oldest link counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosswalk import errors
from crosswalk.jira import wire
from crosswalk.jira.edits import refused
from crosswalk.jira.project import LINKED, Linked, Project
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Choice, Value


@dataclass(frozen=True, slots=True)
class Hanger:
    """Hangs issues of one project below others by links. Raises RemoteError."""

    project: Project

    def hang(self, ref: Ref, changes: Mapping[str, Value]) -> dict[str, str]:
        """Link `ref` with what `changes` want above it, and with no other such issue; what was not done, and why."""
        above = changes.get(LINKED)
        if LINKED not in changes or self.project.linked is None:
            return {}
        try:
            now = self._links(ref, self.project.linked)
            if isinstance(above, Choice) and above.id not in now.values():
                self.project.send(wire.link_issues(self.project.api, above.id, ref.id))
            for link, other in now.items():
                if not isinstance(above, Choice) or other != above.id:
                    self.project.send(wire.remove_link(self.project.api, link))
        except (errors.Invalid, errors.Forbidden, errors.NotFound) as error:
            return {LINKED: refused(error.message)}
        return {}

    def _links(self, ref: Ref, linked: Linked) -> dict[str, str]:
        data = self.project.send(wire.issue(self.project.api, ref.id, [LINKED])) or {}
        return {link: other.id for link, other in linked.above(data.get("fields") or {})}
