"""Comments travel both ways with their author, are edited and removed as the mapping says, and never come back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, only_warning
from tests.path.system import System


def in_aha(system: System, ref: Ref) -> list[str]:
    return [one["body"] for one in system.aha.get(f"/features/{ref.id}/comments")["comments"]]


def in_jira(system: System, ref: Ref) -> list[str]:
    """The comments of the issue as wiki markup."""
    return [one["body"] for one in system.jira.get(f"/issue/{system.pair(ref).right_key}/comment")["comments"]]


def say_in_aha(system: System, ref: Ref, body: str) -> dict[str, Any]:
    return system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": body}})["comment"]


def say_in_jira(system: System, ref: Ref, body: str, **more: Any) -> dict[str, Any]:
    path = f"/issue/{system.pair(ref).right_key}/comment"
    return system.jira.send("POST", path, {"body": body, **more})


def remap(system: System, **changes: Any) -> None:
    line = {**system.integration.mapping["parts"]["comment"], **changes}
    system.remap(parts={**system.integration.mapping["parts"], "comment": line})


@pytest.fixture
def sent(system: System) -> Ref:
    """A feature that was sent; nobody has said anything."""
    ref = system.feature("Bell", description="<p>Loud</p>")
    assert system.send(ref).state == "agreed"
    return ref


def test_what_was_said_before_it_was_sent_goes_along(system: System) -> None:
    ref = system.feature("Bell", 1)
    child = system.aha.record("features", ref.key)["requirements"][0]["id"]
    say_in_aha(system, ref, "<p>How <strong>loud</strong>?</p>")
    system.aha.post(f"/requirements/{child}/comments", {"comment": {"body": "<p>Below</p>"}})
    system.send(ref)
    (copy,) = in_jira(system, ref)
    assert "loud" in copy
    assert copy.startswith(("[Alice Ng in Aha!|", "[Alice Ng in Aha\\!|"))
    (below,) = system.jira.get(f"/issue/{system.children(ref)[0].right_key}/comment")["comments"]
    assert "Below" in below["body"]


def test_both_ways_and_no_echo(system: System, sent: Ref) -> None:
    say_in_aha(system, sent, "<p>From Aha!</p>")
    say_in_jira(system, sent, "From *Jira*")
    look(system, sent)
    aha, jira = in_aha(system, sent), in_jira(system, sent)
    assert (len(aha), len(jira)) == (2, 2)
    assert any("From <strong>Jira</strong>" in body and "in Jira</a>" in body for body in aha)
    for _ in range(3):
        look(system, sent)
    assert (in_aha(system, sent), in_jira(system, sent)) == (aha, jira)


def test_the_first_line_says_who_where_and_when(system: System, sent: Ref) -> None:
    """In UTC, and so on both sides; the moment is that of the original, not of the copy."""
    times = {}
    system.pass_time(3600)
    times["aha"] = say_in_aha(system, sent, "<p>From Aha!</p>")["created_at"]
    system.pass_time(3 * 3600)
    times["jira"] = say_in_jira(system, sent, "From Jira")["created"]
    system.pass_time(2 * 3600)
    look(system, sent)
    shown = {
        side: f"{datetime.fromisoformat(when).astimezone(UTC):%-d %b %Y, %H:%M} UTC" for side, when in times.items()
    }
    assert shown["aha"] != shown["jira"]
    (in_jira_now,) = [body for body in in_jira(system, sent) if "From Aha" in body]
    (in_aha_now,) = [body for body in in_aha(system, sent) if "From Jira" in body]
    assert shown["aha"] in in_jira_now.splitlines()[0]
    assert shown["jira"] in in_aha_now.partition("</p>")[0]


def test_edits_follow_and_the_first_line_stays(system: System, sent: Ref) -> None:
    made = say_in_jira(system, sent, "First")
    look(system, sent)
    system.jira.send("PUT", f"/issue/{system.pair(sent).right_key}/comment/{made['id']}", {"body": "Second"})
    look(system, sent)
    (copy,) = in_aha(system, sent)
    assert "Second" in copy
    assert "First" not in copy
    assert copy.count("in Jira</a>") == 1
    remap(system, edits=False)
    system.jira.send("PUT", f"/issue/{system.pair(sent).right_key}/comment/{made['id']}", {"body": "Third"})
    look(system, sent)
    assert "Second" in in_aha(system, sent)[0]
    remap(system, edits=True)
    look(system, sent)
    assert "Third" in in_aha(system, sent)[0], "as an edit of a field does that was set once"


def test_words_below_a_line_that_somebody_pasted_are_theirs(system: System, sent: Ref) -> None:
    """They were taken for a copy, and never carried. Edits of them travel like all others."""
    say_in_aha(system, sent, "<p>From Aha!</p>")
    look(system, sent)
    key, (copy,) = system.pair(sent).right_key, in_jira(system, sent)
    line = copy.splitlines()[0]
    said = say_in_jira(system, sent, f"{line}\n\nNot so")
    dana = next(one for one in system.site.people.values() if one.name == "dana")
    next(one for one in system.site.issue(key).comments if one.id == said["id"]).author = dana.key
    look(system, sent)
    _, carried = in_aha(system, sent)
    assert "Dana Weiss in Jira" in carried
    assert "Alice Ng in Aha!" in carried
    assert "Not so" in carried
    system.jira.send("PUT", f"/issue/{key}/comment/{said['id']}", {"body": f"{line}\n\nWell, yes"})
    look(system, sent)
    assert "Well, yes" in in_aha(system, sent)[1]
    (_, shown) = system.aha.get(f"/features/{sent.id}/comments")["comments"]
    system.aha.put(f"/comments/{shown['id']}", {"comment": {"body": shown["body"].replace("Well", "Oh")}})
    look(system, sent)
    assert in_jira(system, sent) == [copy, f"{line}\n\nOh, yes"]
    assert_quiet(system, sent)


def test_removals_follow_only_where_the_mapping_says_so(system: System, sent: Ref) -> None:
    first, second = say_in_aha(system, sent, "<p>One</p>"), say_in_aha(system, sent, "<p>Two</p>")
    look(system, sent)
    system.aha.send("DELETE", f"/comments/{first['id']}")
    look(system, sent)
    assert len(in_jira(system, sent)) == 2
    remap(system, removes=True)
    system.aha.send("DELETE", f"/comments/{second['id']}")
    look(system, sent)
    (left,) = in_jira(system, sent)
    assert "One" in left, "what was parted before stays"


def test_what_only_some_may_see_is_not_carried(system: System, sent: Ref) -> None:
    say_in_jira(system, sent, "Between us", visibility={"type": "role", "value": "Administrators"})
    look(system, sent)
    assert in_aha(system, sent) == []
    remap(system, private=True)
    look(system, sent)
    assert "Between us" in in_aha(system, sent)[0]


@pytest.mark.parametrize("begins", ["aha", "jira"])
def test_what_was_said_to_some_alone_after_it_was_carried_stays_there(system: System, sent: Ref, begins: str) -> None:
    (say_in_aha if begins == "aha" else say_in_jira)(system, sent, "To all")
    look(system, sent)
    path = f"/issue/{system.pair(sent).right_key}/comment"
    (comment,) = system.jira.get(path)["comments"]
    shut = {"body": comment["body"] + " and more", "visibility": {"type": "role", "value": "Administrators"}}
    system.jira.send("PUT", f"{path}/{comment['id']}", shut)
    look(system, sent)
    (shown,) = in_aha(system, sent)
    assert "To all" in shown
    assert "and more" not in shown
    assert_quiet(system, sent)
    remap(system, private=True)
    look(system, sent)
    assert "and more" in in_aha(system, sent)[0]


def test_a_lost_answer_makes_one_comment(system: System, sent: Ref) -> None:
    say_in_aha(system, sent, "<p>From Aha!</p>")
    say_in_jira(system, sent, "From Jira")
    for side, path in (("jira", "/comment$"), ("aha", "/comments$")):
        system.fault(side, kind="reset_after", method="POST", path_regex=path)
    for _ in range(4):
        look(system, sent)
        system.pass_time(100)
    assert (len(in_aha(system, sent)), len(in_jira(system, sent))) == (2, 2)


@pytest.mark.parametrize(("side", "path"), [("jira", "/comment$"), ("aha", "/comments$")])
def test_a_copy_without_an_answer_goes_with_its_original(system: System, sent: Ref, side: str, path: str) -> None:
    remap(system, removes=True)
    say = say_in_jira if side == "aha" else say_in_aha
    say(system, sent, "Said too early")
    system.fault(side, kind="reset_after", method="POST", path_regex=path)
    system.wake(system.pair(sent))
    system.drain(1)
    assert (len(in_aha(system, sent)), len(in_jira(system, sent))) == (1, 1)
    if side == "aha":
        number = system.jira.get(f"/issue/{system.pair(sent).right_key}/comment")["comments"][0]["id"]
        system.jira.send("DELETE", f"/issue/{system.pair(sent).right_key}/comment/{number}")
    else:
        (said,) = system.aha.get(f"/features/{sent.id}/comments")["comments"]
        system.aha.send("DELETE", f"/comments/{said['id']}")
    for _ in range(4):
        look(system, sent)
        system.pass_time(100)
    assert (in_aha(system, sent), in_jira(system, sent)) == ([], [])


def test_a_comment_that_is_refused_is_told_and_the_rest_goes_on(system: System, sent: Ref) -> None:
    say_in_aha(system, sent, f"<p>{'long ' * 8000}</p>")
    say_in_aha(system, sent, "<p>short</p>")
    look(system, sent)
    (copy,) = in_jira(system, sent)
    assert "short" in copy
    line = only_warning(system, sent)
    assert line.code == "F7"
    look(system, sent)
    system.forget()
    assert_quiet(system, sent)
    assert not [path for method, path in system.requests("jira") if method == "POST" and path.endswith("/comment")]
