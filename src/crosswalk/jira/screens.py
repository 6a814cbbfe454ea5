"""What a transition's screen is filled with: values from a table, each as its field takes it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape

from crosswalk import richtext
from crosswalk.jira.fields import Kind, Unfit, kind_of, wire_value
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import field_info
from crosswalk.jira.wire import Json
from crosswalk.merge.values import Choice, Person, Rich, Value


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a transition's screen requires: its id, what people call it, what it may hold (no options: any).

    `listed` says of a kind that Crosswalk does not know whether it takes a list.
    """

    id: str
    name: str
    kind: Kind = Kind.LINE
    options: tuple[Choice, ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """What a transition is sent with. `people` are the e-mail addresses for the fields that take a user; `missing` are
    the required fields that nobody gave a value for, and `unfit` those whose value they do not take, with that value.
    """

    fields: Mapping[str, Json] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)


def needs_of(fields: Json) -> Iterable[Need]:
    """The required fields among those of a transition's screen that Jira does not fill by itself."""
    for name, data in fields.items() if isinstance(fields, dict) else ():
        info = field_info(data, str(name)) if isinstance(data, dict) else None
        if info is not None and info.required and not info.default:
            yield Need(info.id, info.name or info.id, kind_of(info), info.options, info.type == "array")


def screen(needs: Iterable[Need], table: Mapping[str, str], flavour: Flavour, held: Collection[str] = ()) -> Screen:
    """The values for `needs`, from a table by the field's name (or id) as people write it.

    A field that is `held` has a value: that one stays, whatever the table says.
    """
    by_name = {name.casefold(): value for name, value in table.items()}
    fields: dict[str, Json] = {}
    people: dict[str, str] = {}
    missing: list[str] = []
    unfit: dict[str, str] = {}
    for need in needs:
        text = by_name.get(need.name.casefold()) or by_name.get(need.id.casefold())
        if need.id in held:
            continue
        if text and need.kind is Kind.PERSON and "@" in text:
            people[need.id] = text.strip()
            continue
        wire = _wire(need, text, flavour) if text else None
        if wire is None or isinstance(wire, Unfit):
            missing.append(need.name)
            unfit |= {need.name: text} if text else {}
        else:
            fields[need.id] = wire
    return Screen(fields, people, tuple(missing), unfit)


def _wire(need: Need, text: str, flavour: Flavour) -> Json | Unfit:
    """`text` as the field takes it; None where it takes nothing like that."""
    if need.kind is Kind.OTHER:
        return [text] if need.listed else text
    if need.kind in (Kind.CHOICE, Kind.CHOICES) and not need.options:
        return [{"name": one} for one in _entries(text)] if need.kind is Kind.CHOICES else {"name": text}
    try:
        value = _meant(need, text.strip(), flavour)
    except (ValueError, ArithmeticError):
        return None
    return None if value is None else wire_value(need.kind, value, flavour)


def _meant(need: Need, text: str, flavour: Flavour) -> Value:
    """What `text` says of a field of this kind. Raises ValueError or ArithmeticError where it says nothing."""
    match need.kind:
        case Kind.CHOICE | Kind.CASCADE | Kind.TEAM:
            return _option(need, text)
        case Kind.CHOICES:
            found = [_option(need, one) for one in ([text] if _option(need, text) else _entries(text))]
            return None if None in found else frozenset(one for one in found if one is not None)
        case Kind.WORDS:
            return frozenset(_entries(text))
        case Kind.GROUP:
            return Choice(text, text)
        case Kind.GROUPS:
            return frozenset(Choice(one, one) for one in _entries(text))
        case Kind.PERSON:
            return Person(text)
        case Kind.PEOPLE:
            return frozenset(map(Person, _entries(text)))
    return _plain(need.kind, text, flavour)


def _plain(kind: Kind, text: str, flavour: Flavour) -> Value:
    match kind:
        case Kind.NUMBER:
            return Decimal(text)
        case Kind.DATE:
            return date.fromisoformat(text)
        case Kind.MOMENT:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case Kind.RICH:
            html = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
            if flavour.rich_format == "adf":
                return Rich("adf", richtext.canonical(richtext.html_to_adf(html)))
            return Rich(flavour.rich_format, richtext.html_to_wiki(html))
    return text


def _option(need: Need, text: str) -> Choice | None:
    return next((one for one in need.options if one.name.casefold() == text.casefold()), None)


def _entries(text: str) -> list[str]:
    """What stands between commas."""
    return [one.strip() for one in text.split(",") if one.strip()]
