"""Tags every template has: states, times, values, addresses of static files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.staticfiles import finders
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crosswalk.errors import a_or_an
from crosswalk.merge.rules import Direction, Policy
from crosswalk.store import pairs
from crosswalk.store.models import Act, Connection, Integration, JournalEntry, Pair
from crosswalk.store.roles import owners, role_of
from crosswalk.sync import deletions, planwords
from crosswalk.sync.after import DECIDE
from crosswalk.sync.ends import End
from crosswalk.sync.explaining import GONE
from crosswalk.sync.hooking import Hooking
from crosswalk.sync.mapping import POLICIES, WORDS
from crosswalk.sync.missing import missing_option
from crosswalk.sync.wording import WAYS, WINNERS
from crosswalk.web import access, agreed, comparing, plans, words
from crosswalk.web.leading import here, led, typed
from crosswalk.web.mapping_sheet import anchor
from crosswalk.web.reading import seen as seen_mark
from crosswalk.web.troubleshooting import ENTRIES
from crosswalk.web.words import SHUT, Health, Shown, delay_of, refused_of, state_of, verdict_of

register = template.Library()

_POLICIES = {policy: WINNERS[word] for word, policy in POLICIES.items()}
_SHAPES = {
    Direction.BOTH: "both",
    Direction.TO_RIGHT: "right",
    Direction.TO_LEFT: "left",
    Direction.ONCE_TO_RIGHT: "right",
    Direction.ONCE_TO_LEFT: "left",
    Direction.OFF: "cross",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A shape from `icons.html`; a word always stands beside it, so readers skip it."""
    return format_html('<svg class="icon icon-{}" aria-hidden="true"><use href="#i-{}"/></svg>', name, name)


@register.simple_tag
def state(shown: Pair | Shown | Health | None) -> SafeString:
    """A state as word and shape."""
    word = state_of(shown) if shown is None or isinstance(shown, Pair) else shown
    return format_html('<span class="state {}">{}<span>{}</span></span>', word.tone, icon(word.shape), word.word)


@register.simple_tag
def verdict(name: str, pair: Pair | None = None) -> SafeString:
    """The verdict on a field (of `pair`) as word and shape."""
    return state(verdict_of(name, pair))


register.filter("why_of", words.why_of)
register.filter(here)
register.filter("remedy_of", words.remedy_of)


@register.filter
def may(user: User | AnonymousUser, name: str) -> bool:
    """Whether the person may do what the address called `name` does."""
    return access.may(role_of(user), name)


@register.filter
def role(user: User | AnonymousUser) -> str:
    """The person's role as a word."""
    return role_of(user).value


@register.simple_tag(takes_context=True)
def why_not(context: Context, name: str) -> SafeString | str:
    """Why the person may not do what the address `name` does, and who can change that; nothing where they may."""
    why = access.why_not(role_of(context["request"].user), name)
    if not why:
        return ""
    names = ", ".join(owner.get_username() for owner in owners()[:3])
    return format_html('<p class="hint why-not">{}<span>{} Ask an owner: {}.</span></p>', icon("lock"), why, names)


@register.filter
def changes(act: Act) -> list[dict[str, object]]:
    """What was before and after, name by name."""
    words = {True: "yes", False: "no"}
    return [
        {
            "name": name,
            **{
                when: words[held] if isinstance(held, bool) else held
                for when, held in (("before", act.before.get(name, "")), ("after", act.after.get(name, "")))
            },
        }
        for name in {**act.before, **act.after}
    ]


@register.simple_tag
def ago(moment: datetime | None, never: str = "never") -> SafeString | str:
    """`moment` relative to now, the exact one on hover. The page's script keeps it fresh and in the reader's time."""
    if moment is None:
        return never
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>', _iso(moment), _exact(moment), _relative(moment)
    )


@register.simple_tag
def ending(end: End) -> SafeString:
    """How far away the end of a token is, the day on hover."""
    return format_html('<time datetime="{}" title="{}">{}</time>', end.on, f"{end.on:%A %d %B %Y}", end.words)


