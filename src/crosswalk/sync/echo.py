"""What a hook or the history tells of the links that are shown in Aha!: no news, and nobody need look.

After a load Aha! tells of each record that it shows its issue now. That takes a read a record, and the load was about
tens of thousands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from crosswalk.store.models import Integration, Pair
from crosswalk.sync.mapping import MappingRefused, parse


def links_of(integration_ids: Iterable[int], pair_ids: Collection[int]) -> dict[int, str]:
    """By pair, of some, the address of its issue, where Aha! shows that in a field that nothing else is carried by."""
    if not pair_ids:
        return {}
    held = Pair.objects.filter(integration_id__in=list(integration_ids), pk__in=pair_ids).exclude(right_url="")
    shown = list(held.values_list("pk", "integration_id", "right_url"))
    theirs = Integration.objects.filter(pk__in={integration_id for _, integration_id, _ in shown})
    # One at a time: a mapping is large beside what is asked of it.
    plain = {pk for pk, mapping in theirs.values_list("pk", "mapping").iterator() if _plain(mapping)}
    return {pk: url for pk, integration_id, url in shown if integration_id in plain}


def _plain(mapping: object) -> bool:
    """Whether records show their issue in a custom field, and no line of the mapping carries what that holds."""
    try:
        known = parse(mapping)
    except MappingRefused:
        return False
    field = known.link.aha_field
    lines = (line for lines in known.fields.values() for line in lines)
    return bool(field) and not any(line.aha == f"custom:{field}" for line in lines)


def is_echo(given: Collection[str], pair_ids: Collection[int], links: Mapping[int, str]) -> bool:
    """Whether all that a record was `given` is the link to the issue in each of its pairs: whoever set it, the pair
    says so already. Should another field hold the very same address, the next comparison of everything sees it."""
    return bool(given and pair_ids) and all(set(given) == {links.get(pair_id)} for pair_id in pair_ids)
