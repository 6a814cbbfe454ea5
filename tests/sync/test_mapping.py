"""Mappings as people write them: read, written, and every fault named with its place and line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.rules import Direction, Policy
from crosswalk.merge.values import Choice
from crosswalk.sync import defaults
from crosswalk.sync.files import FileRefused, IntegrationFile, read
from crosswalk.sync.mapping import DIRECTIONS, POLICIES, FieldLine, Link, Mapping, MappingRefused, TypeLine, parse

WORD = st.text("abcdefgh ÄÖ", min_size=1, max_size=8).map(str.strip).filter(bool)
LINE = st.builds(
    FieldLine,
    WORD,
    WORD,
    WORD,
    st.sampled_from(list(DIRECTIONS.values())),
    st.sampled_from(list(POLICIES.values())),
    st.dictionaries(WORD, WORD, max_size=2),
)
LINES = st.lists(LINE, max_size=4, unique_by=(lambda line: line.aha, lambda line: line.jira)).map(tuple)
MAPPING = st.builds(
    Mapping,
    types=st.fixed_dictionaries({"feature": st.builds(TypeLine, WORD)}),
    fields=st.fixed_dictionaries({"feature": LINES}),
    statuses=st.fixed_dictionaries({"feature": st.dictionaries(WORD, WORD, max_size=3)}),
    link=st.builds(Link, st.just(""), st.just("jira_url")),
)
GOOD = """\
integration: Fable
aha: {connection: A, workspace: FAB}
jira: {connection: J, project: FAB}
types:
  feature: Story
  requirement: {type: Sub-task, relation: parent}
fields:
  feature:
  - {name: Name, aha: name, jira: summary}
statuses:
  feature: {To Do: New}
"""


@given(MAPPING)
def test_a_mapping_is_read_back_as_it_was_written(mapping: Mapping) -> None:
    assert parse(mapping.as_data()) == mapping


@given(MAPPING)
def test_a_file_is_read_back_as_it_was_written(mapping: Mapping) -> None:
    written = IntegrationFile("Fable", "A", "FAB", "J", "FAB", mapping, enabled=True)
    assert read("x.yaml", written.as_text()) == written


def test_options_and_constants_are_texts_whatever_yaml_makes_of_them() -> None:
    text = GOOD.replace("jira: summary}", "jira: summary, options: {1: 2, Tin: Blech}}")
    found = read("x.yaml", text + "constants: {feature: {priority: Low, customfield_1: 2027-06-01, customfield_2: 3}}")
    assert found.mapping.fields["feature"][0].options == {"1": "2", "Tin": "Blech"}
    constants = {"priority": "Low", "customfield_1": "2027-06-01", "customfield_2": "3"}
    assert found.mapping.constants == {"feature": constants}
    again = read("x.yaml", found.as_text())
    assert again == found


def test_a_short_file_is_enough() -> None:
    found = read("x.yaml", GOOD).mapping
    assert found.types == {"feature": TypeLine("Story"), "requirement": TypeLine("Sub-task")}
    assert found.fields["feature"] == (FieldLine("Name", "name", "summary", Direction.BOTH, Policy.NEWEST),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("jira: summary", "jira: summary, direction: sideways"), "x.yaml:9: fields.feature[0].direction: “sideways”"),
        (("feature: Story", "feature: {typ: Story}"), "x.yaml:5: types.feature.typ: there is no such setting"),
        (("relation: parent", "relation: cousin"), "x.yaml:6: types.requirement.relation: “cousin” is not known"),
        (("  feature: Story\n", "  bug: Story\n"), "x.yaml:5: types.bug: there is no such setting"),
        (("connection: A", "connection: ''"), "x.yaml:2: aha.connection: a text is expected"),
        (("integration: Fable\n", ""), "x.yaml:1: integration: it is missing"),
        (("feature: {To Do: New}", "feature: [New]"), "x.yaml:11: statuses.feature: a table"),
        (("types:", "tipes:"), "x.yaml:4: tipes: there is no such setting"),
        (("{connection: J, project: FAB}", "somewhere"), "x.yaml:3: jira.connection: it is missing"),
        (("statuses:", "statuses: [}"), "x.yaml:10: file: it is not YAML"),
        (("  feature: {To Do: New}", "  feature: &a {To Do: *a}"), "x.yaml:11: statuses.feature.To Do: "),
        (("feature: {To Do: New}", "feature: " + "[" * 1000), "x.yaml:1: file: its brackets are nested too deeply"),
        (
            ("jira: summary}", "jira: summary}\n  - {aha: name, jira: labels}"),
            "x.yaml:8: fields.feature: the aha field “name” stands in more than one line",
        ),
        (("types:", "enabled: true\nenabled: false\ntypes:"), "x.yaml:5: enabled: it stands in line 4 already"),
        (("{To Do: New}", "{To Do: New, 'To Do': Old}"), "x.yaml:11: statuses.feature.To Do: it stands in line 11"),
        (("statuses:", "statuses:\0"), "x.yaml:10: file: it is not YAML: the character U+0000 may not stand in it"),
    ],
)
def test_every_fault_has_its_line(change: tuple[str, str], said: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read("x.yaml", GOOD.replace(*change, 1))
    assert said in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(MappingRefused) as refused:
        parse({"types": {"feature": 7}, "fields": {"feature": [{"aha": "a"}]}, "colour": "red"})
    assert [problem.where for problem in refused.value.problems] == [
        "colour",
        "types.feature",
        "types.feature.type",
        "fields.feature[0].jira",
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["types", "fields", "feature", "type", "aha"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_nonsense_is_refused_and_never_a_crash(data: object) -> None:
    with suppress(MappingRefused):
        assert isinstance(parse(data), Mapping)


AHA = (Choice("1", "New"), Choice("2", "In design"), Choice("3", "In development"), Choice("4", "Shipped", "done"))


@pytest.mark.parametrize(
    ("jira", "aha"),
    [
        (Choice("a", "To Do", "new"), "New"),
        (Choice("b", "In Progress", "indeterminate"), "In development"),
        (Choice("c", "Done", "done"), "Shipped"),
        (Choice("d", "in design", "indeterminate"), "In design"),  # equal names go first
        (Choice("e", "Odd", ""), "New"),
    ],
)
def test_statuses_go_by_name_and_then_by_category(jira: Choice, aha: str) -> None:
    assert defaults.statuses([jira], AHA) == {jira.name: aha}


@pytest.mark.parametrize(
    ("types", "subtasks", "feature", "requirement"),
    [
        (["Epic", "Story", "Task"], ["Sub-task"], "Story", TypeLine("Sub-task", "parent")),
        (["Task", "Bug"], ["Subtask"], "Task", TypeLine("Subtask", "parent")),
        (["Story", "Task"], [], "Story", TypeLine("Task", "relates")),
        (["Anforderung"], [], "Anforderung", None),
    ],
)
def test_types_an_ordinary_project_needs(
    types: list[str], subtasks: list[str], feature: str, requirement: TypeLine | None
) -> None:
    found = defaults.type_lines(types, subtasks)
    assert found["feature"].type == feature
    assert found.get("requirement") == requirement