@register.filter
def where_changed(pair: Pair | None) -> str:
    """On which side a pair that was in step is said to have changed, while that is not carried yet; else ""."""
    if pair is None or pair.held or pair.state != Pair.State.AGREED or pair.dirty == pair.done:
        return ""
    told = {"Aha!": pair.left_told > pair.done, "Jira": pair.right_told > pair.done}
    sides = [name for name, has_news in told.items() if has_news]
    return f"changed in {sides[0]}" if len(sides) == 1 else "may have changed on both sides"


@register.filter
def shown(text: str) -> SafeString | str:
    """A field's value as crosswalk.sync words it; nothing is set apart from words that say so."""
    if text in ("", "(empty)", "(none)", "(not read)", GONE):
        return format_html('<span class="nothing">{}</span>', text.strip("()") or "not read")
    return text


@register.filter
def line_anchor(name: str) -> str:
    """Where the line of this name stands on its mapping's page."""
    return anchor(name)


@register.filter
def outside(address: str) -> str:
    """`address` if it is a web address, else nothing: a server's word is not trusted to be one."""
    return address if address.startswith(("https://", "http://")) else ""


@register.filter
def seen(pair: Pair) -> str:
    """What the page shows of `pair`, as a short mark; it changes with the state and with each line of the journal."""
    return seen_mark(pair)


@register.filter
def product(side: str) -> str:
    """The side of a journal line as the name of a shape: the core says left and right, people say Aha! and Jira."""
    return {"left": "aha", "right": "jira"}.get(side, side)


@register.filter
def product_name(side: str) -> str:
    """The side of a journal line as people say it."""
    return {"aha": "Aha!", "jira": "Jira"}.get(product(side), side)


@register.filter
def valueless(line: Mapping[str, object]) -> bool:
    """Whether a field of a comparison has no values to show."""
    return line["verdict"] in comparing.VALUELESS


@register.filter
def names_side(line: JournalEntry) -> bool:
    """Whether a line of the journal begins with the name of its side, which need not be said before it."""
    return line.what.startswith(product_name(line.side))


@register.filter
def unwritten(line: JournalEntry) -> bool:
    """Whether the values of a line were not written: they stay apart, or a side would not take the new one."""
    apart = line.run is not None and not line.side
    return not line.kept and (apart or (line.level == "warning" and not line.old))


@register.filter
def flavour(name: str) -> str:
    """The kind of a server as its vendor writes it."""
    return {"cloud": "Cloud", "datacenter": "Data Center"}.get(name, name)


@register.filter
def policy(value: Policy) -> str:
    """Who is right when both sides changed a field."""
    return _POLICIES[value]


@register.simple_tag
def direction(value: Direction) -> SafeString:
    """A direction as word and arrow."""
    word = WAYS[WORDS[value]]
    return format_html('<span class="state quiet">{}<span>{}</span></span>', icon(_SHAPES[value]), word)


@register.filter
def help_link(code: str) -> SafeString | str:
    """A link to the troubleshooting entry `code`, or the bare code where there is none."""
    if code not in ENTRIES:
        return code
    return format_html('<a href="{}">Help: {}</a>', reverse("help", args=[code]), code)


@register.filter
def option(line: JournalEntry) -> str:
    """The option that a line of the journal misses; "" for other lines."""
    missing = missing_option(f"{line.what} {line.why}") if line.code == "F9" else None
    return missing[0] if missing else ""


@register.filter
def leading(remedy: str, of: Pair | int) -> str:
    """A remedy; where it names a page, the words lead there: `of` a pair, or an integration."""
    return led(remedy, of.integration_id, of.kind) if isinstance(of, Pair) else led(remedy, of, "feature")


@register.filter
def repeated(rows: Iterable[Any]) -> set[str]:
    """What to do that several rows of a list say: there it is folded."""
    told = Counter(row.pair.remedy for row in rows if row.pair is not None)
    return {remedy for remedy, count in told.items() if count > 1}


@register.filter
def above_leading(plan: Mapping[str, Any], integration: int) -> SafeString | str:
    """What a plan says of what stands above its records and is not sent; it leads to the first kind's sheet."""
    return led(planwords.above(plan), integration, next(iter(plan.get("above") or ()), "epic"))


@register.filter
def asked_about(pair: Pair) -> list[deletions.Stopped]:
    """What of the pair waits for a person's word about deletes or emptied fields."""
    return deletions.stopped(pair.integration, pair) if pair.state == Pair.State.ASKING else []


