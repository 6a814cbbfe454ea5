"""The status table of a kind: which status of a side stands for which one of the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crosswalk.merge.values import Choice
from crosswalk.sync.lines import Lists
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.translate import Table


def status_table(mapping: Map, lists: Lists, kind: str, type_: str = "") -> Table:
    """The status translation of a kind: each Jira status that the mapping names, to the Aha! status it names. Of
    several issue types, it leads to statuses of the one with the id `type_`."""
    aha = {status.name.casefold(): status for status in lists.aha_statuses.get(kind, ())}
    named = {jira.casefold(): name.casefold() for jira, name in mapping.statuses.get(kind, {}).items()}
    left = {
        status.id: aha[wanted]
        for status in lists.jira_statuses.get(kind, ())
        if (wanted := named.get(status.name.casefold(), "")) in aha
    }
    named = {here.casefold(): there.casefold() for here, there in mapping.statuses_to_jira.get(kind, {}).items()}
    there = lists.statuses_of(kind, type_)
    if type_ in lists.variants.get(kind, {}):  # a status that this type does not have is named for the others
        known = {status.name.casefold() for status in there}
        named = {here: wanted for here, wanted in named.items() if wanted in known}
    right = _statuses_to_jira(lists.aha_statuses.get(kind, ()), there, named, left)
    return Table("The status", left=left, right=right)


def _statuses_to_jira(
    aha: Iterable[Choice], jira: Sequence[Choice], named: Mapping[str, str], left: Mapping[str, Choice]
) -> dict[str, Choice]:
    """For each Aha! status the Jira status to go to: the one named for it, else one of its name, else the first."""
    right: dict[str, Choice] = {}
    for status in aha:
        name = status.name.casefold()
        meant = [one for one in jira if left.get(one.id) == status]
        by_name = [one for one in jira if one.name.casefold() == named.get(name, name)]
        if found := [*by_name, *(meant if name not in named else ())]:
            right[status.id] = found[0]
    return right
