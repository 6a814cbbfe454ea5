"""What a side may be asked that never comes up in Jira. Has the shape of `crosswalk.sync.ports.RemoteSide`."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk.merge.records import Ref, Snapshot


class Plain:
    """The same answer for all issues, without a request."""

    def listed(self, kind: str, page: int) -> tuple[Sequence[Snapshot], int | None]:
        """See RemoteSide.listed: a hundred ids are read in one request."""
        del kind, page
        return (), None

    def became(self, ref: Ref, title: str) -> Sequence[Ref]:
        """See RemoteSide.became: an issue of another type is the same issue."""
        del ref, title
        return ()

    def lacks(self, kind: str, field: str) -> bool:
        """See RemoteSide.lacks: an issue names its empty fields, and none that is not there."""
        del kind, field
        return False

    def shown_links(self, record: Snapshot) -> Sequence[str]:
        """See RemoteSide.shown_links: what an issue shows hangs on it, and is not looked at."""
        del record
        return ()