@register.filter
def settled(pair: Pair) -> bool:
    """Whether the pair is gone and nobody is needed for it any more."""
    return pairs.settled(pair)


@register.filter
def shut(pair: Pair) -> Connection | None:
    """The connection whose credential is refused, where the pair has something to carry and waits for it."""
    return refused_of(pair.integration) if state_of(pair) is SHUT else None


@register.filter
def in_conflict(remedy: str) -> bool:
    """Whether nothing but a person's answer to a conflict helps: another look would find the same."""
    return remedy == DECIDE


@register.filter
def article(name: str) -> str:
    """`name` with its article, as a sentence says it."""
    return a_or_an(name)


@register.filter
def among(name: str, names: Sequence[str]) -> bool:
    """Whether `name` is one of `names`, whatever the case of its letters."""
    return name.casefold() in {one.casefold() for one in names}


register.filter("counts_said", planwords.of_side)
register.filter("not_listed", planwords.left_off)
register.filter("counted", planwords.counted)
register.filter("does", planwords.does)
register.filter("left_alone", planwords.left_alone)
register.filter("further", planwords.further)
register.filter("keeping", planwords.keeping)
register.filter("nothing_planned", planwords.nothing)
register.filter("shortened", agreed.shortened)
register.filter("also_apart", words.also_apart)
register.filter("compared", comparing.compared)
register.filter("typed", typed)
register.filter("groups", plans.groups)
register.filter("alike", plans.alike)


@register.filter
def unread_said(count: int) -> str:
    """That a plan did not look at what hangs on so many records."""
    return planwords.UNREAD.format(count)


@register.filter
def notes(patch: Mapping[str, Any], change: Mapping[str, Any]) -> list[str]:
    """What becomes of a value that is replaced, and what is not held of a text."""
    return list(planwords.notes(patch, change))


@register.filter
def side_word(name: str) -> str:
    """A product as people say it, as the name of its shape."""
    return {"Aha!": "aha", "Jira": "jira"}.get(name, name)


@register.simple_tag
def bars(values: Sequence[float | None], name: str) -> SafeString:
    """A small chart of one bar an hour. Attributes only: the page's policy allows no style in it."""
    most = max((value for value in values if value is not None), default=0) or 1
    drawn = [
        format_html(
            '<rect x="{}" y="{}" width="3" height="{}"/>',
            4 * place,
            24 - round(22 * value / most),
            round(22 * value / most),
        )
        for place, value in enumerate(values)
        if value
    ]
    said = f"{name}: {len(drawn)} hours with any, at most {most:g}" if drawn else f"{name}: none"
    return format_html(
        '<svg class="bars" viewBox="0 0 {} 24" preserveAspectRatio="none"'
        ' role="img" aria-label="{}"><path d="M0 23.5H{}"/>{}</svg>',
        4 * len(values),
        said,
        4 * len(values),
        SafeString("".join(drawn)),
    )


@register.filter
def last_heard(integration: Integration, hooks: Hooking) -> datetime | None:
    """When a side last told of itself: by a hook, or when it was asked what changed."""
    return max((moment for moment in (hooks.last, integration.polled_at) if moment), default=None)


@register.filter
def total(values: Sequence[int]) -> int:
    """The sum of a chart's values."""
    return sum(values)


@register.filter
def mean_delay(values: Sequence[float | None]) -> str:
    """The mean of a chart of delays in words; "" where no hook led to a write."""
    return delay_of(values)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with its digest, so that browsers may keep it for a year."""
    return f"{static(path)}?v={_digest(path)}"


@cache
def _digest(path: str) -> str:
    found = finders.find(path)
    assert isinstance(found, str), f"static file {path} is missing"
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _exact(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%A %d %B %Y, %H:%M:%S} UTC"


def _relative(moment: datetime) -> str:
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    amount, unit = abs(seconds), "s"
    for size, name in ((86400, "day"), (3600, "h"), (60, "min")):
        if amount >= size:
            amount, unit = amount / size, name
            break
    count = int(amount) if seconds > 0 else round(amount)  # what ends in seven days does not end in six
    name = f"{unit}s" if unit == "day" and count != 1 else unit
    return f"{count} {name} ago" if seconds > 0 else f"in {count} {name}"
