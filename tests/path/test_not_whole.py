"""What the other side's format can not hold is said: in the plan, once with each write, and on the record (X1)."""

from __future__ import annotations

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync import planfile, service
from tests.path.looking import look, warnings
from tests.path.system import System
from tests.path.test_cli import good
from tests.path.test_deletions import signed_in
from tests.path.test_plan_first import _planned

LARGE = {
    "cloud": ("<blockquote><h2>Mind</h2></blockquote>", "A heading becomes a bold line here."),
    "dc": (
        '<table><tbody><tr><td colspan="2">Wide</td></tr><tr><td>a</td><td>b</td></tr></tbody></table>',
        "A table's look or merged cells are not held, or it becomes lines here.",
    ),
}
PLAIN = "<p>Loud</p>"


def told(system: System, ref: Ref) -> list[str]:
    """What the log says is not held whole."""
    return [f"{line.what} {line.why}" for line in system.journal(ref) if line.code == "X1"]


def write(system: System, ref: Ref, body: str) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": body}})


def test_it_is_said_once_for_each_write_and_stays_on_the_record(system: System) -> None:
    html, words = LARGE[system.flavour]
    ref = system.feature("Bell", description=PLAIN + html)
    assert system.send(ref).state == "agreed", "it holds nobody back"
    line = f"Description of {ref.key} is not held whole in Jira. {words}"
    assert told(system, ref) == [line]
    look(system, ref)
    write(system, ref, PLAIN.replace("Loud", "Very loud") + html)
    look(system, ref)
    assert told(system, ref) == [line], "what is not held was not written anew"
    shown = next(one for one in service.explain(system.pair(ref)) if one["field"] == "Description")
    assert shown["note"].endswith(line)
    assert shown["verdict"] == "unchanged"
    write(system, ref, PLAIN + html.replace("Mind", "Beware").replace("Wide", "Wider"))
    shown = next(one for one in service.explain(system.pair(ref)) if one["field"] == "Description")
    assert shown["note"] == f"Not held in Jira: {words[0].lower()}{words[1:]}"
    look(system, ref)
    assert told(system, ref) == [line, line]
    assert warnings(system, ref) == []


def test_a_text_that_is_held_whole_says_nothing(system: System) -> None:
    ref = system.feature("Bell", description="<p>a <strong>b</strong></p><ul><li>c</li></ul>")
    system.send(ref)
    assert told(system, ref) == []
    assert {one["note"] for one in service.explain(system.pair(ref))} == {""}


def test_a_plan_says_it_before_anything_is_written(system: System) -> None:
    html, words = LARGE[system.flavour]
    ref = system.feature("Bell", description=html)
    said = words.rstrip(".")
    said = said[0].lower() + said[1:]
    plan = _planned(system)
    patch = next(one for one in plan["patches"] if one["record"] == ref.key)
    assert {one["name"]: one["given_up"] for one in patch["changes"] if one["given_up"]} == {"Description": said}
    assert f"Not held in Jira: {said}." in planfile.as_csv(plan)
    assert f"Not held in Jira: {said}." in planfile.written(system.integration, "all", "text")
    assert f"        Not held in Jira: {said}." in service.plan_text(system.integration, [ref])


def test_the_page_the_api_and_the_command_show_it(cloud: System) -> None:
    html, words = LARGE["cloud"]
    ref = cloud.feature("Bell", description=html)
    pair = cloud.send(ref)
    page = signed_in().get(f"/records/{pair.pk}/?compare=now").content.decode()
    assert page.count(words) == 2, "beside the field, and in the history"
    assert words in good("explain", ref.key)


@pytest.mark.parametrize("edits", [1, 2])
def test_a_comment_says_it_too(system: System, edits: int) -> None:
    html, words = LARGE[system.flavour]
    ref = system.feature("Bell")
    system.send(ref)
    made = system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": PLAIN}})["comment"]
    look(system, ref)
    assert told(system, ref) == []
    for number in range(edits):
        edited = html.replace("Mind", f"Mind {number}").replace("Wide", f"Wide {number}")
        system.aha.put(f"/comments/{made['id']}", {"comment": {"body": PLAIN + edited}})
        look(system, ref)
        look(system, ref)
    assert told(system, ref) == [f"A comment of {ref.key} is not held whole in Jira. {words}"] * edits
