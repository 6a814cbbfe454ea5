"""The sandbox takes and refuses ADF as Atlassian's own JSON schema does, and says so as Jira does."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.jira import adf_model
from crosswalk_sandbox.jira.adf_model import JIRA, Attributes, Children, Model, Node, anything
from crosswalk_sandbox.jira.richtext import from_adf, html_of
from crosswalk_sandbox.jira.wiki import adf_of

from .adf_documents import Maker, damaged, everything, oracle
from .play import Sandbox


def paragraph(*inline: Any, **more: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(inline), **more}


def block(kind: str, *content: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content)}


def words(text: str = "x", *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def doc(*blocks: Any) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(blocks)}


STRONG, CODE = {"type": "strong"}, {"type": "code"}
LINK = {"type": "link", "attrs": {"href": "https://example.com"}}
CENTER = {"type": "alignment", "attrs": {"align": "center"}}
EXAMPLES: list[tuple[str, Any, bool]] = [
    ("nothing at all", doc(), True),
    ("a paragraph", doc(paragraph(words())), True),
    ("an empty paragraph", doc({"type": "paragraph"}), True),
    ("no version", {"type": "doc", "content": []}, False),
    ("version true", {"type": "doc", "version": True, "content": []}, False),
    ("an empty text", doc(paragraph(words(""))), False),
    ("an unknown node", doc({"type": "paragraf"}), False),
    ("an unknown attribute", doc(paragraph(words(), attrs={"colour": "red"})), False),
    ("an unknown mark", doc(paragraph(words("x", {"type": "bold"}))), False),
    ("code with a link", doc(paragraph(words("x", CODE, LINK))), True),
    ("code with strong", doc(paragraph(words("x", CODE, STRONG))), False),
    ("a link without an address", doc(paragraph(words("x", {"type": "link", "attrs": {}}))), False),
    ("marks on code block text", doc({"type": "codeBlock", "content": [words("x", STRONG)]}), False),
    ("a centred paragraph", doc(paragraph(words(), marks=[CENTER])), True),
    ("a centred paragraph in a quote", doc({"type": "blockquote", "content": [paragraph(marks=[CENTER])]}), False),
    ("a heading in a quote", doc(block("blockquote", {"type": "heading", "attrs": {"level": 1}})), False),
    ("a rule in a list", doc(block("bulletList", block("listItem", {"type": "rule"}))), False),
    ("an empty list", doc({"type": "bulletList", "content": []}), False),
    ("level 7", doc({"type": "heading", "attrs": {"level": 7}}), False),
    ("text beside blocks", doc(words()), False),
]  # fmt: skip


@pytest.mark.parametrize(("document", "good"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_examples(document: Any, good: bool) -> None:
    assert JIRA.valid(document) is good
    assert oracle().is_valid(document) is good


@settings(max_examples=300)
@given(st.integers(0, 2**40))
def test_agrees_with_the_schema_about_whole_and_damaged_documents(seed: int) -> None:
    chance = random.Random(seed)
    document = Maker(chance).document()
    for _ in range(6):
        assert JIRA.valid(document) == oracle().is_valid(document), json.dumps(document)
        if JIRA.valid(document):
            from_adf(document)
            html_of(from_adf(document))
        document = damaged(document, chance)


@cache
def judged() -> dict[str, list[tuple[Any, bool]]]:
    """One of everything, with what the schema says of it."""
    return {kind: [(one, oracle().is_valid(one)) for one in many] for kind, many in everything().items()}


def test_agrees_with_the_schema_about_one_of_everything() -> None:
    for document, verdict in chain(*judged().values()):
        assert JIRA.valid(document) == verdict, json.dumps(document)


def _without(held: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in held.items() if key != name}


def _child_mutants(children: Children) -> Iterator[tuple[str, Children]]:
    for name, groups in children.items():
        yield f"no {name}", _without(children, name)
        if groups is None:
            yield f"marks on {name}", {**children, name: adf_model.NO_MARKS}
        for place, group in enumerate(groups or ()):
            for mark in group:
                less = (*groups[:place], group - {mark}, *groups[place + 1 :]) if groups else ()
                if not any(group <= other for other in less):
                    yield f"{name} without {mark}", {**children, name: less}
            if "border" not in group:
                yield f"{name} with border", {**children, name: (group | {"border"},)}


def _form_mutants(form: Attributes) -> Iterator[tuple[str, Attributes]]:
    for name, check in form.required.items():
        if check is not anything:
            yield f"any {name}", replace(form, required={**form.required, name: anything})
        yield (
            f"{name} not needed",
            replace(form, required=_without(form.required, name), optional={**form.optional, name: check}),
        )
    for name, check in form.optional.items():
        if check is not anything:
            yield f"any {name}", replace(form, optional={**form.optional, name: anything})
        yield f"no {name}", replace(form, optional=_without(form.optional, name))


def _node_mutants(kind: Node) -> Iterator[tuple[str, Node]]:
    yield "bare", replace(kind, bare=not kind.bare)
    for place, form in enumerate(kind.forms):
        for what, other in _form_mutants(form):
            yield f"form {place}: {what}", replace(kind, forms=(*kind.forms[:place], other, *kind.forms[place + 1 :]))
    if kind.children is not None:
        yield "hollow", replace(kind, hollow=not kind.hollow)
        yield "one more needed", replace(kind, least=kind.least + 1)
        for what, children in _child_mutants(kind.children):
            yield what, replace(kind, children=children)


def mutants() -> Iterator[tuple[str, Model]]:
    for what, children in _child_mutants(JIRA.root):
        yield f"doc: {what}", replace(JIRA, root=children)
    for name, kind in JIRA.nodes.items():
        for what, other in _node_mutants(kind):
            yield f"{name}: {what}", replace(JIRA, nodes={**JIRA.nodes, name: other})
    for name, form in JIRA.marks.items():
        for what, changed in _form_mutants(form) if form else ():
            yield f"{name}: {what}", replace(JIRA, marks={**JIRA.marks, name: changed})


def test_planted_faults_in_the_tables_are_found() -> None:
    planted, missed, places = list(mutants()), [], dict[str, int]()
    for what, model in planted:
        kind = what.split(":")[0]
        known, first = judged()[kind], places.get(kind, 0)
        # From where the one before was found: what finds the next one stands near.
        around = (place % len(known) for place in range(first, first + len(known)))
        found = next((place for place in around if model.valid(known[place][0]) != known[place][1]), None)
        if found is None:
            missed.append(what)
        else:
            places[kind] = found
    assert len(planted) > 1000
    assert missed == []


def test_a_document_that_does_not_fit_is_refused_in_the_words_of_jira(cloud: Sandbox) -> None:
    broken = doc({"type": "blockquote", "content": [{"type": "rule"}]})
    whole = {"errorMessages": ["INVALID_INPUT"], "errors": {}}
    for method, path, body in (
        ("PUT", "~/issue/FAB-1", {"fields": {"description": broken, "summary": ""}}),
        ("PUT", "~/issue/FAB-1", {"fields": {"customfield_10032": broken}}),
        ("PUT", "~/issue/FAB-1", {"update": {"environment": [{"set": broken}]}}),
        ("POST", "~/issue/FAB-1/comment", {"body": broken}),
        ("POST", "~/issue/FAB-1/worklog", {"timeSpent": "1h", "comment": broken}),
    ):
        answer = cloud.call(method, path, json=body)
        assert (answer.status_code, answer.json()) == (400, whole), path
    string = cloud.call("PUT", "~/issue/FAB-1", json={"fields": {"description": "plain"}}).json()
    assert string["errors"]["description"].startswith("Operation value must be an Atlassian Document")
    comment = cloud.call("POST", "~/issue/FAB-1/comment", json={"body": "plain"}).json()
    assert comment["errors"] == {"comment": "Comment body is not valid!"}


@pytest.mark.parametrize("wiki", [
    "", "plain", "h2. Why\n\n{quote}\nh3. no heading in a quote\n----\n{quote}", "* a\n** b\n# c", "{panel}\n{panel}",
    "|a|b|\n||c||", "| |", "|", "{code:java}\nx\n{code}", "{quote}\n{code}\nx\n{code}\n|t|\n{quote}", "*_-+x+-_*",
    "{{a *b* c}}", "*{{both}}*", "[text|https://example.com]", "[*bold*|https://example.com]", "[~accountid:712020:1]",
    "{panel}\n{quote}\nx\n{quote}\n{panel}", "{panel}\n|a|\n{panel}", "* {code}\nx", "h1. ", "\\\\", "----\n----",
])  # fmt: skip
def test_what_is_made_of_wiki_fits_too(wiki: str) -> None:
    made = adf_of(wiki)
    assert oracle().is_valid(made), json.dumps(made)


@given(st.lists(st.sampled_from(
    ["h1. a", "* b", "** c", "# d", "|e|f|", "||g||", "|", "----", "{quote}", "{panel}", "{code}", "{code:x}",
     "{noformat}",
     "*b*", "_i_", "{{c}}", "*{{c}}*", "[x|https://e.com]", "[~accountid:1]", "", " ", "-s-", "\\*", "+u {{c}} u+"],
), max_size=8))  # fmt: skip
def test_any_wiki_becomes_a_document_that_fits(lines: list[str]) -> None:
    made = adf_of("\n".join(lines))
    assert oracle().is_valid(made), json.dumps(made)
