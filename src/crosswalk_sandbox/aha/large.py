"""The large account: so many features with four requirements each, and all that hangs on them. Drawn from nothing but
numbers, so that it is the same at every start. Every sentence is invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from crosswalk_sandbox.aha import actions
from crosswalk_sandbox.aha.people import CONTRIBUTOR, User
from crosswalk_sandbox.aha.state import Account, Attachment, Kind, Product, Record

FEATURES = 10_000
MOST = 50_000
A_RELEASE = 100
PEOPLE = 60
FILE_EVERY = 4
VERBS = ("Show", "Warm", "Lock", "Count", "Plan", "Share", "Test", "Paint")
THINGS = ("the saddle", "the route", "the battery", "the bell", "the lights", "the frame", "the basket")
TAGS = tuple(
    f"{what}{how}" for what in ("safety", "maps", "battery", "shop", "winter", "courier") for how in ("", " 2027")
)
BODIES = (
    "<p>{name} so that riders notice.</p><ul><li>Part <strong>{part}</strong></li><li>Test {test}</li></ul>",
    "<h3>Why</h3><p>Asked for by {test} riders.</p><h3>What</h3><ol><li>{name}</li><li>Tell <em>all</em></li></ol>",
    '<p>See <a href="https://e.example.com/{test}">{test}</a>: <code>{part}</code>.</p><blockquote>{name}</blockquote>',
    "<table><tbody><tr><th>{name}</th><th>Test</th></tr><tr><td>{part}</td><td><u>{test}</u></td></tr></tbody></table>",
    "<p>{name}.<br>Not before test {test}.</p><pre>part {part}\n  test {test}</pre><hr><p>That is all.</p>",
)


def size_of(seed: str) -> int | None:
    """How many features `large` or `large:N` means; None for any other seed. Raises ValueError for too many."""
    word, colon, number = seed.partition(":")
    if word != "large" or (colon and not number.isdecimal()):
        return None
    many = int(number) if colon and len(number) < 9 else FEATURES if not colon else MOST + 1
    if many > MOST:
        raise ValueError(f"large:{number}: at most {MOST}")
    return many


def fill(account: Account, product: Product, many: int, new_release: Callable[[str, int], Record]) -> None:
    """Put everything into the account."""
    _people(account)
    for tag in TAGS:
        account.tag_id(tag)
    statuses, today = product.workflows["feature"].statuses, account.now().date()
    release = new_release("Release 1", 14)
    for number in range(many):
        if number and number % A_RELEASE == 0:
            release = new_release(f"Release {number // A_RELEASE + 1}", 14 + number // 10)
        feature = _bare(account, product, "feature", f"{VERBS[number % 8]} {THINGS[number % 7]} ({number + 1})", number)
        feature.release, feature.status, feature.position = release, statuses[number % 5], number % A_RELEASE + 1
        feature.status_times[:] = [(feature.status, feature.created_at)]
        feature.tags = [TAGS[number % 12]] if number % 2 else [TAGS[number % 12], TAGS[(number + 5) % 12]]
        feature.due = today + timedelta(days=number % 90) if number % 3 else None
        account.add(feature)
        if number % FILE_EVERY == 0:
            _attach(account, feature, number)
        for step in range(1, 5):
            requirement = _bare(account, product, "requirement", f"{feature.name}: step {step}", number + step)
            requirement.parent, requirement.position = feature, step
            requirement.ref = account.next_ref(product, "requirement", feature)
            feature.requirements.append(requirement)
            account.add(requirement)


def _people(account: Account) -> None:
    now = account.now()
    for number in range(1, PEOPLE + 1):
        name, email = f"Rider {number:02}", f"rider{number:02}@example.com"
        account.users.append(User(account.new_id(), name, email, CONTRIBUTOR, now, now))


def _bare(account: Account, product: Product, kind: Kind, name: str, number: int) -> Record:
    """A record without the detour over a write, because a large account is made of tens of thousands."""
    record = actions.blank(account, kind, product, account.users[0])
    record.name, record.owner = name, account.users[number % len(account.users)]
    record.description.body = BODIES[number % 5].format(name=name, part=number % 10, test=number % 100)
    if kind == "feature":
        record.ref = account.next_ref(product, kind)
    return record


def _attach(account: Account, feature: Record, number: int) -> None:
    """A small text file on the description."""
    note, identity = feature.description, account.new_id()
    token = hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()
    data = f"Measurements of test {number % 100}\n".encode() * 20
    made = Attachment(identity, f"test-{number % 100}.txt", "text/plain", data, token, feature.created_at, note)
    note.attachments.append(made)
    account.attachments[identity] = made
