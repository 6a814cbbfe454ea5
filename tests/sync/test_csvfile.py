"""Tables as CSV: a cell comes back as it was, and none is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest

from crosswalk.sync.csvfile import as_csv, meant, plain


def _read(table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table, newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r\nx", "\nx", " =1", "＝1", "＠x"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert _read(as_csv(("a", "b"), [("x", cell)])) == [["a", "b"], ["x", f"'{cell}"]]


@pytest.mark.parametrize(
    "cell",
    ["a;=1+1;b", "a; =1", 'a;"=1"', "a;;@x", "=1;+1", "a\t=1", "a\n=cmd|' /C calc'!A0", "a\r\n-1", "\t=1", "a;＝1"],
)
def test_no_cell_is_one_either_where_lines_are_split_at_semicolons(cell: str) -> None:
    """As by a spreadsheet in German: quotes behind a comma are letters there, so they hold nothing together."""
    table = as_csv(("a", "b"), [("x", cell), ("x", "y")])
    for theirs in re.split("[;\t\r\n]", table):
        assert not theirs.lstrip(' "').startswith(tuple("=+-@＝＋－＠"))
    assert [meant(one) for one in _read(table)[1]] == ["x", cell]


@pytest.mark.parametrize(
    "cell", ["1 + 1", 'say "x", y', "plain", "a; b-c; d = e", "x, -1", "a\n\nb", "", "two\nlines", "'quoted'"]
)
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert _read(as_csv(("a",), [(cell,), ("end",)]))[1:] == [[cell], ["end"]]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("a\x1b]0;owned\x07b", "a\\x1b]0;owned\\x07b"),
        ("\x9b2J", "\\x9b2J"),
        ("one\rtwo", "one\\rtwo"),
        ("\x1b=1+1", "\\x1b=1+1"),
        ("\0=1", "\\x00=1"),
    ],
)
def test_a_cell_commands_no_terminal(cell: str, shown: str) -> None:
    assert _read(as_csv(("a", "b"), [("x", cell)]))[1:] == [["x", shown]]


@pytest.mark.parametrize(
    "text", ["=1+1", "plain", "'quoted'", "'", "'=1", "''=1", " =1", "", "a;'=1", "a;''=1", "a\n\n=1", "';'=1", "\t\t-"]
)
def test_a_cell_that_was_guarded_reads_back_as_it_was_meant(text: str) -> None:
    assert meant(plain(text)) == text
