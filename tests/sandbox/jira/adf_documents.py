"""Documents made from the vendor's JSON schema of ADF itself, whole and damaged; independent of the sandbox."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

FILE = Path(__file__).parents[2] / "richtext" / "data" / "adf-schema-full.json"
STRINGS = ("a", "\n", "", "wide", "center", "file", "external", "TODO", "DONE", "sub", "#00ff0a", "#00FF0A80", "info")
ODD = (*STRINGS, 0, 1, 2, 3, 6, 7, 101, -1, 2.5, True, False, None, [], {}, [1], ["a"], {"type": "text", "text": "x"})


@functools.cache
def schema() -> Any:
    """The vendor's schema with the two places closed that it leaves open by how it is made:

    - a block task item names its first two children by position, and with that allows anything after them;
    - a synced block lists the base forms of some children, whose marks and content are left open.
    """
    found = json.loads(FILE.read_text(encoding="utf-8"))
    nodes = found["definitions"]
    nodes["blockTaskItem_node"]["properties"]["content"]["items"] = {
        "anyOf": nodes["blockTaskItem_node"]["properties"]["content"]["items"][0]["anyOf"]
    }
    children = nodes["bodiedSyncBlock_node"]["properties"]["content"]["items"]["anyOf"]
    loose = {f"#/definitions/{name}_node" for name in ("paragraph", "heading", "mediaSingle", "layoutSection")}
    children[:] = [child for child in children if child["$ref"] not in loose]
    return found


@functools.cache
def oracle() -> Any:
    return jsonschema_rs.validator_for(schema())


@functools.cache
def distances(target: str) -> dict[str, int]:
    """How many steps lead from each definition to this one; none for those from which no way leads."""
    into: dict[str, set[str]] = {}
    for name, part in schema()["definitions"].items():
        for other in refs(part):
            into.setdefault(other, set()).add(name)
    out, edge = {target: 0}, [target]
    while edge:
        near = {name for other in edge for name in into.get(other, ())} - set(out)
        out |= dict.fromkeys(near, out[edge[0]] + 1)
        edge = sorted(near)
    return out


def refs(part: Any) -> set[str]:
    """The definitions a part of the schema names."""
    return set(re.findall(r'"#/definitions/(\w+)"', json.dumps(part)))


class Maker:
    """Makes a document that the schema allows, by chance, on the way to a definition; what is not on the way stays
    small."""

    def __init__(self, chance: random.Random, target: str = "") -> None:
        self.chance = chance
        self.steps = distances(target or chance.choice(sorted(schema()["definitions"])))
        self.arrived = False

    def document(self) -> Any:
        return self.make({"$ref": "#/definitions/doc_node"}, 0)

    def way(self, part: Any) -> int:
        """How far the target is through this part; 99 where it is not, or is reached already."""
        return 99 if self.arrived else min((self.steps.get(name, 99) for name in refs(part)), default=99)

    def make(self, part: Any, depth: int) -> Any:
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            self.arrived = self.arrived or self.steps.get(name) == 0
            return self.make(schema()["definitions"][name], depth)
        if "anyOf" in part:
            nearest = min(self.way(one) for one in part["anyOf"])
            return self.make(self.chance.choice([one for one in part["anyOf"] if self.way(one) == nearest]), depth)
        if "allOf" in part:
            self.arrived = self.arrived or any(self.way(one) == 0 for one in part["allOf"])
            first, second = (self.whole(one) for one in part["allOf"])
            names = {**first.get("properties", {}), **second.get("properties", {})}
            needed = {*first.get("required", ()), *second.get("required", ())}
            return self.thing({"properties": names, "required": sorted(needed)}, depth)
        if "enum" in part:
            return self.chance.choice(part["enum"])
        makers = {"object": self.thing, "array": self.several, "string": self.words, "number": self.amount}
        if part.get("type") == "boolean":
            return self.chance.random() < 0.5
        return makers[part["type"]](part, depth) if "type" in part else self.chance.choice(ODD)

    def whole(self, part: Any) -> Any:
        return schema()["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part

    def thing(self, part: Any, depth: int) -> Any:
        needed, likely = part.get("required", ()), 0.4 if depth < 9 else 0.1
        return {
            name: self.make(inner, depth)
            for name, inner in part["properties"].items()
            if name in needed or self.way(inner) < 99 or self.chance.random() < likely
        }

    def several(self, part: Any, depth: int) -> Any:
        least, items = part.get("minItems", 0), part.get("items", {})
        most = part.get("maxItems", least + (1 if depth < 9 else 0))
        count = max(self.chance.randint(least, most), 1 if self.way(items) < 99 else 0)
        if isinstance(items, list):
            count = max([min(count, len(items)), *(place + 1 for place, one in enumerate(items) if self.way(one) < 99)])
            return [self.make(items[place], depth + 1) for place in range(count)]
        return [self.make(items, depth + 1) for _ in range(count)]

    def words(self, part: Any, _depth: int) -> str:
        if "pattern" in part:
            return "#00ff0a" if "purple" not in part["pattern"] else self.chance.choice(["neutral", "red", "#00ff0a"])
        return self.chance.choice([word for word in STRINGS if len(word) >= part.get("minLength", 0)])

    def amount(self, part: Any, _depth: int) -> float:
        low = part.get("minimum", 0)
        return self.chance.choice([low, min(low + 1.5, part.get("maximum", 100)), part.get("maximum", 100)])


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a document."""
    out: list[tuple[Any, Any]] = []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inside:
        out.append((value, key))
        out += spots(child)
    return out


