"""Pages of reference say what the program does: the mapping's keys, the settings, the commands, the reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from tools.commands_page import PAGE, page

from crosswalk import config
from crosswalk.cli import main
from crosswalk.cli_help import GROUPS
from crosswalk.merge.brake import Brake
from crosswalk.sync import mapping
from crosswalk.sync.files import HEAD, FileRefused, read
from crosswalk.sync.maplines import brake_data
from crosswalk.sync.mapping import MappingRefused, parse

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MAPPING = (DOCS / "reference/mapping.md").read_text("utf-8")


def _tables(text: str) -> list[list[list[str]]]:
    """The tables of a page: rows of cells, without the line below the head."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.M)
    return [[_cells(row) for row in table.splitlines() if "|---" not in row] for table in found]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def _keys(title: str, first: str) -> set[str]:
    """What the first column of a table of the mapping's page names: below `title`, with the head `first`."""
    section = MAPPING.split(f"\n## {title}\n")[1].split("\n## ")[0]
    table = next(table for table in _tables(section) if table[0][0] == first)
    return {row[0].strip("`") for row in table[1:]}


def _known(data: dict[str, Any]) -> set[str]:
    """The keys that the program knows in the place where `data` has the key "nonsense", as it says itself."""
    with pytest.raises(MappingRefused) as refused:
        parse({"types": {"feature": "Story"}, **data})
    said = next(problem.remedy for problem in refused.value.problems if problem.where.endswith("nonsense"))
    return set(said.removeprefix("Known are: ").removesuffix(".").split(", "))


@pytest.mark.parametrize(
    ("title", "data"),
    [
        ("Settings of the mapping", {"nonsense": 1}),
        ("A line of `types`", {"types": {"feature": {"type": "Story", "nonsense": 1}}}),
        ("A line of `fields`", {"fields": {"feature": [{"aha": "name", "jira": "summary", "nonsense": 1}]}}),
        ("A line of `parts`", {"parts": {"worklog": {"nonsense": 1}}}),
        ("`brake`", {"brake": {"nonsense": 1}}),
    ],
)
def test_every_key_of_the_mapping_stands_in_its_table(title: str, data: dict[str, Any]) -> None:
    assert _keys(title, "key") == _known(data)


@pytest.mark.parametrize(
    ("title", "head", "words"),
    [
        ("A line of `types`", "relation", mapping.RELATIONS),
        ("A line of `types`", "after a delete", mapping.REMOVED),
        ("A line of `fields`", "direction", mapping.DIRECTIONS),
        ("A line of `fields`", "conflict", mapping.POLICIES),
        ("A line of `parts`", "part", mapping.PARTS),
        ("`imports`", "word", mapping.IMPORTS),
        ("The top of the file", "key", HEAD),
    ],
)
def test_every_word_of_the_mapping_stands_in_its_table(title: str, head: str, words: tuple[str, ...]) -> None:
    assert _keys(title, head) == set(words)


def test_the_kinds_and_the_usual_parts_are_told() -> None:
    kinds = re.search(r"^Kinds are (.*)\.$", MAPPING, re.M)
    assert kinds
    assert re.findall(r"`(\w+)`", kinds[1]) == list(mapping.KINDS)
    table = next(table for table in _tables(MAPPING) if table[0][0] == "part")
    for part, direction, *flags in table[1:]:
        usual = mapping.USUAL[part.strip("`")]
        assert direction.strip("`") == mapping.WORDS[usual.direction]
        assert flags == [str(flag).lower() for flag in (usual.edits, usual.removes, usual.private)]


def test_the_usual_brake_and_its_bounds_are_told() -> None:
    rows = {row[0].strip("`"): row for table in _tables(MAPPING) for row in table if len(row) == 3}
    for name, usual in brake_data(Brake()).items():
        least, most = mapping.BRAKE[name]
        assert f"{least} to {most:,}" in rows[name][1]
        assert rows[name][2] == str(usual)


def test_inner_keys_of_link_and_people_are_told() -> None:
    rows = {row[0].strip("`"): row[1] for table in _tables(MAPPING) for row in table if len(row) == 2}
    for key in ("link", "people"):
        assert _known({key: {"nonsense": 1}}) <= set(re.findall(r"`(\w+)`", rows[key]))


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: str(path.relative_to(DOCS)))
def test_every_piece_of_a_mapping_in_the_docs_is_understood(path: Path) -> None:
    for block in re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), re.S):
        data = yaml.safe_load(block)
        if "integration" in data:
            assert read(path.name, block).integration
        else:
            parse({"types": {"feature": "Story"}, **data})


