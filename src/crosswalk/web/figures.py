"""The figures of an integration as programs read them: what a command prints and the JSON API answers is this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosswalk.sync import approving
from crosswalk.sync.ends import End
from crosswalk.sync.pulse import Pulse, mean
from crosswalk.web.reading import Card


def figures(one: Card, ends: Sequence[End]) -> dict[str, Any]:
    """Is it in step, and if not, why; with its counts, hooks, throughput, and those of `ends` that are its own."""
    said, counts, it = one.health, one.counts, one.integration
    return {
        "integration": it.name,
        "word": said.word,
        "in_step_at": said.since,
        "trouble": said.trouble,
        "remedy": said.remedy,
        "total": counts.total,
        "in_step": counts.agreed,
        "in_step_differing": counts.apart,
        "waiting": counts.due,
        "need_you": counts.attention,
        "errors": counts.error,
        "conflicts": one.conflicts,
        "next": one.next.says if one.next else "",
        "stopped": approving.shown(it),
        "hooked_at": it.hooked_at,
        "polled_at": it.polled_at,
        "swept_at": it.swept_at,
        **(_beat(one.pulse) if one.pulse else {}),
        "tokens_that_end": [
            {"connection": end.connection.name, "on": end.on, "days": end.left}
            for end in ends
            if end.connection.pk in (it.aha_id, it.jira_id)
        ],
    }


def _beat(beat: Pulse) -> dict[str, Any]:
    return {
        "hooks": {one.side: {"state": one.state, "last": one.last} for one in beat.hooks},
        "made_in_24_h": beat.made,
        "written_in_24_h": sum(beat.carried),
        "seconds_from_hook_to_write": mean(beat.delays),
        "requests_left": [
            {"of": one.name, "left": one.left, "most": one.most, "seconds": one.seconds} for one in beat.budgets
        ],
    }
