"""An integration as a YAML file: written from the store, read back with the line of every fault. Pure text in and out.

Secrets never stand in such a file: connections are named, not described.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from crosswalk.errors import Refused
from crosswalk.sync.mapping import SETTINGS, Mapping, MappingRefused, Problem, parse

HEAD = ("integration", "aha", "jira", "enabled")


class FileRefused(Refused):
    """A file that can not be used: every fault as "file:line: where: what, and what to write"."""

    def __init__(self, name: str, faults: list[tuple[int, Problem]]) -> None:
        self.faults = faults
        lines = [f"{name}:{line}: {problem}" for line, problem in sorted(faults, key=lambda fault: fault[0])]
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class IntegrationFile:
    """What a file says: names of connections, keys of workspace and project, and the mapping."""

    integration: str
    aha_connection: str
    workspace: str
    jira_connection: str
    project: str
    mapping: Mapping
    enabled: bool = False

    def as_text(self) -> str:
        """The file's text; `read` gives back an equal value."""
        data: dict[str, Any] = {
            "integration": self.integration,
            "aha": {"connection": self.aha_connection, "workspace": self.workspace},
            "jira": {"connection": self.jira_connection, "project": self.project},
            "enabled": self.enabled,
            **self.mapping.as_data(),
        }
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)


def read(name: str, text: str) -> IntegrationFile:
    """The integration that `text` (of the file `name`) describes. Raises FileRefused, with every fault and its line."""
    data, lines = _load(name, text)
    problems: list[Problem] = []
    head = {key: data.get(key) for key in HEAD}
    for key in data:
        if key not in (*HEAD, *SETTINGS):
            problems.append(Problem(key, "there is no such setting.", f"Known are: {', '.join((*HEAD, *SETTINGS))}."))
    values = {
        "integration": _text(problems, "integration", head["integration"]),
        "aha_connection": _inner(problems, head, "aha", "connection"),
        "workspace": _inner(problems, head, "aha", "workspace"),
        "jira_connection": _inner(problems, head, "jira", "connection"),
        "project": _inner(problems, head, "jira", "project"),
    }
    if not isinstance(head["enabled"], bool | None):
        problems.append(Problem("enabled", "true or false is expected here."))
    mapping = Mapping()
    try:
        mapping = parse({key: data[key] for key in SETTINGS if key in data})
    except MappingRefused as error:
        problems += error.problems
    if problems:
        raise FileRefused(name, [(_line(lines, problem.where), problem) for problem in problems])
    return IntegrationFile(**values, mapping=mapping, enabled=head["enabled"] is True)


def faults_in(name: str, text: str, problems: tuple[Problem, ...]) -> FileRefused:
    """`problems` that were found later (against the project data), with the lines they stand on."""
    _, lines = _load(name, text)
    return FileRefused(name, [(_line(lines, problem.where), problem) for problem in problems])


def _text(problems: list[Problem], where: str, value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    problems.append(Problem(where, "it is missing." if value is None else "a text is expected here."))
    return ""


def _inner(problems: list[Problem], head: dict[str, Any], outer: str, inner: str) -> str:
    table = head[outer]
    if not isinstance(table, dict):
        problems.append(Problem(f"{outer}.{inner}", "it is missing.", f"Add: {outer}: {{{inner}: ...}}"))
        return ""
    return _text(problems, f"{outer}.{inner}", table.get(inner))


def _load(name: str, text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The data of a YAML text, and the line of every place in it."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileRefused(name, [(line, Problem("file", f"it is not YAML: {error.problem}."))]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = Problem("file", f"it is not YAML: the character U+{error.character:04X} may not stand in it.")
        raise FileRefused(name, [(line, problem)]) from None
    except RecursionError:
        raise FileRefused(name, [(1, Problem("file", "its brackets are nested too deeply."))]) from None
    if not isinstance(data, dict) or node is None:
        raise FileRefused(name, [(1, Problem("file", "a table of names and values is expected."))])
    lines: dict[str, int] = {}
    twice: list[tuple[int, Problem]] = []
    _note_lines(node, "", lines, set(), twice)
    if twice:
        raise FileRefused(name, twice)
    return {str(key): value for key, value in data.items()}, lines


def _note_lines(
    node: yaml.Node, path: str, lines: dict[str, int], seen: set[int], twice: list[tuple[int, Problem]]
) -> None:
    """The line of every place below `node`, and every name that stands `twice` in one table: one of the two would be
    passed over. What an alias repeats is noted once: it may even hold itself."""
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            inner = f"{path}.{key.value}".strip(".")
            line = key.start_mark.line + 1
            if key.value in first:
                twice.append(
                    (line, Problem(inner, f"it stands in line {first[key.value]} already.", "Keep one of the two."))
                )
            first.setdefault(str(key.value), line)
            lines.setdefault(inner, line)
            _note_lines(value, inner, lines, seen, twice)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, f"{path}[{index}]", lines, seen, twice)


def _line(lines: dict[str, int], where: str) -> int:
    """The line of `where`, or of the nearest place above it."""
    while where and where not in lines:
        cut = max(where.rfind("."), where.rfind("["))
        where = where[:cut] if cut > 0 else ""
    return lines.get(where, 1)
