"""The accounts a stand-in Aha! can start with: demo, empty, large, large:N. The same name: the same account, id for id.

The product, the people and every sentence are invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from crosswalk_sandbox.aha import actions, large
from crosswalk_sandbox.aha.definitions import CustomField, Status, Workflow
from crosswalk_sandbox.aha.people import ADMINISTRATOR_ROLES, CONTRIBUTOR, OWNER, VIEWER, User
from crosswalk_sandbox.aha.plots import PLOTS, Plot
from crosswalk_sandbox.aha.state import Account, Integration, Kind, Note, Product, Record
from crosswalk_sandbox.kernel.clock import Clock

OWNER_KEY = "sandbox-aha-owner-key"
REVIEWER_KEY = "sandbox-aha-reviewer-key"
PEOPLE = (
    ("Alice Ng", "alice@example.com", OWNER, OWNER_KEY),
    ("Bruno Costa", "bruno@example.com", CONTRIBUTOR, ""),
    ("Chandra Iyer", "chandra@example.com", CONTRIBUTOR, ""),
    ("Dana Weiss", "dana@example.com", VIEWER, REVIEWER_KEY),
    ("Emil Sand", "emil@example.com", CONTRIBUTOR, ""),
)
# name, complete, colour, category
FEATURE_STATUSES = (
    ("Under consideration", False, "#dce7c6", "initial"),
    ("Ready to develop", False, "#c6d9e7", "initial"),
    ("In development", False, "#ecdd8f", "in_progress"),
    ("Ready to ship", True, "#b0d66e", "done"),
    ("Shipped", True, "#8ab55a", "shipped"),
    ("Will not implement", True, "#d2d2d2", "will_not_implement"),
)
RELEASE_STATUSES = (
    ("Under consideration", False, "#dce7c6", "initial"),
    ("On track", False, "#b0d66e", "in_progress"),
    ("At risk", False, "#ecdd8f", "in_progress"),
    ("Shipped", True, "#8ab55a", "shipped"),
)
AIM_STATUSES = (
    ("Not started", False, "#dce7c6", "initial"),
    ("In progress", False, "#ecdd8f", "in_progress"),
    ("Complete", True, "#b0d66e", "done"),
)
PAGE_STATUSES = (
    ("Draft", False, "#dce7c6", "initial"),
    ("In review", False, "#ecdd8f", "in_progress"),
    ("Published", True, "#b0d66e", "done"),
)
KINDS_OF_WORK = ("New", "Improvement", "Bug fix", "Research")
DEFINITIONS = (
    ("jira_url", "Jira link", "UrlField", ("Feature", "Requirement", "Epic", "Release", "Initiative"), ()),
    ("customer_tier", "Customer tier", "SelectConstant", ("Feature", "Epic"), ("Commuter", "Courier", "Touring")),
    ("acceptance_criteria", "Acceptance criteria", "NoteField", ("Feature", "Requirement"), ()),
    ("confidence", "Confidence", "NumberField", ("Feature",), ()),
    ("promised_on", "Promised on", "DateField", ("Feature",), ()),
    ("platforms", "Platforms", "SelectMultiple", ("Feature",), ("City", "Cargo", "Touring")),
    ("cost_model", "Cost model", "EquationField", ("Feature",), ()),
    ("design_files", "Design files", "AttachmentField", ("Feature",), ()),
)


def account_for(seed: str, clock: Clock) -> Account:
    """The account of that name. Raises ValueError for an unknown one."""
    account = Account(clock)
    product = _ground(account)
    if seed == "demo":
        _demo(account, product)
    elif seed == "empty":
        _release(account, product, "Release 1", 30)
    elif (many := large.size_of(seed)) is not None:
        large.fill(account, product, many, lambda name, days: _release(account, product, name, days))
    else:
        raise ValueError(f"no seed {seed!r}; there are demo, empty, large, large:N")
    account.audits.clear()
    return account


# ---- the ground of every account -----------------------------------------------------------------------


def _ground(account: Account) -> Product:
    now = account.now()
    for name, email, role, key in PEOPLE:
        user = User(account.new_id(), name, email, role, now, now, key)
        user.administers = ADMINISTRATOR_ROLES if role == OWNER else ()
        account.users.append(user)
    note = Note(account.new_id(), "<p>Bicycles that think along.</p>", now, now)
    product = Product(account.new_id(), "FAB", "Fable Bicycles", now, now, note)
    account.products.append(product)
    account.notes[note.id] = note
    features = _workflow(account, "Feature workflow", "Feature", FEATURE_STATUSES)
    features.kinds = [(account.new_id(), name) for name in KINDS_OF_WORK]
    product.workflows = {
        "feature": features,
        "requirement": features,
        "epic": features,
        "release": _workflow(account, "Release workflow", "Release", RELEASE_STATUSES),
        "initiative": _workflow(account, "Initiative workflow", "Initiative", AIM_STATUSES),
        "goal": _workflow(account, "Goal workflow", "StrategicImperative", AIM_STATUSES),
        "page": _workflow(account, "Document workflow", "Page", PAGE_STATUSES),
        "key_result": _workflow(account, "Key result workflow", "KeyResult", AIM_STATUSES),
    }
    # A phase and a to-do have no workflow of their own, and show no status of one.
    product.workflows |= {"release_phase": product.workflows["release"], "task": features}
    custom_role = account.new_id()
    account.custom_roles[custom_role] = "Release manager"
    account.users[-1].custom_roles[product.id] = custom_role
    for key, name, kind, fieldables, options in DEFINITIONS:
        for fieldable in fieldables:
            made = CustomField(account.new_id(), key, name, f"CustomFieldDefinitions::{kind}", fieldable)
            made.options = [(account.new_id(), text, "#666666") for text in options]
            account.custom_fields.append(made)
    callback = "callback0of0the0sandbox000000001"
    jira = Integration(account.new_id(), "jira", "Jira", False, product, callback, now, now, version=2)
    account.integrations[jira.id] = jira
    return product


Statuses = Sequence[tuple[str, bool, str, str]]


def _workflow(account: Account, name: str, statusable: str, statuses: Statuses) -> Workflow:
    made = Workflow(account.new_id(), name, statusable, [])
    for position, (label, complete, color, category) in enumerate(statuses, 1):
        made.statuses.append(Status(account.new_id(), label, position, complete, color, category))
    account.workflows[made.id] = made
    return made


def _make(account: Account, product: Product, kind: Kind, given: Mapping[str, object], **places: Record) -> Record:
    """A record of the seed. `places` are `release` or `parent`, which a write names by its path."""
    record = actions.blank(account, kind, product, account.users[0])
    for attribute, value in places.items():
        setattr(record, attribute, value)
    siblings = record.parent.requirements[-1:] if record.parent else ()
    return actions.create(account, account.users[0], record, given, siblings=siblings)


def _in_days(account: Account, days: int) -> str:
    return (account.now().date() + timedelta(days=days)).isoformat()


def _release(account: Account, product: Product, name: str, days: int, *, parking_lot: bool = False) -> Record:
    given: dict[str, object] = {"name": name, "parking_lot": parking_lot}
    if not parking_lot:
        given |= {"release_date": _in_days(account, days), "start_date": _in_days(account, days - 28)}
    return _make(account, product, "release", given)


# ---- demo ----------------------------------------------------------------------------------------------


def _demo(account: Account, product: Product) -> None:
    releases = [
        _release(account, product, "Spring ride", 28),
        _release(account, product, "Summer tour", 84),
        _release(account, product, "Autumn leaves", 168),
        _release(account, product, "Parking lot", 0, parking_lot=True),
    ]
    texts = (("A ride without worry", "<p>Range, safety and service think along.</p>"), ("More riders", "<p></p>"))
    initiatives = [_make(account, product, "initiative", {"name": name, "description": text}) for name, text in texts]
    _make(account, product, "goal", {"name": "Ten thousand riders", "description": "<p>By next summer.</p>"})
    epics = [
        _make(
            account,
            product,
            "epic",
            {"name": "The bicycle knows the way", "description": "<p>Maps and range.</p>", "tags": "maps"},
            release=releases[0],
        ),
        _make(
            account,
            product,
            "epic",
            {"name": "Safe in the city", "description": "<p>Locks, lights, couriers.</p>"},
            release=releases[1],
        ),
    ]
    for plot in PLOTS:
        feature = _make(account, product, "feature", _given(account, plot), release=releases[plot.release])
        feature.epic = epics[plot.epic] if plot.epic is not None else None
        feature.initiative = initiatives[plot.initiative] if plot.initiative is not None else None
        for name, text in plot.requirements:
            _make(account, product, "requirement", {"name": name, "description": text}, parent=feature)


def _given(account: Account, plot: Plot) -> dict[str, object]:
    given: dict[str, object] = {
        "name": plot.name,
        "workflow_status": plot.status,
        "workflow_kind": plot.kind,
        "description": plot.description,
        "tags": plot.tags,
        "custom_fields": plot.custom,
    }
    if plot.who:
        given["assigned_to_user"] = plot.who
    if plot.due_in is not None:
        given["due_date"] = _in_days(account, plot.due_in)
    if plot.estimate:
        given["original_estimate_text"] = plot.estimate
    return given
