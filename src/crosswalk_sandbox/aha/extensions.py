"""Extensions as Aha! takes them in: installed by one multipart request, taken out by name. Runs none of their code.

The form is that of the vendor's aha-cli 1.10.0 (https://www.npmjs.com/package/aha-cli, `extension:install`): what an
extension contributes as JSON, then each script with a name and a source map. What Aha! answers is not documented beyond
what that program reads: anything of 2xx, or 4xx with `errors` by name, or `error`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk_sandbox.aha.call import NOTHING, Call, Table
from crosswalk_sandbox.aha.refusals import Missing, Refusal
from crosswalk_sandbox.aha.show import Json

PLACES = {"attribute", "tab", "page", "panel", "drawer"}
RECORD_TYPES = {"Feature", "Epic", "Requirement"}
CONTRIBUTIONS = {"settings", "views", "commands", "endpoints", "events", "importers"}
_SOURCE = re.compile(r"https?://[\w.*-]+(:\d+)?")


class Unfit(Refusal):
    """422: what is wrong with an extension, by the name of the part."""

    status = 422

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__("the extension can not be installed")
        self.faults = faults

    @property
    def body(self) -> Mapping[str, object]:
        """The JSON body of the answer."""
        return {"errors": self.faults}


@dataclass(slots=True)
class Extension:
    """An installed extension: its code by the name of the contribution it was built for, its settings, its fields.

    `account` holds the settings of everybody, `own` those of a person by e-mail address; `fields` what it stored with a
    record, by the record's id.
    """

    identifier: str
    name: str
    version: str
    configuration: Mapping[str, object]
    scripts: Mapping[str, str]
    account: dict[str, object] = field(default_factory=dict)
    own: dict[str, dict[str, object]] = field(default_factory=dict)
    fields: dict[str, dict[str, object]] = field(default_factory=dict)

    def contributes(self, kind: str) -> Mapping[str, Mapping[str, object]]:
        """What it contributes of a kind (views, commands, settings), by name."""
        given = self.configuration["contributes"]
        return dict(given.get(kind, {})) if isinstance(given, dict) else {}

    def sources(self) -> list[str]:
        """The hosts that its code may reach."""
        given = self.configuration.get("cspSources", [])
        return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []

    def settings(self, person: str) -> dict[str, object]:
        """The settings as they hold for a person: the person's own before everybody's before what is built in."""
        known = self.contributes("settings").items()
        built_in = {name: one["default"] for name, one in known if "default" in one}
        return {**built_in, **self.account, **self.own.get(person, {})}


class Shelf:
    """The extensions of an account."""

    def __init__(self) -> None:
        self.held: dict[str, Extension] = {}

    def find(self, identifier: str) -> Extension:
        """Raises Missing."""
        if identifier not in self.held:
            raise Missing
        return self.held[identifier]

    def install(self, call: Call) -> object:
        """POST: install it, or another version in its place; settings and fields stay."""
        call.administrator()
        given = {name: value for name, value in call.parts if isinstance(value, str)}
        fresh = _read(given, dict(_scripts(call)))
        was = self.held.get(fresh.identifier)
        if was:
            fresh.account, fresh.own, fresh.fields = was.account, was.own, was.fields
        self.held[fresh.identifier] = fresh
        return {"extension": shown(fresh)}

    def uninstall(self, call: Call) -> object:
        """DELETE: take it out, with its settings and fields."""
        call.administrator()
        self.find(call.args["identifier"])
        del self.held[call.args["identifier"]]
        return NOTHING

    def add_to(self, table: Table) -> None:
        """Add the endpoints."""
        table.add("POST /extensions", self.install)
        table.add("DELETE /extensions/{identifier}", self.uninstall)


def shown(one: Extension) -> Json:
    """What is told of an extension; no setting, which may be a secret."""
    return {"identifier": one.identifier, "name": one.name, "version": one.version, "cspSources": one.sources()}


def _scripts(call: Call) -> Iterator[tuple[str, str]]:
    """Each script with the name that came before it."""
    name = ""
    for key, value in call.parts:
        if isinstance(value, str):
            name = value if key.endswith("[name]") and "scripts" in key else name
        elif "script_text" in key:
            yield name, value.data.decode("utf-8", "replace")


def _read(given: Mapping[str, str], scripts: Mapping[str, str]) -> Extension:
    """The extension that was sent. Raises Unfit."""
    identifier, name, version = (given.get(f"extension[{one}]", "") for one in ("identifier", "name", "version"))
    try:
        configuration = json.loads(given.get("extension[configuration]", ""))
    except (ValueError, RecursionError):
        configuration = None
    faults: dict[str, list[str]] = {}
    if not re.fullmatch(r"[\w-]+\.[\w-]+", identifier):
        faults["identifier"] = ["is not of the form organisation.name"]
    if not name or not version:
        faults["extension"] = ["needs a name and a version"]
    if isinstance(configuration, dict):
        faults |= dict(_faults(configuration, scripts))
    else:
        faults["configuration"] = ["is no JSON object"]
    if faults:
        raise Unfit(faults)
    return Extension(identifier, name, version, configuration, scripts)


def _faults(configuration: Mapping[str, object], scripts: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What is wrong, part by part."""
    sources = configuration.get("cspSources", [])
    if not isinstance(sources, list) or not all(isinstance(one, str) and _SOURCE.fullmatch(one) for one in sources):
        yield "cspSources", ["are not addresses of hosts"]
    contributes = configuration.get("contributes")
    if not isinstance(contributes, dict):
        yield "contributes", ["is missing"]
        return
    built: set[object] = set()
    for kind, parts in contributes.items():
        if kind not in CONTRIBUTIONS or not isinstance(parts, dict):
            yield str(kind), ["is nothing that an extension contributes"]
            continue
        for name, part in parts.items():
            words = [] if isinstance(part, dict) else ["is no object"]
            if isinstance(part, dict) and kind != "settings":
                built |= {part.get("entryPoint")} if name in scripts else set()
                words = [*_view(part)] if kind == "views" else words
                words += [] if part.get("entryPoint") in built else ["has no script"]
            if words:
                yield str(name), words


def _view(part: Mapping[str, object]) -> Iterator[str]:
    if part.get("host") not in PLACES:
        yield "stands in no place that there is"
    types = part.get("recordTypes", [])
    if part.get("host") in ("attribute", "tab") and not (isinstance(types, list) and set(types) <= RECORD_TYPES):
        yield "stands beside records that take no extension"
