"""A requirement that is deleted in Aha!: the mapping says whether a person is asked, and what Jira's issue gets."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import look
from tests.path.system import System


def removed(system: System, word: str) -> tuple[Ref, Any]:
    """A feature with two requirements, sent; the first was deleted since."""
    types = system.integration.mapping["types"]
    system.remap(types={**types, "requirement": {**types["requirement"], "removed": word}})
    ref = system.feature("Bell", 2)
    system.send(ref)
    child = system.children(ref)[0]
    system.aha.send("DELETE", f"/requirements/{child.left_id}")
    look(system, ref)
    child.refresh_from_db()
    return ref, child


@pytest.mark.parametrize(("word", "labels"), [("ask", []), ("unlink", []), ("mark", ["deleted-in-aha"])])
def test_a_deleted_requirement_is_followed_as_the_mapping_says(system: System, word: str, labels: list[str]) -> None:
    ref, child = removed(system, word)
    assert child.state == ("asking" if word == "ask" else "gone")
    assert ("ignore it to be told of it no more" in child.remedy) is (word != "ask"), "it is unlinked with its feature"
    assert system.issue(child.right_key)["labels"] == labels
    issues, updated = len(system.site.issues), system.site.issue(child.right_key).updated
    lines = len(system.journal(ref))
    for _ in range(2):
        look(system, ref)
    assert (len(system.site.issues), system.site.issue(child.right_key).updated) == (issues, updated)
    told = [line for line in system.journal(ref)[: len(system.journal(ref)) - lines] if line.level != "info"]
    assert told == []
    names = [one["name"] for one in system.aha.record("features", ref.key)["requirements"]]
    assert names == ["Bell part 2"], "the sub-task that stays does not come back as a requirement"


@pytest.mark.parametrize(("kind", "word"), [("release", "delete"), ("release", "mark"), ("requirement", "burn")])
def test_a_word_that_makes_no_sense_is_refused(cloud: System, kind: str, word: str) -> None:
    from crosswalk.sync.mapping import MappingRefused

    types = cloud.integration.mapping["types"]
    with pytest.raises(MappingRefused, match="Write"):
        cloud.remap(types={**types, kind: {**types[kind], "removed": word}})
