"""Starting one sandbox from the command line."""

from click.testing import CliRunner

from crosswalk_sandbox.__main__ import main


def test_an_unknown_sandbox_is_refused() -> None:
    result = CliRunner().invoke(main, ["trello"])
    assert result.exit_code == 2
    assert "trello" in result.output
