"""A plan prints the same every time, counts what it does, and refuses itself when it would do too much."""

from __future__ import annotations

import json

import pytest

from crosswalk.errors import NeedsPerson
from crosswalk.merge.merge import Held, introduce, merge
from crosswalk.merge.plan import Change, Effect, Kind, Limits, Patch, Plan, draft_fields, plan_new, plan_pair
from crosswalk.merge.records import Draft, Ref
from crosswalk.merge.rules import Direction, Policy, Rule
from crosswalk.merge.values import MISSING
from tests.merge.cast import L, R

NAMES = {L: "Plan", R: "Build"}
RULES = [
    Rule("name", "name", "summary", policy=Policy.RIGHT),
    Rule("status", "state", "status", Direction.TO_LEFT),
    Rule("tags", "tags", "labels"),
]
FEATURE, STORY = Ref("feature", "1", "P-1"), Ref("story", "10", "B-10")


def update(n: int, old: object = "old", new: object = "new", side: object = R) -> Patch:
    return Patch(Kind.UPDATE, side, Ref("story", str(n)), changes=(Change("f", old, new),), pair=str(n))


# ---- from decisions to patches


def test_a_pair_is_patched_once_on_each_side():
    base = {rule.name: Held.agreed(left="a", right="a") for rule in RULES[:2]}
    left = {"name": "mine", "state": "a", "tags": frozenset({"x"})}
    right = {"summary": "yours", "status": "b", "labels": frozenset({"y"})}
    decisions = merge(base, left, right, RULES)
    patches = plan_pair({L: FEATURE, R: STORY}, decisions, pair="7", parents={L: Ref("epic", "9")}, cause="a hook")
    assert [(patch.kind, patch.side, patch.ref) for patch in patches] == [
        (Kind.UPDATE, L, FEATURE),
        (Kind.UPDATE, R, STORY),
    ]
    assert patches[0].fields == {"name": "yours", "state": "b", "tags": frozenset({"x", "y"})}
    assert patches[1].fields == {"labels": frozenset({"x", "y"})}
    assert [(change.rule, change.old, change.lost) for change in patches[0].changes] == [
        ("name", "mine", True),
        ("status", "a", False),
        ("tags", frozenset({"x"}), False),
    ]
    assert [patch.under for patch in patches] == [Ref("epic", "9"), None]
    assert plan_pair({}, merge({}, {}, {}, RULES)) == ()


def test_a_new_record_knows_where_its_fields_come_from():
    decisions = introduce({"name": "n", "state": "open", "tags": None}, L, RULES)
    draft = Draft("story", {**draft_fields(R, decisions), "project": "B"}, token="t1", parent=STORY)
    patch = plan_new(R, draft, decisions)
    assert [(change.field, change.new, change.old, change.rule) for change in patch.changes] == [
        ("summary", "n", MISSING, "name"),
        ("project", "B", MISSING, ""),
    ]
    assert (patch.under, patch.cause, patch.effect) == (STORY, "new record", None)
    assert plan_new(R, draft, decisions, after="t0").under == "t0"


# ---- order


def test_creates_first_and_parents_before_children():
    def create(token: str, after: str = "") -> Patch:
        return plan_new(R, Draft("story", {}, token=token), after=after)

    def delete(n: str, under: Ref | None = None) -> Patch:
        return Patch(Kind.DELETE, R, Ref("story", n), under=under)

    patches = [
        update(2),
        delete("5"),
        delete("6", Ref("story", "5")),
        create("grandchild", "child"),
        Patch(Kind.LINK, R, Ref("story", "3")),
        create("child", "parent"),
        update(1),
        create("parent"),
        create("second"),
    ]
    plan = Plan(patches)
    names = [str(patch.draft.token if patch.draft else patch.ref) for patch in plan.patches]
    assert names == [
        "parent", "second", "child", "grandchild", "story 3", "story 2", "story 1", "story 6", "story 5",
    ]  # fmt: skip
    assert Plan(patches) == plan
    assert Plan(plan.patches) == plan