def damaged(document: Any, chance: random.Random) -> Any:
    """The document with one thing changed: gone, replaced, copied elsewhere, or one key more. It may still be valid."""
    out = copy.deepcopy(document)
    places = spots(out)
    if not places:
        return out
    box, key = chance.choice(places)
    kind = chance.randrange(5)
    if kind == 0:
        del box[key]
    elif kind == 1:
        box[key] = chance.choice(ODD)
    elif kind == 2:
        other, place = chance.choice(places)
        box[key] = copy.deepcopy(other[place])
    elif kind == 3 and isinstance(box, dict):
        name = chance.choice(["marks", "attrs", "content", "text", "localId", "type", "url", "x", "title", "level"])
        box[name] = copy.deepcopy(chance.choice([*ODD, [{"type": "strong"}], [{"type": "code"}], {"localId": "a"}]))
    elif isinstance(box, list):
        box.insert(key, copy.deepcopy(chance.choice(places)[0]))
    return out


# ---- one of everything, in place after place


@functools.cache
def kinds(suffix: str) -> dict[str, Any]:
    """The base form of each node or mark by its type. The two whose content only a variant states get it here."""
    found = {
        part["properties"]["type"]["enum"][0]: copy.deepcopy(part)
        for name, part in schema()["definitions"].items()
        if name.endswith(suffix) and "properties" in part and "root_only" not in name
    }
    if suffix == "_node":
        media, column = ({"$ref": f"#/definitions/{name}_node"} for name in ("media", "layoutColumn"))
        for kind, items, least in (("mediaSingle", media, 1), ("layoutSection", column, 2)):
            found[kind]["properties"]["content"] = {"type": "array", "items": items, "minItems": least}
            found[kind]["required"] = [*found[kind]["required"], "content"]
    return found


def sample(part: Any, *, full: bool, alternative: int = 0) -> Any:
    """A value with every optional part, or with none."""
    if "$ref" in part:
        return sample(schema()["definitions"][part["$ref"].rpartition("/")[2]], full=full)
    if "anyOf" in part:
        return sample(part["anyOf"][min(alternative, len(part["anyOf"]) - 1)], full=full)
    if "allOf" in part:
        names = {}
        for one in part["allOf"]:
            names |= sample(one, full=full)
        return names
    if "enum" in part:
        return part["enum"][0]
    if part.get("type") == "object":
        inner = {name: one for name, one in part.get("properties", {}).items() if name != "marks"}
        return {
            name: sample(one, full=full, alternative=alternative)
            for name, one in inner.items()
            if name in part.get("required", ()) or (full and name != "content")
        }
    if part.get("type") == "array":
        items = part.get("items", {})
        first = items[0] if isinstance(items, list) else items
        return [sample(first, full=False) for _ in range(part.get("minItems", 0))]
    chance = Maker(random.Random(1), "doc_node")
    return True if part.get("type") == "boolean" else chance.make(part, 9) if "type" in part else 1


