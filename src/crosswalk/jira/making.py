"""Makes issues and versions from drafts: in few requests, and always sure what landed.

A create that Jira refuses (400) was not applied, so the fields it names are left out and it is sent once more. A create
whose answer is lost is never repeated here: the caller looks for its token first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from crosswalk import errors
from crosswalk.errors import RemoteError
from crosswalk.jira import wire
from crosswalk.jira.edits import refused, unknown
from crosswalk.jira.field_forms import behind, gathered, taken_by
from crosswalk.jira.fields import NAME_LIMIT, Unfit, version_wire, wire_value
from crosswalk.jira.metadata import EPIC_NAME, TypeInfo
from crosswalk.jira.project import LINKED, Project
from crosswalk.jira.wire import Json
from crosswalk.jira.wire_errors import remedy_of, words
from crosswalk.merge.records import Draft, Failed, Made, Mark, Ref

NEEDED = frozenset({"project", "issuetype", "summary"})
"""An issue without these is not the one that was meant; nor is a sub-task without its parent."""
MAY_HAVE_LANDED = (errors.Unanswered, errors.ServerFault, errors.Unreadable)


@dataclass(slots=True)
class Attempt:
    """One draft on its way: the fields to send, and what was left out of it so far."""

    draft: Draft
    kind: TypeInfo
    fields: dict[str, Json]
    left_out: dict[str, str] = field(default_factory=dict)
    needed: frozenset[str] = NEEDED

    def body(self) -> dict[str, Json]:
        """The body of the create, with the token in an issue property."""
        mark = self.draft.mark
        value = {
            "token": self.draft.token,
            "record": mark.ref.key or mark.ref.id if mark else "",
            "url": mark.url if mark else "",
        }
        return wire.issue_body(self.fields, properties={wire.PROPERTY: value})


Answer: TypeAlias = Made | Failed
Refusals: TypeAlias = Mapping[int, Mapping[str, str]]
"""Which attempts (by number) were refused, and Jira's words by field; "" for words about no field."""


