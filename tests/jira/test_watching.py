"""What changed since the last poll, told in pages while people go on working."""

from __future__ import annotations

from crosswalk.jira.project import Project, Scope
from crosswalk.jira.watching import Watch
from crosswalk.merge.records import Made, Ref
from tests.jira.slow import slowly
from tests.jira.stage import TYPES, Jira, jira
from tests.jira.test_side import draft


def test_none_is_passed_over_while_the_window_moves(each: Jira) -> None:
    """Between two pages the oldest changes leave the window, and others come to its front."""
    side, refs, since = each.side(), list[Ref](), each.clock.now()
    for number in range(6):
        (answer,) = side.create([draft(token=f"t{number}")])
        assert isinstance(answer, Made)
        refs.append(answer.ref)
        each.clock.advance(60)
    each.clock.advance(30)
    slow = slowly(each, lambda: side.create([draft(token="later")]))
    watch = Watch(Project(each.client, slow, Scope(each.metadata, TYPES, {})), lambda _: {}, each.clock.now)
    changes = watch.changed(since.isoformat())
    assert set(refs) <= set(changes.refs)


def test_a_second_change_in_the_second_of_a_poll_is_told() -> None:
    """A search on Data Center tells the second of the last change only."""
    with jira("dc") as dc:
        (made,) = dc.side().create([draft(token="t")])
        assert isinstance(made, Made)
        dc.clock.advance(120 - dc.clock.now().microsecond / 1e6)
        watch = Watch(Project(dc.client, dc.flavour, Scope(dc.metadata, TYPES, {})), lambda _: {}, dc.clock.now)
        cursor, told = dc.clock.now().isoformat(), []
        for number, seconds in enumerate((0.1, 4, 30, 30)):
            if number < 2:
                dc.person("PUT", f"/issue/{made.ref.key}", {"fields": {"summary": f"After {number}"}})
            changes = watch.changed(cursor)
            cursor = changes.cursor
            told.append(made.ref.id in [ref.id for ref in changes.refs])
            dc.clock.advance(seconds)
        assert told == [True, True, True, False]