def samples(part: Any) -> list[Any]:
    """A node or mark with everything and with nothing optional, for each form its attributes may take."""
    forms = len(part["properties"].get("attrs", {}).get("anyOf", [1]))
    return [sample(part, full=full, alternative=form) for form in range(forms) for full in (True, False)]


def frame(kind: str) -> tuple[Any, Any, Any]:
    """A document in which a node of this kind stands, with the container and key of the node."""
    if kind == "doc":
        box = {"it": sample(schema()["definitions"]["doc_node"], full=False)}
        return box, box, "it"
    target = next(
        name
        for name, part in schema()["definitions"].items()
        if name.endswith("_node") and part.get("properties", {}).get("type") == {"enum": [kind]}
    )
    for seed in itertools.count():
        document = Maker(random.Random(seed), target).document()
        for box, key in spots(document) if oracle().is_valid(document) else ():
            if isinstance(box, list) and isinstance(box[key], dict) and box[key].get("type") == kind:
                return document, box, key
    raise AssertionError(kind)


def altered(node: Any) -> Iterator[Any]:
    """The node, and the node with each attribute gone or odd, with one more, and with its content gone or doubled."""
    yield node
    attrs = node.get("attrs", {})
    for name in attrs:
        rest = {key: value for key, value in attrs.items() if key != name}
        large = {key: 1000 for key, value in rest.items() if isinstance(value, int | float)}
        yield {**node, "attrs": rest}
        yield {**node, "attrs": {**rest, **large}}
        yield from ({**node, "attrs": {**attrs, name: odd}} for odd in ODD)
    yield {**node, "attrs": {**attrs, "unknown": 1}}
    yield from ({key: value for key, value in node.items() if key != name} for name in node if name != "type")
    yield {**node, "unknown": 1}
    yield {**node, "content": []}
    yield from ({**node, "content": node.get("content", [])[:1] * times} for times in (1, 2, 3, 4))


@functools.cache
def everything() -> dict[str, list[Any]]:
    """Documents about each kind of node: its own shape altered, and every node as its child under every mark. By kind
    of node and of mark."""
    nodes, marks = kinds("_node"), {name: sample(part, full=True) for name, part in kinds("_mark").items()}
    out: dict[str, list[Any]] = {name: [] for name in [*nodes, *marks]}
    for kind, part in nodes.items():
        document, box, key = frame(kind)

        def put(node: Any, document: Any = document, box: Any = box, key: Any = key) -> Any:
            before, box[key] = box[key], node
            made = copy.deepcopy(document.get("it", document))
            box[key] = before
            return made

        out[kind] += [put(other) for node in samples(part) for other in altered(node)]
        if "content" not in part["properties"]:
            continue
        held = {**sample(part, full=False), "content": []}
        lead = {"mediaSingle": ["media"], "layoutSection": ["layoutColumn"]}.get(kind, [])
        before = [sample(nodes[name], full=False) for name in lead]
        for child in (one for inner in nodes.values() for one in samples(inner)[-1:]):
            pairs = itertools.combinations(marks.values(), 2) if child["type"] in ("text", "paragraph") else ()
            for given in (None, [], *([mark] for mark in marks.values()), *(list(pair) for pair in pairs)):
                marked = child if given is None else {**child, "marks": given}
                rows = [[marked], [*before, marked]] if before else [[marked]]
                out[kind] += [put({**held, "content": row}) for row in rows]
    for name, mark in marks.items():
        document = next(
            one for bucket in list(out.values()) for one in bucket
            if any(box[key] == [mark] and key == "marks" for box, key in spots(one)) and oracle().is_valid(one)
        )  # fmt: skip
        document = copy.deepcopy(document)
        box, key = next((box, key) for box, key in spots(document) if key == "marks" and box[key] == [mark])
        for one in samples(kinds("_mark")[name]):
            for other in altered(one):
                box[key] = [other]
                out[name].append(copy.deepcopy(document))
    return out
