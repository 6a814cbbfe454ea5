"""A comment that was edited across, as an edit of what stands here: what nobody touched keeps its form, as in
descriptions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crosswalk.merge.parts import PartDecision
from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.text import Merged, merge_text
from crosswalk.merge.values import MISSING, Maybe, Rich, Value
from crosswalk.sync.translate import RichText

Values = Mapping[Side, Maybe]


def edited(form: RichText, decision: PartDecision) -> Value | Untranslatable:
    """What the part of `decision`, which is there already, has to hold on its side.

    Only the blocks that were edited are written anew, as long as nobody edited this one too; in those, what HTML embeds
    stays where its words do.
    """
    source, target, known, side = decision.source, decision.target, decision.known, decision.side
    assert source is not None
    assert target is not None
    now = {side: target.content, side.other: source.content}
    if known is not None and target.content == known.held.of(side):
        merged = _merged(form, {each: known.held.of(each) for each in Side}, now, side.other)
        if merged is not None and merged.stuck is None and _told_alike(form, merged):
            return _text(form, side, merged.blocks[side], merged.lost[side])
    return _whole(form, now, side)


def _merged(form: RichText, was: Values, now: Values, source: Side) -> Merged | None:
    """The two laid beside each other; None where a text does not come apart."""
    texts: list[dict[Side, tuple[str, ...]]] = [{}, {}]
    for blocks, values in zip(texts, (was, now), strict=True):
        for side, value in values.items():
            split = None if value is MISSING else form.split(side, value)
            if split is None:
                return None
            blocks[side] = split
    before, after = texts
    return merge_text(form, before, after, source)


def _told_alike(form: RichText, merged: Merged) -> bool:
    """Whether both say the same now: an edit that did not follow when it was made is made up for by the whole text."""
    left, right = (" ".join(form.words(side, block) for block in merged.blocks[side]).split() for side in Side)
    return left == right


def _whole(form: RichText, now: Mapping[Side, Value], side: Side) -> Value | Untranslatable:
    """All of the source. What stands there is where the things that it embeds are looked for."""
    blocks, over = form.split(side.other, now[side.other]), form.split(side, now[side])
    if blocks is None or over is None:
        return form.to_right(now[side.other]) if side is Side.RIGHT else form.to_left(now[side.other])
    across = form.carry(side, blocks, over)
    return across if isinstance(across, Untranslatable) else _text(form, side, across.blocks, across.lost)


def _text(form: RichText, side: Side, blocks: tuple[str, ...], lost: tuple[str, ...]) -> Value:
    text = form.join(side, blocks)
    return replace(text, lost=lost) if isinstance(text, Rich) else text
