"""Which field goes where, and who is right when both sides changed it. Values only; deciding is merge.py's work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeGuard, runtime_checkable
from zlib import crc32

from crosswalk.merge.values import Value


class Side(StrEnum):
    """The two sides of a pair. The core does not know what stands on either."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The side across."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Direction(StrEnum):
    """Where a field's changes may travel."""

    TO_RIGHT = "to_right"
    TO_LEFT = "to_left"
    BOTH = "both"
    ONCE_TO_RIGHT = "once_to_right"  # written when the pair is made, never compared again
    ONCE_TO_LEFT = "once_to_left"
    OFF = "off"

    def writes(self, side: Side) -> bool:
        """Whether this direction ever lets a value be written on `side`."""
        to_right = (Direction.TO_RIGHT, Direction.ONCE_TO_RIGHT)
        to_left = (Direction.TO_LEFT, Direction.ONCE_TO_LEFT)
        return self is Direction.BOTH or self in (to_right if side is Side.RIGHT else to_left)

    @property
    def once(self) -> bool:
        """Whether the field is written only when a pair is made."""
        return self in (Direction.ONCE_TO_RIGHT, Direction.ONCE_TO_LEFT)

    @property
    def mirrored(self) -> Direction:
        """The same direction seen with the sides swapped."""
        swap = {
            "to_right": "to_left",
            "to_left": "to_right",
            "once_to_right": "once_to_left",
            "once_to_left": "once_to_right",
        }
        return Direction(swap.get(self.value, self.value))


class Policy(StrEnum):
    """Who is right when both sides changed a field apart."""

    NEWEST = "newest"  # the record that was changed last; the left where that is not known
    LEFT = "left"
    RIGHT = "right"
    ASK = "ask"

    @property
    def mirrored(self) -> Policy:
        """The same policy seen with the sides swapped."""
        return {Policy.LEFT: Policy.RIGHT, Policy.RIGHT: Policy.LEFT}.get(self, self)


@dataclass(frozen=True, slots=True)
class Untranslatable:
    """A value that has no counterpart on the other side: why, and what a person can do about it."""

    reason: str
    remedy: str = ""
    code: str = ""


class Translation(Protocol):
    """Turns a value of one side into the other's. Pure: same value in, same value out; never raises.

    It is asked about `None` (empty) too, since clearing travels; of a set it is asked about one element at a time,
    and an element that turns into `None` is left where it is, by intent. It may be partial (`Untranslatable`) and may
    lose something (two values of one side that become the same on the other).
    """

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The right side's form of the left's `value`."""

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The left side's form of the right's `value`."""


@dataclass(frozen=True, slots=True)
class Across:
    """Blocks in the form of the side they go to, and what that form can not hold of them, in words."""

    blocks: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@runtime_checkable
class Blockwise(Protocol):
    """What a translation of long texts can do besides: take them apart, so that they are merged block by block."""

    def split(self, side: Side, value: Value) -> tuple[str, ...] | None:
        """The blocks of a text of `side`, which `join` puts together again to the same text; None for other values."""

    def join(self, side: Side, blocks: tuple[str, ...]) -> Value:
        """The text of `side` that consists of `blocks`; empty (None) without any."""

    def words(self, side: Side, block: str) -> str:
        """The plain words of a block of `side`, and which pictures it shows: equal, if blocks of both sides are."""

    def carry(self, to: Side, blocks: tuple[str, ...], over: tuple[str, ...] = ()) -> Across | Untranslatable:
        """Blocks of the side across in the form of side `to`, where the blocks `over` stand."""


_BLOCKWISE: dict[type, bool] = {}


def is_blockwise(form: object) -> TypeGuard[Blockwise]:
    """Whether a translation is one of long texts. Asked for every field of every run: looked up once for each class."""
    kind = type(form)
    if kind not in _BLOCKWISE:
        _BLOCKWISE[kind] = issubclass(kind, Blockwise)
    return _BLOCKWISE[kind]


