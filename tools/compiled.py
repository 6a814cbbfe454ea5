"""Compiles the tests as pytest does, once and on every core.

Each process of a test run would do all of it by itself in a fresh checkout, at the same time as the others: a third of
what its start costs. What is there already is left alone. Where pytest keeps it, tests/test_compiled.py holds.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from _pytest.assertion.rewrite import PYC_TAIL, get_cache_dir, rewrite_asserts

ROOT = Path(__file__).resolve().parent.parent
HEAD = importlib.util.MAGIC_NUMBER + b"\x03\x00\x00\x00"  # found again by its hash, not by its time (PEP 552)


def tests() -> list[Path]:
    """The modules whose asserts pytest rewrites."""
    found = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "tests").rglob("conftest.py")]
    return sorted(path for path in found if "node_modules" not in path.parts)


def kept_at(path: Path) -> Path:
    """Where pytest looks for what it made of a module."""
    return get_cache_dir(path) / (path.name[:-3] + PYC_TAIL)


def compile_test(path: Path) -> None:
    """Rewrite and compile a module, unless that was done."""
    source, kept = path.read_bytes(), kept_at(path)
    head = HEAD + importlib.util.source_hash(source)
    if kept.exists() and kept.read_bytes()[: len(head)] == head:
        return
    tree = ast.parse(source, filename=str(path))
    rewrite_asserts(tree, source, str(path))
    code = compile(tree, str(path), "exec", dont_inherit=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".fresh")
    fresh.write_bytes(head + marshal.dumps(code))
    fresh.replace(kept)


def main() -> int:
    """0; what can not be compiled here is told by the run itself."""
    with ProcessPoolExecutor() as processes:
        done = list(processes.map(compile_test, tests(), chunksize=8))
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
