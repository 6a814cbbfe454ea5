"""Changes that somebody makes in a stand-in Aha! while somebody else works with its API.

Each is a verb of `/_sandbox/world` with its way back. Tells nobody: settings are in no activity webhook.
"""

from __future__ import annotations

from crosswalk_sandbox.aha.definitions import CustomField, Status, Workflow
from crosswalk_sandbox.aha.people import VIEWER, User
from crosswalk_sandbox.aha.state import KINDS, Account, Record
from crosswalk_sandbox.kernel.world import Given, Known, Undo, Verb, World, skew_of

FIELD, OPTION = {"field": "a custom field's key or name"}, {"option": "an option's text or id"}
USER, STATUS = {"user": "an e-mail address"}, {"status": "a status's name or id"}
NEW = {"name": "the new name"}


def world_of(account: Account) -> World:
    """Every change this Aha! knows."""
    return World(
        [skew_of(account.clock), *_definitions(account), *_people(account), *_records(account)],
        lambda: _known(account),
    )


def _known(account: Account) -> Known:
    statuses = (status.name for workflow in account.workflows.values() for status in workflow.statuses)
    return {
        "user": [user.email for user in account.users],
        "field": list(dict.fromkeys(field.key for field in account.custom_fields)),
        "option": list(dict.fromkeys(text for field in account.custom_fields for _, text, _ in field.options)),
        "status": list(dict.fromkeys(statuses)),
    }


def _setting(thing: object, attribute: str, value: object) -> Undo:
    """Set an attribute now; the way back sets the old value."""
    before = getattr(thing, attribute)
    setattr(thing, attribute, value)
    return lambda: setattr(thing, attribute, before)


def _all(back: list[Undo]) -> Undo:
    def undo() -> None:
        for one in back:
            one()

    return undo


# ---- custom fields and statuses --------------------------------------------------------------------------


def _fields(account: Account, given: Given) -> list[CustomField]:
    """A custom field is defined once for each record type; a change of it is a change of all."""
    found = [field for field in account.custom_fields if given["field"] in (field.key, field.name)]
    if not found:
        raise ValueError(f"field: there is no {given['field']!r}")
    return found


def _statuses(account: Account, given: Given) -> list[tuple[Workflow, Status]]:
    both = [(workflow, status) for workflow in account.workflows.values() for status in workflow.statuses]
    found = [pair for pair in both if given["status"] in (pair[1].id, pair[1].name)]
    if not found:
        raise ValueError(f"status: there is no {given['status']!r}")
    return found


def _options(account: Account, given: Given, new: str | None) -> Undo:
    """Give an option another text, or take it away for None."""
    back: list[Undo] = []
    for field in _fields(account, given):
        kept = []
        for option_id, text, color in field.options:
            if given["option"] not in (option_id, text):
                kept.append((option_id, text, color))
            elif new is not None:
                kept.append((option_id, new, color))
        if kept != field.options:
            back.append(_setting(field, "options", kept))
    if not back:
        raise ValueError(f"option: {given['field']} has no {given['option']!r}")
    return _all(back)


def _definitions(account: Account) -> list[Verb]:
    def rename_option(given: Given) -> Undo:
        return _options(account, given, given["name"])

    def remove_option(given: Given) -> Undo:
        return _options(account, given, None)

    def remove_field(given: Given) -> Undo:
        gone = _fields(account, given)
        return _setting(account, "custom_fields", [field for field in account.custom_fields if field not in gone])

    def rename_status(given: Given) -> Undo:
        return _all([_setting(status, "name", given["name"]) for _, status in _statuses(account, given)])

    def remove_status(given: Given) -> Undo:
        back = []
        for workflow, gone in _statuses(account, given):
            back.append(_setting(workflow, "statuses", [one for one in workflow.statuses if one is not gone]))
        return _all(back)

    return [
        Verb(
            "rename_option", "An option of a custom field gets another text.", rename_option, {**FIELD, **OPTION, **NEW}
        ),
        Verb("remove_option", "An option can not be chosen any more.", remove_option, {**FIELD, **OPTION}),
        Verb("remove_field", "A custom field is taken off: its values are passed over.", remove_field, FIELD),
        Verb("rename_status", "A workflow status gets another name; its id stays.", rename_status, {**STATUS, **NEW}),
        Verb("remove_status", "A workflow loses a status; records keep it.", remove_status, STATUS),
    ]


# ---- people ----------------------------------------------------------------------------------------------


def _user(account: Account, given: Given) -> User:
    found = account.user(given["user"])
    if found is None:
        raise ValueError(f"user: there is no {given['user']!r}")
    return found


def _people(account: Account) -> list[Verb]:
    def deactivate(given: Given) -> Undo:
        return _setting(_user(account, given), "enabled", False)

    def reduce(given: Given) -> Undo:
        user = _user(account, given)
        if not user.writes:
            raise ValueError(f"user: {user.email} may write nothing as it is")
        return _all([_setting(user, "role", VIEWER), _setting(user, "roles", {})])

    return [
        Verb(
            "deactivate_user",
            "A person is switched off: the key is refused, nothing can be assigned.",
            deactivate,
            USER,
        ),
        Verb("take_permission_away", "A person may only read from now on.", reduce, USER),
    ]


# ---- records ---------------------------------------------------------------------------------------------


def _record(account: Account, given: Given) -> Record:
    found = next((one for one in (account.find(kind, given["record"]) for kind in KINDS) if one is not None), None)
    if found is None:
        raise ValueError(f"record: there is no {given['record']!r}")
    return found


def _records(account: Account) -> list[Verb]:
    def delete(given: Given) -> Undo:
        gone = _record(account, given)
        parent = gone.parent
        before = list(parent.requirements) if parent else []
        account.remove(gone)
        if parent:
            parent.requirements.remove(gone)

        def undo() -> None:
            account.add(gone)
            if parent:
                parent.requirements[:] = before

        return undo

    def renumber(given: Given) -> Undo:
        record, old = _record(account, given), given["record"].upper()
        if record.ref != old or _exists(account, record, given["reference"].upper()):
            raise ValueError(f"reference: {given['reference']!r} can not be taken")
        account.rename_ref(record, given["reference"].upper())
        return lambda: account.rename_ref(record, old)

    record = {"record": "a reference number, e.g. FAB-3"}
    return [
        Verb("delete_record", "A record is gone, without an audit.", delete, record),
        Verb(
            "change_reference",
            "A record gets another reference number, as after a move.",
            renumber,
            {**record, "reference": "the new one"},
        ),
    ]


def _exists(account: Account, record: Record, ref: str) -> bool:
    return account.find(record.kind, ref) is not None
