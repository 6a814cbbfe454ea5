"""What "Load project data" fetched, from both sides: kept, taken out again, and read by the mapping."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosswalk.aha import described as aha_described
from crosswalk.aha import metadata as aha_metadata
from crosswalk.errors import Refused, a_or_an
from crosswalk.jira import described as jira_described
from crosswalk.jira import metadata as jira_metadata
from crosswalk.jira.metadata import EPIC_LINK, PARENT_LINK, RANK, REFERENCE, TypeInfo
from crosswalk.jira.part_fields import FIELDS
from crosswalk.jira.project import Scope
from crosswalk.merge.rules import Direction, Side
from crosswalk.merge.values import Choice
from crosswalk.remote.checkup import Problem
from crosswalk.store.models import Integration, ProjectData
from crosswalk.sync import defaults
from crosswalk.sync.above import BELOW_EPICS, LINKED
from crosswalk.sync.lines import Lists, Variant
from crosswalk.sync.maplines import LINKABLE
from crosswalk.sync.mapping import VERSION, FieldLine, Mapping, TypeLine, counts_below, creates

RICH = {"cloud": "adf", "datacenter": "wiki"}


class NoSuchTypeError(Refused):
    """The mapping names an issue type for records of `kind` that the project has no longer (error catalogue F14)."""

    def __init__(self, kind: str, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy=remedy, code="F14")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Loaded:
    """Both sides' project data; `flavour` is Jira's ("cloud", "datacenter"). `problems` are said when it is loaded."""

    aha: aha_metadata.Metadata
    jira: jira_metadata.Metadata
    flavour: str
    problems: tuple[Problem, ...] = ()


def keep(integration: Integration, loaded: Loaded, at: datetime) -> None:
    """Store what was loaded in place of what was there."""
    for side, data in (("aha", loaded.aha.dump()), ("jira", {**loaded.jira.dump(), "flavour": loaded.flavour})):
        ProjectData.objects.update_or_create(
            integration=integration, side=side, defaults={"data": data, "loaded_at": at}
        )


def loaded_at(integration: Integration) -> datetime | None:
    """When the older part of it was loaded; None where nothing was."""
    rows = ProjectData.objects.filter(integration=integration).order_by("loaded_at")
    return rows.values_list("loaded_at", flat=True).first()


def load(integration: Integration) -> Loaded:
    """What was stored last. Raises Refused where nothing was, or an older Crosswalk stored it."""
    rows = {row.side: row.data for row in ProjectData.objects.filter(integration=integration)}
    try:
        jira = dict(rows["jira"])
        flavour = jira.pop("flavour")
        return Loaded(aha_metadata.load(rows["aha"]), jira_metadata.load(jira), flavour)
    except (KeyError, TypeError):
        raise Refused(
            f"The project data of “{integration.name}” is not loaded.",
            remedy="Press Load project data in the integration's settings.",
            code="F13",
        ) from None


def type_named(loaded: Loaded, line: TypeLine) -> TypeInfo | None:
    """The issue type a mapping names; None for versions and for names the project does not have."""
    wanted = line.type.casefold()
    return next((one for one in loaded.jira.types.values() if one.name.casefold() == wanted), None)


def kinds_of_issue(loaded: Loaded, mapping: Mapping) -> dict[str, tuple[TypeInfo, ...]]:
    """Every issue type that records of a mapped kind may become, the usual one first. Raises Refused, see types_of."""
    found = {}
    for kind, info in types_of(loaded, mapping).items():
        others = (types_of(loaded, Mapping({kind: TypeLine(name)})) for name in mapping.types[kind].types.values())
        found[kind] = tuple({one.id: one for one in (info, *(other[kind] for other in others))}.values())
    return found


def _merged(infos: Sequence[TypeInfo]) -> TypeInfo:
    """What records of one kind may hold whose issues are of several types: of a list the options of all of them."""
    statuses = {status.id: status for info in infos for status in info.statuses}
    fields = {name: one for info in reversed(infos) for name, one in info.fields.items()}
    for name, one in fields.items():
        every = {option.id: option for info in infos if name in info.fields for option in info.fields[name].options}
        fields[name] = replace(one, options=tuple(every.values()))
    return replace(infos[0], statuses=tuple(statuses.values()), fields=fields)


def types_of(loaded: Loaded, mapping: Mapping) -> dict[str, TypeInfo]:
    """The issue type of each mapped kind that has one. Raises Refused where one is gone."""
    found = {}
    for kind, line in mapping.types.items():
        if line.type == VERSION or not creates(kind, line):
            continue
        info = type_named(loaded, line)
        if info is None:
            names = ", ".join(sorted(one.name for one in loaded.jira.types.values())) or "none"
            raise NoSuchTypeError(
                kind,
                f"The Jira project {loaded.jira.key} has no issue type “{line.type}” for {a_or_an(kind)}.",
                remedy=f"Choose one of: {names}. If it was renamed, load the project data again.",
            )
        found[kind] = info
    return found


def lists(loaded: Loaded, mapping: Mapping) -> Lists:
    """What both sides can hold, for the rule book."""
    several = kinds_of_issue(loaded, mapping)
    types = {kind: _merged(infos) for kind, infos in several.items()}
    return Lists(
        aha_statuses=loaded.aha.statuses,
        jira_statuses={kind: info.statuses for kind, info in types.items()},
        jira_fields={kind: jira_described.writable(info) for kind, info in types.items()},
        uneditable={
            kind: {info.name: jira_described.uneditable(loaded.jira, info) for info in infos}
            for kind, infos in several.items()
        },
        rich_format=RICH[loaded.flavour],
        link_types=loaded.jira.link_types,
        aha_types={kind: aha_described.described(kind, loaded.aha.custom_fields) for kind in mapping.types},
        jira_types={
            **{kind: jira_described.described(loaded.jira, info) for kind, info in types.items()},
            **{kind: jira_described.VERSION for kind, line in mapping.types.items() if line.type == VERSION},
        },
        links_above=frozenset({epic_link(loaded), _parent_link(loaded)} - {""}),
        rank=rank_field(loaded),
        parents=parents(loaded, mapping),
        type_names={one.name.casefold(): Choice(one.id, one.name) for one in loaded.jira.types.values()},
        zone=loaded.jira.zone,
        reference=reference.id if (reference := loaded.jira.field_by_name(REFERENCE)) else "",
        levels=levels(loaded, mapping),
        own_options=jira_described.own_options(loaded.jira),
        variants={
            kind: {info.id: Variant(jira_described.writable(info), info.statuses) for info in infos}
            for kind, infos in several.items()
            if len(infos) > 1
        },
    )


def options_of_some(loaded: Loaded, mapping: Mapping, kind: str, name: str) -> dict[str, list[str]]:
    """The options of a Jira field that some issue types of a kind have and others lack, by name, each with the names of
    those that have it."""
    infos = [one for one in kinds_of_issue(loaded, mapping).get(kind, ()) if name in one.fields]
    held = {one.name: {option.name for option in one.fields[name].options} for one in infos}
    among = {option: [type_ for type_ in held if option in held[type_]] for known in held.values() for option in known}
    return {option: types for option, types in among.items() if len(types) < len(held)}


def levels(loaded: Loaded, mapping: Mapping) -> dict[str, int]:
    """How high the usual type of epics and initiatives, and of what may stand below them, is on Cloud; elsewhere and
    by links the hierarchy is not told."""
    if loaded.flavour != "cloud":
        return {}
    found = types_of(loaded, mapping)
    return {kind: info.level for kind, info in found.items() if kind in ("feature", "epic", "initiative")}


def epic_link(loaded: Loaded) -> str:
    """The field that says below which epic an issue stands where `parent` does not: on Data Center."""
    found = loaded.jira.field_by_schema(EPIC_LINK) if loaded.flavour == "datacenter" else None
    return found.id if found else ""


def _parent_link(loaded: Loaded) -> str:
    """The field of Advanced Roadmaps that says what an epic stands below, on Data Center."""
    found = loaded.jira.field_by_schema(PARENT_LINK) if loaded.flavour == "datacenter" else None
    return found.id if found else ""


def parents(loaded: Loaded, mapping: Mapping) -> dict[str, str]:
    """Per kind, the Jira field that says what an issue stands below; "" where an issue link says it, or nothing."""
    found = {kind: _parent_field(loaded, kind, info) for kind, info in types_of(loaded, mapping).items()}
    linked = {kind: LINKED if kind in LINKABLE else "" for kind in found}
    return {kind: linked[kind] if mapping.types[kind].relation == "relates" else name for kind, name in found.items()}


def rank_field(loaded: Loaded) -> str:
    """The field that holds the rank of Jira Software; "" where there is none."""
    found = loaded.jira.field_by_schema(RANK)
    return found.id if found else ""


def scope(loaded: Loaded, mapping: Mapping) -> Scope:
    """What the Jira side has to read and make for `mapping`."""
    issues = kinds_of_issue(loaded, mapping)
    types = {kind: infos[0].id for kind, infos in issues.items()}
    versions = {kind: VERSION for kind, line in mapping.types.items() if line.type == VERSION}
    relations = {kind: line.relation for kind, line in mapping.types.items() if line.type != VERSION}
    fields = {line.jira for kind in types for line in mapping.fields.get(kind, ())}
    fields |= {name for name in parents(loaded, mapping).values() if name}
    fields |= {name for kind in types for name in mapping.constants.get(kind, ())}
    typed = any(line.by for line in mapping.types.values()) or fields & set(jira_described.own_options(loaded.jira))
    fields |= {"issuetype"} if typed else set()
    parts = {FIELDS[kind] for kind, line in mapping.parts.items() if line.direction is not Direction.OFF}
    below = frozenset(kind for kind, line in mapping.types.items() if Side.LEFT in creates(kind, line))
    everything = frozenset(fields | parts | {"summary"})
    others = {kind: frozenset(info.id for info in infos) for kind, infos in issues.items()}
    toiled = frozenset(kind for kind in types if counts_below(mapping, kind))
    return Scope(loaded.jira, {**types, **versions}, relations, everything, mapping.screens, below, others, toiled)


def _custom_lines(loaded: Loaded, kind: str, info: TypeInfo | None) -> tuple[FieldLine, ...]:
    """Lines for what both sides call by the same name, and the points."""
    if info is None:
        return ()
    there, takes = jira_described.described(loaded.jira, info), jira_described.writable(info)
    fields = {name: one for name, one in there.items() if name in takes and name in info.fields and not one.read_only}
    here = aha_described.described(kind, loaded.aha.custom_fields)
    return defaults.named_lines(here, fields) + defaults.custom_lines(here, fields)


def default_mapping(loaded: Loaded) -> Mapping:
    """The mapping an ordinary project needs."""
    every = loaded.jira.types.values()
    types = {
        **defaults.higher_types([(one.name, one.level) for one in every if one.level > 0]),
        **defaults.type_lines(
            [one.name for one in every if not one.subtask], [one.name for one in every if one.subtask]
        ),
    }
    usual = {kind: usual_lines(loaded, types, kind) for kind in types}
    fields = {kind: lines for kind, (lines, _) in usual.items()}
    statuses = {kind: table for kind, (_, table) in usual.items() if type_named(loaded, types[kind]) is not None}
    own = [one.id for one in loaded.aha.integrations if one.service in aha_metadata.JIRAS and not one.enabled]
    urls = [custom.key for custom in loaded.aha.custom_fields if custom.type == "url" and custom.kind == "feature"]
    return Mapping(
        types,
        fields,
        statuses,
        defaults.link(own[0] if own else "", urls),
        dict(defaults.PARTS),
        link_types=defaults.link_types(loaded.jira.link_types),
    )


def usual_lines(loaded: Loaded, types: Dict[str, TypeLine], kind: str) -> tuple[tuple[FieldLine, ...], dict[str, str]]:
    """The field lines and the status table that records of `kind` need where they become the type that `types` say."""
    info = type_named(loaded, types[kind])
    lines = (
        *defaults.field_lines(kind, jira_described.writable(info) if info else frozenset()),
        *_custom_lines(loaded, kind, info),
        *defaults.parent_lines(kind, types, _parent_field(loaded, kind, info)),
        *defaults.rank_lines(kind, rank_field(loaded), _aha_rank(info)),
    )
    return lines, defaults.statuses(info.statuses, loaded.aha.statuses.get(kind, ())) if info else {}


def _aha_rank(info: TypeInfo | None) -> str:
    """The number field “Aha! Rank” of a type, by the name Aha!'s own integration gives it; "" for none."""
    fields = info.fields.values() if info else ()
    return next((one.id for one in fields if one.name == "Aha! Rank" and one.type == "number"), "")


def _parent_field(loaded: Loaded, kind: str, info: TypeInfo | None) -> str:
    """The Jira field that says what an issue of a type stands below; "" where there is none."""
    if info is None or info.subtask or loaded.flavour == "cloud":
        return "parent" if info is not None else ""
    link = epic_link(loaded) if kind in BELOW_EPICS else _parent_link(loaded) if kind == "epic" else ""
    return link if link in info.fields else ""
