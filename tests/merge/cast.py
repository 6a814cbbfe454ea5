"""The small alphabets of these tests: what the left calls a, b, c the right calls x, y, z."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import strategies as st

from crosswalk.merge.merge import Held
from crosswalk.merge.rules import Direction, Policy, Rule, Side, Translation, Untranslatable
from crosswalk.merge.values import MISSING, Maybe, Value

L, R = Side.LEFT, Side.RIGHT
LEFTS: tuple[Value, ...] = (None, "a", "b", "c")
RIGHTS: tuple[Value, ...] = (None, "x", "y", "z")


@dataclass(frozen=True)
class Table:
    """A value map: what is not in it has no counterpart."""

    right_of: Mapping[Value, Value] = field(hash=False)
    left_of: Mapping[Value, Value] = field(hash=False)

    def to_right(self, value: Value) -> Value | Untranslatable:
        return self.right_of[value] if value in self.right_of else Untranslatable(f"no {value}", "Map it.", "M1")

    def to_left(self, value: Value) -> Value | Untranslatable:
        return self.left_of[value] if value in self.left_of else Untranslatable(f"no {value}", "Map it.", "M1")


def one_to_one(pairs: Mapping[Value, Value]) -> Table:
    """The same pairs read in both directions."""
    return Table(dict(pairs), {right: left for left, right in pairs.items()})


FULL = one_to_one({None: None, "a": "x", "b": "y", "c": "z"})
# c and z stand for nothing across.
PARTIAL = one_to_one({None: None, "a": "x", "b": "y"})
# c is sent as y, z is sent as b: several of one side become one of the other.
LOSSY = Table({None: None, "a": "x", "b": "y", "c": "y"}, {None: None, "x": "a", "y": "b", "z": "b"})


def line(
    direction: Direction = Direction.BOTH, policy: Policy = Policy.NEWEST, translation: Translation = FULL
) -> Rule:
    """A rule between the left's field `l` and the right's field `r`."""
    return Rule("f", "l", "r", direction, policy, translation)


def values(alphabet: tuple[Value, ...], *, missing: bool = True) -> st.SearchStrategy[Maybe]:
    """One value of a side."""
    return st.sampled_from([*alphabet, MISSING] if missing else list(alphabet))


def sets(alphabet: tuple[Value, ...]) -> st.SearchStrategy[Maybe]:
    """A set of a side's elements, or nothing."""
    return st.none() | st.frozensets(st.sampled_from([value for value in alphabet if value is not None]))


tables = st.builds(
    Table,
    st.dictionaries(st.sampled_from(LEFTS), st.sampled_from(RIGHTS)),
    st.dictionaries(st.sampled_from(RIGHTS), st.sampled_from(LEFTS)),
)
one_to_ones = st.lists(st.sampled_from(RIGHTS[1:]), max_size=3, unique=True).map(
    lambda rights: one_to_one({None: None, **dict(zip(LEFTS[1:], rights, strict=False))})
)
newer = st.sampled_from([None, L, R])


def lines(translation: st.SearchStrategy[Translation]) -> st.SearchStrategy[Rule]:
    """Every direction and policy over the drawn translations."""
    return st.builds(line, st.sampled_from(Direction), st.sampled_from(Policy), translation)


def helds(left: st.SearchStrategy[Maybe], right: st.SearchStrategy[Maybe]) -> st.SearchStrategy[Held | None]:
    """A base, or first contact."""
    return st.none() | st.builds(lambda a, b: Held.agreed(left=a, right=b), left, right)
