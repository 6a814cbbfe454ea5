"""An edit on one side leaves the other side's untouched blocks as they are, byte for byte: through the whole path."""

from __future__ import annotations

import json
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.files import Desk
from tests.path.looking import assert_quiet, look
from tests.path.system import System

CELL = {"type": "tableCell", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Cell"}]}]}
CLOUD: list[dict[str, Any]] = [
    {"type": "paragraph", "content": [{"type": "text", "text": "Loud"}]},
    {
        "type": "table",
        "attrs": {"layout": "align-start", "width": 700},
        "content": [
            {"type": "tableRow", "content": [{**CELL, "attrs": {"colspan": 2, "colwidth": [120, 90]}}]},
            {"type": "tableRow", "content": [{**CELL, "attrs": {}}, {**CELL, "attrs": {}}]},
        ],
    },
    {
        "type": "extension",
        "attrs": {"extensionType": "com.atlassian.confluence.macro.core", "extensionKey": "toc", "layout": "default"},
    },
    {"type": "embedCard", "attrs": {"url": "https://film.example/cast", "layout": "wide", "width": 80}},
    {
        "type": "paragraph",
        "content": [
            {"type": "text", "text": "Ask "},
            {"type": "mention", "attrs": {"id": "5b10", "text": "@Ann", "accessLevel": "CONTAINER"}},
        ],
    },
]
MARKUP = [
    "Loud",
    "||Head|| ||\n|{color:red}a{color}|b|",
    "{toc:maxLevel=2}",
    "!https://film.example/cast.mp4|width=320,height=200!",
    "Ask [~joe], as *she* knows :-)",
    "{panel:title=Mind|borderStyle=dashed}\ninner\n{panel}",
]
HTML = (
    "<p>Loud</p>",
    '<table><tbody><tr><td colspan="2">Merged</td></tr><tr><td>a</td><td>b</td></tr></tbody></table>',
    '<p>Kept <span style="font-size:18px">large</span></p>',
    "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
)


def in_aha(system: System, ref: Ref) -> str:
    return str(system.aha.record("features", ref.key)["description"]["body"])


def in_jira(system: System, desk: Desk) -> Any:
    """The blocks of the issue's description, in their own form."""
    api = "3" if system.flavour == "cloud" else "2"
    got = desk.jira.get(f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}", params={"fields": "description"})
    text = got.raise_for_status().json()["fields"]["description"]
    return text.split("\n\n") if isinstance(text, str) else text["content"]


def write_in_jira(system: System, desk: Desk, blocks: Any) -> None:
    api, text = "2", "\n\n".join(blocks) if system.flavour == "dc" else None
    if text is None:
        api, text = "3", {"type": "doc", "version": 1, "content": blocks}
    address = f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}"
    desk.jira.put(address, json={"fields": {"description": text}}).raise_for_status()


def test_an_edit_in_aha_leaves_the_rest_of_the_issue_alone(system: System) -> None:
    ref = system.feature("Bell", description="<p>Soft</p>")
    assert system.send(ref).state == "agreed"
    desk = Desk(system, ref)
    write_in_jira(system, desk, CLOUD if system.flavour == "cloud" else MARKUP)
    look(system, ref)
    before = in_jira(system, desk)
    html = in_aha(system, ref)
    assert "Cell" in html or "Head" in html
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": html.replace("Loud", "Very loud", 1)}})
    look(system, ref)
    after = in_jira(system, desk)
    assert "Very loud" in json.dumps(after[0])
    assert after[1:] == before[1:], "a merged cell, a macro, a film, a mention: as they were"
    assert_quiet(system, ref)
    desk.close()


def test_an_edit_in_jira_leaves_the_rest_of_the_feature_alone(system: System) -> None:
    ref = system.feature("Bell", description="".join(HTML))
    assert system.send(ref).state == "agreed"
    desk = Desk(system, ref)
    before = in_aha(system, ref)
    assert "<span>large</span>" in before, "something that no other format carries"
    blocks = json.loads(json.dumps(in_jira(system, desk)).replace("Loud", "Very loud", 1))
    write_in_jira(system, desk, blocks)
    look(system, ref)
    assert in_aha(system, ref) == before.replace("Loud", "Very loud")
    assert_quiet(system, ref)
    desk.close()


def test_both_edit_different_paragraphs_and_keep_both(system: System) -> None:
    ref = system.feature("Bell", description="".join(HTML))
    assert system.send(ref).state == "agreed"
    desk = Desk(system, ref)
    blocks = json.loads(json.dumps(in_jira(system, desk)).replace("Kept", "Held", 1))
    write_in_jira(system, desk, blocks)
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": in_aha(system, ref).replace("Loud", "Softly")}})
    look(system, ref)
    html, text = in_aha(system, ref), json.dumps(in_jira(system, desk))
    assert html.startswith("<p>Softly</p>" + HTML[1])
    for shown in (html, text):
        assert "Held" in shown
        assert "Softly" in shown
        assert "Loud" not in shown
    assert_quiet(system, ref)
    desk.close()