def test_a_fault_in_the_example_would_be_found() -> None:
    block = re.findall(r"```yaml\n(.*?)```", MAPPING, re.S)[0]
    with pytest.raises(FileRefused):
        read("mapping.md", block.replace("conflict: ask", "conflict: perhaps"))


def test_every_setting_is_told_with_its_default() -> None:
    text = (DOCS / "reference/settings.md").read_text("utf-8")
    rows = [row for table in _tables(text) for row in table[1:]]
    told = {name: row for row in rows for name in re.findall(r"CROSSWALK_\w+", row[0])}
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/crosswalk").rglob("*.py"))
    named = set(re.findall(r"\bCROSSWALK_[A-Z_]*[A-Z]\b", source)) - {"CROSSWALK_OIDC"}
    assert set(told) == named
    found = config.read({})
    for name, value in (
        ("CROSSWALK_URL", found.url),
        ("CROSSWALK_POLL_SECONDS", f"{found.poll_seconds:g}"),
        ("CROSSWALK_ALLOW_PRIVATE", "yes" if found.allow_private else "no"),
        ("CROSSWALK_PROXIES", str(found.proxies)),
        ("CROSSWALK_DEBUG", "yes" if found.debug else "no"),
        ("CROSSWALK_BACKUP", "yes" if found.backup else "no"),
        ("CROSSWALK_LOG", "json" if found.log_json else "text"),
        ("CROSSWALK_KEEP_HOOKS", f"{found.keep.hooks:g}"),
        ("CROSSWALK_KEEP_REQUESTS", f"{found.keep.requests:g}"),
        ("CROSSWALK_KEEP_EXCHANGES", f"{found.keep.exchanges:g}"),
        ("CROSSWALK_KEEP_JOURNAL", f"{found.keep.journal:g}"),
        ("CROSSWALK_CONNECT_APP", found.connect_app),
        ("CROSSWALK_CONNECT_KEYS", found.connect_keys),
        ("CROSSWALK_ATLASSIAN_AUTH", found.atlassian_auth),
        ("CROSSWALK_ATLASSIAN_API", found.atlassian_api),
        ("CROSSWALK_HOME", f"~/{found.home.relative_to(Path.home())}"),
    ):
        assert told[name][2].strip("`") == value, name


def test_the_page_of_commands_is_written_from_them() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.commands_page"


def test_every_command_that_a_page_names_is_there() -> None:
    known = {line.removeprefix("## crosswalk ") for line in page().splitlines() if line.startswith("## crosswalk ")}
    names = known | {name.split()[0] for name in known}
    for path in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        if "decisions" in path.parts:
            continue
        text = path.read_text("utf-8")
        for name in re.findall(r"(?:`|^)(?:\./run )?crosswalk ([a-z][a-z-]*)", text, re.M):
            assert name in names, f"{path.name}: crosswalk {name}"


def test_every_reason_is_one_that_the_program_gives() -> None:
    text = (DOCS / "help/not-sent.md").read_text("utf-8")
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/crosswalk").rglob("*.py"))
    reasons = [row[0].strip("“”") for row in _tables(text)[0][1:]]
    assert len(reasons) > 8
    for reason in reasons:
        assert reason in source, reason


PLAYED = (ROOT / "tests/pages/test_tutorial.py").read_text("utf-8")


@pytest.mark.parametrize("picture", sorted(one.name for one in (DOCS / "images").iterdir()))
def test_a_picture_of_the_docs_is_shown_there_and_taken_by_the_tutorial(picture: str) -> None:
    name = picture.removesuffix(".png")
    pages = [one for one in (*DOCS.rglob("*.md"), ROOT / "README.md") if f"images/{picture})" in one.read_text("utf-8")]
    assert pages, "no page shows it"
    assert re.findall(rf'_picture\(\w+, "{name}"\)', PLAYED), "no test takes it: it would not stay true"


def test_every_picture_that_the_docs_show_is_there() -> None:
    shown = {
        (one.parent / path).resolve()
        for one in (*DOCS.rglob("*.md"), ROOT / "README.md")
        for path in re.findall(r"!\[[^\]]*\]\(([^):]+)\)", one.read_text("utf-8"))
    }
    assert len(shown) >= 6
    assert sorted(str(one) for one in shown if not one.is_file()) == []
    taken = set(re.findall(r'_picture\(\w+, "(\w+)"\)', PLAYED))
    assert taken == {one.stem for one in (DOCS / "images").iterdir()}, (
        "what is taken is shown, and what is shown is taken"
    )


def test_the_help_lists_every_command_once() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(name for name, one in main.commands.items() if not one.hidden)
    said = CliRunner().invoke(main, ["--help"]).output
    assert said.index("  serve ") < said.index("  connect ") < said.index("  add-option ")
    assert "..." not in said.partition("First")[2]