class Whole(Protocol):
    """A translation that is asked about a set as one value: a list on one side is a single value on the other.

    Nothing in a list and no value are the same to it.
    """

    whole: bool


class Lossy(Protocol):
    """What a translation can say besides: that a value arrives, but not whole."""

    def loss(self, value: Value, to: Side) -> Untranslatable | None:
        """What side `to` can not hold of `value`, and what a person can do about it; None where it holds all."""


def is_whole(form: object) -> bool:
    """Whether a translation is a Whole. Asked for every field of every run: Python's own way takes long."""
    return hasattr(form, "whole")


def is_lossy(form: object) -> TypeGuard[Lossy]:
    """Whether a translation is a Lossy."""
    return hasattr(form, "loss")


class Same:
    """The translation of fields that both sides write alike."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        """`value` itself."""
        return value

    def to_left(self, value: Value) -> Value | Untranslatable:
        """`value` itself."""
        return value


SAME: Translation = Same()


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A translation seen with the sides swapped."""

    inner: Translation

    def to_right(self, value: Value) -> Value | Untranslatable:
        """What the inner translation gives the left."""
        return self.inner.to_left(value)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """What the inner translation gives the right."""
        return self.inner.to_right(value)


@dataclass(frozen=True, slots=True)
class MirroredBlocks(Mirrored):
    """A translation of long texts seen with the sides swapped."""

    blocks: Blockwise

    def split(self, side: Side, value: Value) -> tuple[str, ...] | None:
        """What the inner translation makes of it on the side across."""
        return self.blocks.split(side.other, value)

    def join(self, side: Side, blocks: tuple[str, ...]) -> Value:
        """What the inner translation makes of it on the side across."""
        return self.blocks.join(side.other, blocks)

    def words(self, side: Side, block: str) -> str:
        """What the inner translation makes of it on the side across."""
        return self.blocks.words(side.other, block)

    def carry(self, to: Side, blocks: tuple[str, ...], over: tuple[str, ...] = ()) -> Across | Untranslatable:
        """What the inner translation makes of it on the side across."""
        return self.blocks.carry(to.other, blocks, over)


@dataclass(frozen=True, slots=True)
class MirroredWhole(Mirrored):
    """A translation of a list as one value, seen with the sides swapped."""

    whole: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a mapping: the field's name on either side, where it travels, and who wins.

    `name` is what people and the journal call the line. A rule whose values are sets (frozenset) is merged element
    by element. A `mark` shows the one record on the other: it is nobody's value, and nobody is asked about it.
    """

    name: str
    left: str
    right: str
    direction: Direction = Direction.BOTH
    policy: Policy = Policy.NEWEST
    translation: Translation = SAME
    mark: bool = False

    def field(self, side: Side) -> str:
        """What the field is called on `side`."""
        return self.left if side is Side.LEFT else self.right

    def translate(self, value: Value, to: Side) -> Value | Untranslatable:
        """What `value`, held by the side across, is called on side `to`."""
        return self.translation.to_right(value) if to is Side.RIGHT else self.translation.to_left(value)

    @property
    def fields(self) -> str:
        """A digest of the two fields, in whatever order: a line that keeps its name may be about others by now."""
        return f"{crc32(' '.join(sorted((self.left, self.right))).encode()):x}"

    @property
    def source(self) -> Side | None:
        """The side that a one-way rule reads from; None where both sides are written, or none."""
        writes = [side for side in Side if self.direction.writes(side)]
        return writes[0].other if len(writes) == 1 else None

    @property
    def mirrored(self) -> Rule:
        """The same rule with the sides swapped."""
        inner = self.translation
        mirrored: Translation = Mirrored(inner)
        if isinstance(inner, Blockwise):
            mirrored = MirroredBlocks(inner, inner)
        elif is_whole(inner):
            mirrored = MirroredWhole(inner)
        return Rule(
            self.name,
            self.right,
            self.left,
            self.direction.mirrored,
            self.policy.mirrored,
            mirrored,
            self.mark,
        )
