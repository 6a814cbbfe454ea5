"""What a picture in a text of one side becomes on the other: a table of every way to refer to a file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crosswalk.merge.merge import Held, Verdict, merge
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import Rich
from crosswalk.richtext import canonical
from crosswalk.sync.pictures import Pictures
from crosswalk.sync.translate import RichText

AHA, JIRA = "https://co.aha.io/attachments", "https://jira.example.com"
LEFT = (
    Part("71", twin="101", name="plan.png", url=f"{AHA}/71/token/t1.download?size=original"),
    Part("72", twin="", name="large.png", url=f"{AHA}/72/token/t2.download?size=original"),
    Part("73", twin="103", name="odd|name.png", url=f"{AHA}/73/token/t3.download?size=original"),
    Part("74", twin="104", name="twice.png", url=f"{AHA}/74/token/t4.download?size=original"),
)
RIGHT = (
    Part("101", twin="71", name="plan.png", url=f"{JIRA}/secure/attachment/101/plan.png"),
    Part("102", twin="", name="own.png", url=f"{JIRA}/secure/attachment/102/own.png"),
    Part("103", twin="73", name="odd|name.png", url=f"{JIRA}/secure/attachment/103/odd.png"),
    Part("104", twin="74", name="twice.png", url=f"{JIRA}/secure/attachment/104/twice.png"),
    Part("105", twin="", name="twice.png", url=f"{JIRA}/secure/attachment/105/twice.png"),
)
FILES = Pictures(LEFT, RIGHT)


def html(value: str, form: str = "wiki") -> str:
    got = RichText(form, FILES).to_right(Rich("html", value))
    assert isinstance(got, Rich)
    return got.source


def wiki(value: str) -> str:
    got = RichText("wiki", FILES).to_left(Rich("wiki", value))
    assert isinstance(got, Rich)
    return got.source


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (f'<p><img src="{LEFT[0].url}"></p>', "!plan.png!"),
        # The right to read in the address is another one by now, or it is a smaller picture.
        (f'<p><img src="{AHA}/71/token/other.download?size=small" width="30"></p>', "!plan.png|width=30!"),
        ('<p><img src="/attachments/71/token/t1.download"></p>', "!plan.png!"),
        # No copy in Jira: a link to the original.
        (f'<p><img src="{LEFT[1].url}"></p>', f"[large.png|{LEFT[1].url}]"),
        # Markup can not hold the name, or another file of the name is newer: by address.
        (f'<p><img src="{LEFT[2].url}"></p>', f"!{RIGHT[2].url}!"),
        (f'<p><img src="{LEFT[3].url}"></p>', f"!{RIGHT[3].url}!"),
        # Somebody else's picture stays what it is, though its address looks alike.
        (
            '<p><img src="https://else.example.com/attachments/71/x.png"></p>',
            "!https://else.example.com/attachments/71/x.png!",
        ),
        (f'<p>See <a href="{LEFT[0].url}">the plan</a></p>', f"See [the plan|{RIGHT[0].url}]"),
        ('<p><img data-attachment="nowhere.png" alt="nowhere.png"></p>', "!nowhere.png!"),
    ],
)
def test_from_aha_to_markup(shown: str, expected: str) -> None:
    assert html(shown) == expected


def test_from_aha_to_a_document() -> None:
    (block,) = json.loads(html(f'<p><img src="{LEFT[0].url}" alt="a plan"></p>', "adf"))["content"]
    assert block["type"] == "mediaSingle"
    assert block["content"][0]["attrs"] == {"type": "external", "url": RIGHT[0].url, "alt": "a plan"}


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("!plan.png!", f'<p><img src="{LEFT[0].url}"></p>'),
        (f"!{RIGHT[0].url}!", f'<p><img src="{LEFT[0].url}"></p>'),
        ("!own.png!", f'<p><a href="{RIGHT[1].url}">own.png</a></p>'),
        ("[^plan.png]", f'<p><a href="{LEFT[0].url}">plan.png</a></p>'),
        ("see [it|^plan.png]", f'<p>see <a href="{LEFT[0].url}">it</a></p>'),
        ("[^own.png]", f'<p><a href="{RIGHT[1].url}">own.png</a></p>'),
        ("[^nowhere.pdf]", '<p><a class="attachment" data-attachment="nowhere.pdf">nowhere.pdf</a></p>'),
        ("!nowhere.png!", '<p><img data-attachment="nowhere.png" alt="nowhere.png"></p>'),
    ],
)
def test_from_markup_to_aha(shown: str, expected: str) -> None:
    assert wiki(shown) == expected


@pytest.mark.parametrize("shown", ["!nowhere.png!", "Loud !nowhere.png! bell"])
def test_a_picture_is_told_by_name_where_neither_record_has_a_file(shown: str) -> None:
    got = RichText("wiki").to_left(Rich("wiki", shown))
    assert isinstance(got, Rich)
    assert 'alt="nowhere.png"' in got.source


@pytest.mark.parametrize("alt", ["plan.png", ""])
def test_a_media_id_is_known_by_the_name_beside_it(alt: str) -> None:
    media = {
        "type": "media",
        "attrs": {"type": "file", "id": "0a1b", "collection": "", **({"alt": alt} if alt else {})},
    }
    text = {"type": "doc", "version": 1, "content": [{"type": "mediaSingle", "content": [media]}]}
    got = RichText("adf", FILES).to_left(Rich("adf", json.dumps(text)))
    assert isinstance(got, Rich)
    assert (LEFT[0].url in got.source) is bool(alt)


def test_a_text_waits_only_for_files_without_a_copy() -> None:
    form = RichText("wiki", FILES)
    here = Rich("html", f'<p>A</p><p><img src="{LEFT[0].url}"></p>')
    there = Rich("html", f'<p>A</p><p><img src="{LEFT[1].url}"></p>')
    assert form.waiting(Side.LEFT, here) == here
    assert form.waiting(Side.LEFT, there) != there
    assert form.waiting(Side.RIGHT, Rich("wiki", "!own.png!")) != Rich("wiki", "!own.png!")
    assert form.waiting(Side.RIGHT, Rich("wiki", "!plan.png!")) == Rich("wiki", "!plan.png!")


# ---- blocks that differ only by their pictures ------------------------------------------------------

NEW = Part("75", name="new.png", url=f"{AHA}/75/token/t5.download?size=original")
OWN = RIGHT[1]
MEDIA = tuple(replace(part, media=f"0a-{part.id}") for part in RIGHT)


def in_aha(*files: Part, words: str = "") -> str:
    return "".join(f'<p>{words}<img src="{file.url}"></p>' for file in files)


def in_jira(form: str, *files: Part, words: str = "") -> str:
    if form == "wiki":
        return "\n\n".join(f"{words}!{file.url}!" for file in files)
    blocks: list[dict[str, object]] = []
    for file in files:
        attrs = {"type": "file", "id": f"0a-{file.id}", "collection": "", "alt": file.name}
        line = [{"type": "text", "text": words.strip()}] if words else []
        blocks += [{"type": "paragraph", "content": line}] if words else []
        blocks.append(
            {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": attrs}]}
        )
    return canonical({"type": "doc", "version": 1, "content": blocks})


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize("words", ["", "See "])
def test_two_pictures_put_in_at_one_place_both_stay(form: str, words: str) -> None:
    """Somebody puts a picture in on each side; neither file has a copy across yet."""
    got = both_sides(form, ((), ()), ((NEW,), (OWN,)), words)
    assert [NEW.url in text for text in got] == [True, True]
    assert OWN.url in got[0]
    assert OWN.url in got[1] or f"0a-{OWN.id}" in got[1]


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_one_picture_put_in_on_both_sides_is_there_once(form: str) -> None:
    got = both_sides(form, ((), ()), ((LEFT[0],), (RIGHT[0],)), "")
    assert [text.count("<img") + text.count("mediaSingle") + text.count("!http") for text in got] == [1, 1]


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_each_picture_is_laid_beside_its_own_copy(form: str) -> None:
    """The first picture of the base is in Aha! alone; somebody takes the second one out there."""
    got = both_sides(
        form, ((LEFT[1], LEFT[0], LEFT[2]), (RIGHT[0], RIGHT[2])), ((LEFT[1], LEFT[2]), (RIGHT[0], RIGHT[2])), ""
    )
    assert got == (in_aha(LEFT[1], LEFT[2]), in_jira(form, RIGHT[2]))


Shown = tuple[tuple[Part, ...], tuple[Part, ...]]


def both_sides(form: str, was: Shown, now: Shown, words: str) -> tuple[str, str]:
    """What Aha! and Jira hold after the pictures that were shown became others on either side."""
    rule = Rule("Text", "t", "t", translation=RichText(form, Pictures((*LEFT, NEW), MEDIA)))
    left, right = (
        (Rich("html", in_aha(*one, words=words)), Rich(form, in_jira(form, *two, words=words)))
        for one, two in (was, now)
    )
    held = Held.agreed(left=left[0], right=left[1])
    (found,) = merge({"Text": held}, {"t": right[0]}, {"t": right[1]}, [rule])
    assert found.verdict in (Verdict.CARRY, Verdict.AGREED)
    ends = (found.write.get(side, now_) for side, now_ in zip(Side, right, strict=True))
    return tuple(end.source for end in ends if isinstance(end, Rich))
