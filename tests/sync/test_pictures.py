"""What a picture in a text of one side becomes on the other: a table of every way to refer to a file."""

from __future__ import annotations

import json

import pytest

from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Rich
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
        ("!nowhere.png!", '<p><img data-attachment="nowhere.png" alt="nowhere.png"></p>'),
    ],
)
def test_from_markup_to_aha(shown: str, expected: str) -> None:
    assert wiki(shown) == expected


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
