"""What Jira Cloud and Jira Data Center do differently, as a protocol, and which of the two answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from crosswalk.jira.cloud import Cloud
from crosswalk.jira.datacenter import DataCenter
from crosswalk.jira.metadata import Metadata
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Person, Rich
from crosswalk.remote.request import Request


class Flavour(Protocol):
    """One kind of Jira server.

    `name` is "cloud" or "datacenter"; `rich_format` what long text is kept in, "adf" or "wiki"; `api` the base path;
    `batch` how many issues one read may name; `properties_found` whether a search brings issue properties; `edit_query`
    makes an edit answer with the issue; of the people who may be assigned, `most_assignable` are looked at, in answers
    of `assignable_page`; so many as `assignable_full` in one mean that there may be more. Where these are no pages of
    one list (`assignable_paged`), the others are asked for by how their names begin.
    """

    name: str
    rich_format: str
    api: str
    batch: int
    properties_found: bool
    edit_query: tuple[tuple[str, str], ...]
    most_assignable: int
    assignable_page: int
    assignable_full: int
    assignable_paged: bool

    def read_many(self, ids: Sequence[str], fields: Iterable[str], *, history: bool = False) -> Request:
        """Read up to `batch` issues. Answers `{issues}`, with `history` also what changed in each of them when; those
        that are gone are absent.
        """

    def search(self, jql: str, fields: Iterable[str], after: str) -> Request:
        """A page of a search; `after` is "" for the first, else what `next_page` gave."""

    def search_made(self, jql: str, after: str) -> Request:
        """The same, with the property that carries the token where `properties_found`."""

    def next_page(self, data: Json) -> str:
        """What to ask the next page with; "" after the last."""

    def projects(self, query: str, start: int, /) -> Request:
        """A page of the projects whose name or key contains `query`."""

    def rights(self, project: str) -> Request:
        """What the account may do in a project."""

    def people(self, email: str, start: int = 0) -> Request:
        """A page of people who may have this e-mail address, PEOPLE at most."""

    def account(self, account_id: str) -> Request:
        """One person by exactly this account id."""

    def assignable(self, project: str, start: int, beginning: str = "", /) -> Request:
        """A page of whom issues of the project with this key may be assigned to; or those whose names begin so."""

    def person(self, data: Mapping[str, Json]) -> Person:
        """A user of an answer."""

    def person_to_wire(self, person: Person) -> Json:
        """A user as a field takes one."""

    def rich(self, data: Json) -> Rich | None:
        """Long text of an answer, as stored."""

    def rich_to_wire(self, text: Rich) -> Json:
        """Long text as a field takes it. Raises ValueError for the other flavour's format."""

    def content_path(self, attachment_id: str, name: str, /) -> str:
        """Where the bytes of an attachment lie, below the connection's address."""

    def below_epic(self, epic: Ref, metadata: Metadata, /) -> tuple[str, Json]:
        """The field that puts an issue below an epic, and its value; the field is "" where there is none."""


def flavour_of(server_info: Json) -> Flavour:
    """The flavour that `serverInfo` tells of. Servers before 7 say nothing: they are Data Center's ancestors."""
    kind = server_info.get("deploymentType") if isinstance(server_info, dict) else None
    return Cloud() if kind == "Cloud" else DataCenter()


def flavour_named(name: str) -> Flavour:
    """The flavour kept with a connection. Raises ValueError for any other word."""
    for flavour in (Cloud(), DataCenter()):
        if flavour.name == name:
            return flavour
    raise ValueError(f"no flavour of Jira: {name!r}")
