"""Long texts: a table for the reader, and laws that hold for any two people who edit at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crosswalk.merge.merge import Held, Verdict, merge
from crosswalk.merge.rules import Across, Direction, Policy, Rule, Side, Untranslatable
from crosswalk.merge.text import Merged, merge_text
from crosswalk.merge.values import MISSING, Value

L, R = Side.LEFT, Side.RIGHT


@dataclass(frozen=True)
class Shouting:
    """The left writes words in small letters, one paragraph a line; the right in capitals, and can not hold an "!"."""

    def to_right(self, value: Value) -> Value | Untranslatable:
        return value.upper().replace("!", "") if isinstance(value, str) else None

    def to_left(self, value: Value) -> Value | Untranslatable:
        return value.lower() if isinstance(value, str) else None

    def split(self, side: Side, value: Value) -> tuple[str, ...] | None:
        return () if value is None else tuple(value.split("/")) if isinstance(value, str) else None

    def join(self, side: Side, blocks: tuple[str, ...]) -> Value:
        return "/".join(blocks) or None

    def words(self, side: Side, block: str) -> str:
        return block.lower().replace("!", "")

    def carry(self, to: Side, blocks: tuple[str, ...], over: tuple[str, ...] = ()) -> Across | Untranslatable:
        if "never" in blocks:
            return Untranslatable("no word for it")
        lost = tuple(f"the cry of {b}" for b in blocks if "!" in b and to is R)
        return Across(tuple(b.upper().replace("!", "") if to is R else b.lower() for b in blocks), lost)


FORM = Shouting()

#        base left, base right, left now,  right now,  left after, right after, clash
TABLE = [
    ("a/b/c", "A/B/C", "a/b/c", "A/B/C", "a/b/c", "A/B/C", False),
    ("a/b/c", "A/B/C", "a/x/c", "A/B/C", "a/x/c", "A/X/C", False),
    ("a!/b/c", "A/B/C", "a!/b/c", "A/X/C", "a!/x/c", "A/X/C", False),
    ("a!/b/c", "A/B/C", "a!/b/c", "A/B/X", "a!/b/x", "A/B/X", False),
    ("a/b/c", "A/B/C", "x/b/c", "A/B/Y", "x/b/y", "X/B/Y", False),
    ("a/b/c", "A/B/C", "a/x/c", "A/Y/C", "a/x/c", "A/X/C", True),
    ("a/b/c", "A/B/C", "a/x/c", "A/X/C", "a/x/c", "A/X/C", False),
    ("a/b", "A/B", "a/n/b", "A/M/B", "a/m/n/b", "A/M/N/B", False),
    ("a/b", "A/B", "a/n/b", "A/N/B", "a/n/b", "A/N/B", False),
    ("a/b", "A/B", "a/b/n!", "A/B/N!/M", "a/b/n!/m", "A/B/N!/M", False),
    ("a/b", "A/B", "a/n/x/b", "A/M/X/B", "a/m/n/x/b", "A/M/N/X/B", False),
    ("a/b", "A/B", "a/n/x/n/b", "A/N/B", "a/n/x/n/b", "A/N/X/N/B", False),
    ("a/b", "A/B", "a/b/n", "M/A/B", "m/a/b/n", "M/A/B/N", False),
    ("a/b/c", "A/B/C", "a/c", "A/B/C", "a/c", "A/C", False),
    ("a/b/c", "A/B/C", "a/c", "A/X/C", "a/c", "A/C", True),
    ("a/b/c", "A/B/C", "b/c", "A/B", "b", "B", False),
    ("", "", "a", "", "a", "A", False),
    ("a", "A", "", "A", "", "", False),
    ("a/b", "A/B", "a!/b", "A/X", "a!/x", "A/X", False),
]


def texts(left: str, right: str) -> dict[Side, tuple[str, ...]]:
    return {L: tuple(left.split("/")) if left else (), R: tuple(right.split("/")) if right else ()}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[2]} {row[3]}")
def test_the_table(row: tuple[str, str, str, str, str, str, bool]) -> None:
    merged = merge_text(FORM, texts(row[0], row[1]), texts(row[2], row[3]), L)
    assert ("/".join(merged.blocks[L]), "/".join(merged.blocks[R]), merged.clash) == row[4:]


def test_what_a_form_does_not_hold_is_told_of_what_is_carried_alone() -> None:
    was = texts("a!/b/c", "A/B/C")
    assert merge_text(FORM, was, texts("a!/x/c", "A/B/C"), L).lost == {L: (), R: ()}
    assert merge_text(FORM, was, texts("a!/x!/c", "A/B/C"), L).lost == {L: (), R: ("the cry of x!",)}
    assert merge_text(FORM, was, texts("a!/b/c/n!", "A/B/C/M"), L).lost == {L: (), R: ("the cry of n!",)}
    assert merge_text(FORM, was, texts("a!/x!/c", "A/Y/C"), R).lost == {L: (), R: ()}


RULE = Rule("Text", "text", "text", translation=FORM)


def decided(rule: Rule, held: Held, left: str, right: str) -> tuple[Verdict, Mapping[Side, Value], object]:
    (one,) = merge({"Text": held}, {"text": left}, {"text": right}, [rule])
    return one.verdict, one.write, one.lost


def test_decisions() -> None:
    held = Held.agreed(left="a!/b/c", right="A/B/C")
    assert decided(RULE, held, "a!/b/x", "Y/B/C") == (Verdict.CARRY, {L: "y/b/x", R: "Y/B/X"}, MISSING)
    assert decided(RULE, held, "a!/x/c", "A/B/C") == (Verdict.CARRY, {R: "A/X/C"}, MISSING)
    assert decided(RULE, held, "a!/x/c", "A/Y/C") == (Verdict.CONFLICT, {R: "A/X/C"}, "A/Y/C")
    asking = Rule("Text", "text", "text", policy=Policy.ASK, translation=FORM)
    assert decided(asking, held, "a!/x/c", "A/Y/C")[:2] == (Verdict.ASK, {})
    assert decided(asking, held, "a!/x/c", "A/B/Y")[0] is Verdict.CARRY
    one_way = Rule("Text", "text", "text", Direction.TO_RIGHT, translation=FORM)
    assert decided(one_way, held, "a!/x/c", "A/B/C") == (Verdict.CARRY, {R: "A/X/C"}, MISSING)
    assert decided(one_way, held, "a!/x/c", "A/B/Y") == (Verdict.CARRY, {R: "A/X/C"}, "A/B/Y")
    assert decided(RULE, held, "a!/never/c", "A/B/C")[0] is Verdict.REFUSED


# ---- laws ---------------------------------------------------------------------------------------------

words = st.lists(st.sampled_from("abcd"), max_size=5)
edits = st.lists(
    st.tuples(st.sampled_from(["put", "take", "change"]), st.integers(0, 5), st.sampled_from("xyz")), max_size=3
)


def edited(base: list[str], steps: list[tuple[str, int, str]]) -> list[str]:
    text = list(base)
    for what, place, word in steps:
        if what == "put" or not text:
            text.insert(place % (len(text) + 1), word)
        elif what == "take":
            del text[place % len(text)]
        else:
            text[place % len(text)] = word
    return text


Merge = Callable[..., Merged]
Texts = dict[Side, tuple[str, ...]]


def laws(merging: Merge, budget: int) -> None:
    @settings(max_examples=budget, phases=[Phase.generate], report_multiple_bugs=False)
    @given(words, edits, edits)
    def run(base: list[str], on_left: list[tuple[str, int, str]], on_right: list[tuple[str, int, str]]) -> None:
        was = {L: tuple(base), R: tuple(word.upper() for word in base)}
        left, right = edited(base, on_left), [word.upper() for word in edited(base, on_right)]
        now = {L: tuple(left), R: tuple(right)}
        merged = merging(FORM, was, now, L)
        lower = [word.lower() for word in merged.blocks[R]]
        assert list(merged.blocks[L]) == lower, "the sides differ"
        again = merging(FORM, merged.blocks, merged.blocks, L)
        assert again.blocks == merged.blocks, "a second merge moves something"
        if now[L] == was[L]:
            assert merged.blocks[R] == now[R], "the one who edited alone was not heard"
        if now[R] == was[R]:
            assert merged.blocks[L] == now[L], "the one who edited alone was not heard"
        if not merged.clash:
            new = {word for word in "xyz" if word in left or word.upper() in right}
            assert new <= set(merged.blocks[L]), "somebody's words were lost without a clash"
        mirrored = merging(Swapped(), {L: was[R], R: was[L]}, {L: now[R], R: now[L]}, R)
        assert mirrored.blocks == {L: merged.blocks[R], R: merged.blocks[L]}, "it depends on which side is which"

    run()


class Swapped(Shouting):
    """The same form with the sides swapped."""

    def carry(self, to: Side, blocks: tuple[str, ...], over: tuple[str, ...] = ()) -> Across | Untranslatable:
        return super().carry(to.other, blocks, over)


def test_the_laws_hold() -> None:
    laws(merge_text, 3 * settings().max_examples)


def _left_only(form: Shouting, was: Texts, now: Texts, winner: Side) -> Merged:
    return Merged({L: now[L], R: tuple(word.upper() for word in now[L])})


def _swapped_base(form: Shouting, was: Texts, now: Texts, winner: Side) -> Merged:
    return merge_text(form, {L: (), R: ()}, now, winner)


def _no_clash(form: Shouting, was: Texts, now: Texts, winner: Side) -> Merged:
    return Merged(merge_text(form, was, now, winner).blocks)


def _left_wins(form: Shouting, was: Texts, now: Texts, winner: Side) -> Merged:
    return merge_text(form, was, now, L)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [_left_only, _swapped_base, _no_clash, _left_wins])
def test_a_planted_fault_is_found(wrong: Merge) -> None:
    with pytest.raises(AssertionError):
        laws(wrong, 500)
