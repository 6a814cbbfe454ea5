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
    chosen = Integration.objects.filter(pk__in=list(integration_ids))
    plain = [pk for pk, mapping in chosen.values_list("pk", "mapping") if _plain(mapping)]
    found = Pair.objects.filter(integration_id__in=plain, pk__in=pair_ids).exclude(right_url="")
    return dict(found.values_list("pk", "right_url"))


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
