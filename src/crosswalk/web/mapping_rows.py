"""Rows of the mapping editor, as its templates show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosswalk.merge.records import FieldType
from crosswalk.sync.conversions import AHA_WORDS, JIRA_WORDS
from crosswalk.sync.mapping import Problem


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option of the Aha! field, and the one it is in Jira ("" where equal names are meant)."""

    here: str
    there: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the fields table. `ways` are (word, label, why it can not be chosen); `choices` the names of Jira's
    options, each with a word about the issue types that have it, where not all do."""

    number: int
    data: Mapping[str, Any]
    aha: FieldType | None
    jira: FieldType | None
    ways: Sequence[tuple[str, str, str]]
    says: str
    refused: str
    options: Sequence[OptionRow]
    choices: Sequence[tuple[str, str]]
    faults: Sequence[Problem]
    anchor: str = ""
    document: str = ""
    usual: bool = False
    unit: str = ""

    @property
    def barred(self) -> tuple[str, ...]:
        """Why some directions can not be chosen, where others can."""
        reasons = dict.fromkeys(no for word, _, no in self.ways if no and word != "off")
        return tuple(reasons) if any(not no for word, _, no in self.ways if word != "off") else ()

    @property
    def misnamed(self) -> bool:
        """Whether its name is what is wrong."""
        return any(one.where.endswith(".name") for one in self.faults)

    @property
    def names(self) -> list[str]:
        """The names of Jira's options."""
        return [name for name, _ in self.choices]

    @property
    def aha_word(self) -> str:
        """What kind of field it is in Aha!."""
        word = AHA_WORDS.get(self.aha.holds, self.aha.holds) if self.aha else ""
        return f"{word}, of records counted {self.unit}" if self.unit else word

    @property
    def jira_word(self) -> str:
        """What kind of field it is in Jira."""
        return JIRA_WORDS.get(self.jira.holds, self.jira.holds).partition(" (")[0] if self.jira else ""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status of one side, the chosen one of the other, and what is wrong with it."""

    name: str
    chosen: str
    faults: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """A Jira field that is always set: `needed` where Jira asks for it and nothing else fills it."""

    field: str
    name: str
    value: str
    options: Sequence[str]
    needed: bool
    faults: Sequence[Problem]