def test_a_ring_of_parents_does_not_hang():
    ring = [Patch(Kind.UPDATE, R, Ref("s", a), under=Ref("s", b)) for a, b in ("12", "23", "31")]
    assert len(Plan(ring).patches) == 3


# ---- counts, data


def test_counts_and_truth():
    plan = Plan([update(1), update(2), plan_new(R, Draft("story", {}, token="t"))])
    assert plan.counts() == {Kind.CREATE: 1, Kind.UPDATE: 2}
    assert plan
    assert not Plan([])


def test_data_can_be_stored_as_json():
    patches = [
        plan_new(R, Draft("story", {"labels": frozenset({"b", "a"})}, token="t1", parent=STORY)),
        plan_new(R, Draft("sub-task", {}, token="t2"), after="t1"),
        update(1),
    ]
    data = Plan(patches, pairs_known=4).as_data()
    assert json.loads(json.dumps(data)) == data
    assert data["counts"] == {"create": 2, "update": 1}
    assert data["effects"] == {"overwritten": 1}
    assert [patch["under"] for patch in data["patches"]] == [
        {"kind": "story", "id": "10", "key": "B-10"},
        {"token": "t1"},
        None,
    ]
    assert data["patches"][0]["changes"][0]["new"] == {"set": ["a", "b"]}
    assert data["patches"][0]["changes"][0]["old"] == {"missing": True}


# ---- the brake


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (None, "new", None),
        (MISSING, "new", None),
        (frozenset(), frozenset("a"), None),
        (frozenset("a"), frozenset("ab"), None),
        (frozenset("ab"), frozenset("a"), Effect.OVERWRITTEN),
        (frozenset("a"), frozenset("b"), Effect.OVERWRITTEN),
        (frozenset("a"), frozenset(), Effect.EMPTIED),
        ("old", "new", Effect.OVERWRITTEN),
        ("old", "old", None),
        ("old", None, Effect.EMPTIED),
        ("old", frozenset("a"), Effect.OVERWRITTEN),
    ],
)
def test_what_becomes_of_the_old_value(old, new, effect):
    assert Change("f", old, new).effect is effect
    assert update(1, old, new).effect is effect


def test_a_pair_counts_once_by_the_gravest():
    both = [update(1), update(1, new=None, side=L), Patch(Kind.DELETE, R, Ref("story", "2"), pair="2"), update(2)]
    assert Plan(both, 5).effects() == {Effect.EMPTIED: 1, Effect.DELETED: 1}
    nameless = [Patch(Kind.DELETE, R, Ref("story", n)) for n in "12"]
    assert Plan(nameless, 5).effects() == {Effect.DELETED: 2}
    sides = [Patch(Kind.DELETE, L, FEATURE, pair="1"), Patch(Kind.DELETE, R, STORY, pair="1")]
    assert Plan(sides, 5).effects() == {Effect.DELETED: 1}
    two_fields = Patch(Kind.UPDATE, R, STORY, changes=(Change("f", "a", "b"), Change("g", "a", None)))
    assert Plan([two_fields], 5).effects() == {Effect.EMPTIED: 1}


@pytest.mark.parametrize(
    ("hit", "known", "limits", "safe"),
    [
        (9, 9, Limits(), True),  # few records may always be written
        (10, 30, Limits(), False),
        (10, 34, Limits(), True),
        (30, 100, Limits(), True),
        (31, 100, Limits(), False),
        (10, 0, Limits(), False),
        (1, 1, Limits(least=1), False),
        (60, 100, Limits(share=0.6), True),
    ],
)
def test_the_brake(hit, known, limits, safe):
    plan = Plan([update(n) for n in range(hit)], known)
    if safe:
        plan.raise_if_unsafe(limits)
        return
    with pytest.raises(NeedsPerson, match=f"{hit} of {known} known pairs") as refusal:
        plan.raise_if_unsafe(limits)
    assert f"{hit} overwritten" in refusal.value.message
    assert "Approve" in refusal.value.remedy


def test_creates_and_fillings_are_never_braked():
    patches = [plan_new(R, Draft("story", {"f": "n"}, token=str(n))) for n in range(50)]
    Plan([*patches, *(update(n, old=None) for n in range(50))], 50).raise_if_unsafe()
