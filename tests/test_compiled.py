"""What tools/compiled.py makes is what pytest looks for; else each process would do it all again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import _read_pyc
from hypothesis.internal.conjecture import providers
from tools import compiled

ASSERTS = "def test_two() -> None:\n    two = 1\n    assert two == 2\n"


def test_pytest_takes_it_for_its_own_and_tells_what_was_compared(tmp_path: Path) -> None:
    path = tmp_path / "test_two.py"
    path.write_text(ASSERTS)
    compiled.compile_test(path)
    code = _read_pyc(path, compiled.kept_at(path))
    assert code is not None
    names: dict[str, object] = {"__name__": "test_two"}
    exec(code, names)
    two = names["test_two"]
    assert callable(two)
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        two()
    before = compiled.kept_at(path).stat().st_ino
    compiled.compile_test(path)
    assert compiled.kept_at(path).stat().st_ino == before, "compiled once"
    path.write_text(ASSERTS.replace("2", "3"))
    assert _read_pyc(path, compiled.kept_at(path)) is None


def test_what_this_very_run_read_is_where_the_tool_puts_it() -> None:
    if not sys.dont_write_bytecode:
        assert compiled.kept_at(Path(__file__)).exists()
    assert Path(__file__) in compiled.tests()


def test_hypothesis_reads_no_module_for_its_constants() -> None:
    """It would list what stands in each module of the product, in each process: tests/conftest.py has it draw none."""
    assert providers.HypothesisProvider(None)._local_constants == providers.Constants()
