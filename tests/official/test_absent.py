"""Where the reference material is absent, a run says loudly what it left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.official.documents import FILES, FOLDER, present, tell
from tests.shared_files import shared


@pytest.mark.parametrize("file", FILES.values())
def test_a_test_without_its_document_is_left_out_by_name(file: str, tmp_path: Path) -> None:
    path = f"{FOLDER}/{file}"
    with pytest.raises(pytest.skip.Exception, match=f"LEFT OUT: {path} is not beside this checkout"):
        shared(path, tmp_path)


def test_what_is_there_is_given(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}", "utf-8")
    assert shared("one.json", tmp_path) == tmp_path / "one.json"


def test_a_run_without_the_documents_says_at_its_end_what_was_not_checked(tmp_path: Path) -> None:
    said: list[tuple[str, bool]] = []

    def write_line(line: str, *, red: bool = False) -> None:
        said.append((line, red))

    tell(write_line, tmp_path)
    assert [(line.split(",")[0], red) for line, red in said] == [
        ("LEFT OUT: the vendors' OpenAPI documents are not beside this checkout", True)
    ]
    (tmp_path / FOLDER).mkdir(parents=True)
    for file in FILES.values():
        assert not present(tmp_path)
        (tmp_path / FOLDER / file).write_text("{}", "utf-8")
    tell(write_line, tmp_path)
    assert len(said) == 1