class Maker:
    """Makes drafts in one project. `marked` is told of issues that show their Aha! record from the beginning."""

    def __init__(self, project: Project, marked: dict[Ref, str]) -> None:
        self._project, self._marked = project, marked
        self._answers: dict[str, Answer] = {}

    def create(self, drafts: Sequence[Draft]) -> list[Answer]:
        """See `crosswalk.sync.ports.RemoteSide.create`."""
        attempts: list[Attempt] = []
        scope = self._project.scope
        for draft in drafts:
            if scope.is_version(draft.kind):
                self._guarded([draft.token], partial(self._make_version, draft))
            elif (kind := scope.type_of(draft)) is None:
                self._answers[draft.token] = Failed(draft.token, _no_type(draft.kind))
            else:
                attempts.append(self._attempt(draft, kind))
        for start in range(0, len(attempts), wire.BULK_CREATE):
            self._make(attempts[start : start + wire.BULK_CREATE], again=True)
        return [self._answers[draft.token] for draft in drafts]

    # ---- issues ----

    def _attempt(self, draft: Draft, kind: TypeInfo) -> Attempt:
        """The fields of a draft as the create takes them. What the create screen does not have is left out."""
        project = self._project
        fields: dict[str, Json] = {"project": {"id": project.id}, "issuetype": {"id": kind.id}}
        attempt = Attempt(draft, kind, fields, needed=NEEDED | {"parent"} if kind.subtask else NEEDED)
        for name, value in draft.fields.items():
            if value is None or value == frozenset() or name in ("project", "issuetype", LINKED):
                continue
            held = project.kinds.get(name)
            wire_form = unknown(name) if held is None else wire_value(held, value, project.flavour)
            if isinstance(wire_form, Unfit):
                attempt.left_out[name] = str(wire_form)
            elif kind.fields and taken_by(name) not in kind.fields and name not in NEEDED | {"parent"}:
                attempt.left_out[name] = refused(f"It is not on the create screen of “{kind.name}”.", name)
            else:
                fields[name] = wire_form
        attempt.fields = fields = gathered(fields)
        self._fill(fields, draft, kind)
        self._hang(fields, draft, kind)
        return attempt

    def _fill(self, fields: dict[str, Json], draft: Draft, kind: TypeInfo) -> None:
        """What Jira wants and nobody mapped: a summary, an epic's name, the Aha! record where its field is there."""
        if not fields.get("summary"):
            title = " ".join(draft.mark.title.split())[:NAME_LIMIT] if draft.mark else ""
            fields["summary"] = title or (f"(untitled) {draft.mark.ref}" if draft.mark else "(untitled)")
        for info in kind.fields.values():
            if info.custom == EPIC_NAME and info.required:
                fields.setdefault(info.id, fields["summary"])
        if draft.mark and self._project.reference in kind.fields:
            fields[self._project.reference] = draft.mark.url

    def _hang(self, fields: dict[str, Json], draft: Draft, kind: TypeInfo) -> None:
        """Put the issue below its parent, where that is a field of the issue."""
        if draft.parent is None or (relation := self._relation(draft, kind)) == "relates":
            return
        if kind.subtask:
            fields["parent"] = {"id": draft.parent.id}
            return
        name, value = self._project.flavour.below_epic(draft.parent, self._project.scope.metadata)
        if name:
            fields[name] = value
        elif relation == "parent":
            fields["parent"] = {"id": draft.parent.id}

    def _relation(self, draft: Draft, kind: TypeInfo) -> str:
        return "parent" if kind.subtask else self._project.scope.relations.get(draft.kind, "relates")

    def _make(self, attempts: list[Attempt], *, again: bool) -> None:
        """Send attempts; those that were refused for fields they can do without are sent once more."""
        if not attempts:
            return
        tokens = [attempt.draft.token for attempt in attempts]
        refusals: Refusals = {}

        def send() -> None:
            nonlocal refusals
            refusals = self._one(attempts[0]) if len(attempts) == 1 else self._several(attempts)

        if not self._guarded(tokens, send):
            return
        repeated = []
        for number, said in refusals.items():
            if again and _give_way(attempts[number], said):
                repeated.append(attempts[number])
            else:
                self._fail(attempts[number], said)
        self._make(repeated, again=False)

    def _one(self, attempt: Attempt) -> Refusals:
        try:
            made = self._project.send(wire.create_issue(self._project.api, attempt.body()))
        except errors.Invalid as error:
            return {0: dict(error.fields) or {"": error.message}}
        if not isinstance(made, dict) or not made.get("id"):
            raise errors.Unreadable(
                "Jira's answer to a create names no issue.",
                remedy="Nothing to do: Crosswalk looks for what was made before it repeats anything.",
                code="N9",
            )
        self._landed(attempt, made)
        return {}

    def _several(self, attempts: Sequence[Attempt]) -> Refusals:
        """A bulk create: the issues that were made come in the order of those that were not refused."""
        try:
            data = self._project.send(wire.create_issues(self._project.api, [attempt.body() for attempt in attempts]))
        except errors.Invalid as error:
            found = _by_number(error.fields)
            return found or {number: {"": error.message} for number in range(len(attempts))}
        found = _by_number(words({"errors": data.get("errors") or []})[1])
        landed = [attempt for number, attempt in enumerate(attempts) if number not in found]
        made = data.get("issues") or []
        if len(made) != len(landed):
            raise errors.Unreadable(
                f"Jira made {len(made)} of {len(attempts)} issues and names {len(found)} as refused.",
                remedy="Nothing to do: Crosswalk looks for what was made before it repeats anything.",
                code="N9",
            )
        for attempt, entry in zip(landed, made, strict=True):
            self._landed(attempt, entry)
        return found

    def _landed(self, attempt: Attempt, made: Mapping[str, Json]) -> None:
        """An issue is there; the link that comes after it can fail without undoing it."""
        draft, project = attempt.draft, self._project
        ref = Ref("issue", str(made["id"]), str(made.get("key") or ""))
        self._answers[draft.token] = Made(draft.token, ref, attempt.left_out)
        if draft.mark and project.reference in attempt.fields:
            self._marked[ref] = draft.mark.url
        try:
            if draft.parent and self._relation(draft, attempt.kind) == "relates":
                project.send(wire.link_issues(project.api, draft.parent.id, ref.id))
        except RemoteError as error:
            attempt.left_out[LINKED] = refused(error.message)

    def _fail(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """An issue that Jira does not make: which field, in Jira's words, and what to do."""
        project, draft = self._project, attempt.draft
        kind = attempt.kind
        lines, remedy, code = [], "", ""
        for name, line in said.items():
            info = kind.fields.get(name) or project.scope.metadata.fields.get(name)
            lines.append(f"{info.name if info else name}: {line}" if name else line)
            remedy, code = remedy_of(line) if not code else (remedy, code)
        record = draft.mark.ref if draft.mark else errors.a_or_an(draft.kind)
        message = f"Jira does not make {errors.a_or_an(kind.name)} of {record}. {' '.join(lines)}"
        error = errors.Invalid(message, fields=said, remedy=remedy, code=code)
        self._answers[draft.token] = Failed(draft.token, error)

    # ---- versions ----

    def _make_version(self, draft: Draft) -> None:
        """A version by the name of the draft: the one that is there (case does not matter), or a new one."""
        project = self._project
        title = {"name": draft.mark.title} if draft.mark else {}  # a version needs a name, whichever way names travel
        wired, unfit = version_wire({**title, **draft.fields})
        left_out = {name: str(words_) for name, words_ in unfit.items()}
        name = str(wired.get("name") or "")
        if not name:
            error = errors.Refused("A release without a name can not become a version.", remedy="Give it a name.")
            self._answers[draft.token] = Failed(draft.token, error)
            return
        if draft.mark and not wired.get("description"):
            wired["description"] = version_note(draft.mark)
        found = next((v for v in project.versions() if str(v.get("name")).casefold() == name.casefold()), None)
        by_name = found is not None
        if found is None:
            new = {key: value for key, value in wired.items() if value != ""}
            try:
                found = project.send(wire.create_version(project.api, project.id, new))
            except (errors.Invalid, errors.Forbidden, errors.NotFound) as error:
                self._answers[draft.token] = Failed(draft.token, _no_version(name, error))
                return
        ref = project.version(found).ref
        self._answers[draft.token] = Made(draft.token, ref, left_out, by_name)
        left_out |= self._complete_version(ref, found, wired)
        if draft.mark and draft.mark.url in str(found.get("description") or ""):
            self._marked[ref] = draft.mark.url

    def _complete_version(self, ref: Ref, found: Mapping[str, Json], wired: Mapping[str, Json]) -> dict[str, str]:
        """Write what the version does not hold yet: a create ignores `released`, a version taken by name has its own
        dates. Its name and its description stay. Says what could not be written.
        """
        kept = {"name"} | ({"description"} if found.get("description") else set())
        rest = {
            name: value
            for name, value in wired.items()
            if name not in kept and value != (found.get(name) or type(value)())
        }
        if not rest:
            return {}
        try:
            self._project.send(wire.update_version(self._project.api, ref.id, rest))
        except RemoteError as error:
            return {name: refused(error.message) for name in rest if name != "description"}
        return {}

    def _guarded(self, tokens: Sequence[str], send: Callable[[], None]) -> bool:
        """Send, and say whether an answer came.

        Once something has landed, an error that surely changed nothing is these drafts' alone: raising it would tell
        the caller that none of them landed.
        """
        try:
            send()
        except RemoteError as error:
            landed = any(isinstance(answer, Made) for answer in self._answers.values())
            if isinstance(error, MAY_HAVE_LANDED) or not landed:
                raise
            self._answers |= {token: Failed(token, error) for token in tokens if token not in self._answers}
            return False
        return True


def _give_way(attempt: Attempt, said: Mapping[str, str]) -> bool:
    """Leave out the fields that Jira refused; False where that would not help."""
    named = [name for name in said if name in attempt.fields]
    if len(named) != len(said) or attempt.needed & set(named):
        return False
    for name in named:
        del attempt.fields[name]
        attempt.left_out |= {each: refused(said[name], name) for each in behind(name)}
    return True


def _by_number(fields: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The words of a bulk create, by the number of the element and the field; see wire_errors.words."""
    found: dict[int, dict[str, str]] = {}
    for name, said in fields.items():
        number, slash, own = name.partition("/")
        if slash and number.isdigit():
            found.setdefault(int(number), {})[own] = said
    return found


def _no_type(kind: str) -> errors.Refused:
    return errors.Refused(
        f"The mapping does not say what {errors.a_or_an(kind)} becomes in Jira, or Jira has that type no longer.",
        remedy="Load the project data, and choose an issue type in the mapping.",
        code="F14",
    )


def _no_version(name: str, error: RemoteError) -> RemoteError:
    """https://developer.atlassian.com/cloud/jira/platform/rest/v3/, operation createVersion: 404 without the right."""
    if isinstance(error, errors.Invalid):
        return errors.Invalid(f"Jira does not make the version “{name}”: {error.message}", fields=error.fields)
    return errors.Forbidden(
        f"The account may not make the version “{name}”: {error.message}",
        remedy="Give the connection's account Administer Projects in Jira, or make the version there by that name.",
        code="A9",
    )


def version_note(mark: Mark) -> str:
    """What the description of a version says about the record it stands for."""
    return f"Planned in Aha!: {mark.url}"
