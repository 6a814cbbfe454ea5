"""What the import contracts say of the connectors holds for each of their pure modules, also for new ones."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _is_pure(name: str) -> bool:
    """By its name: what builds requests and understands answers, and what turns JSON into values and back."""
    return name.startswith("wire") or name.endswith("fields")


def test_every_wire_and_fields_module_is_held_pure() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    held = set(contracts["importlinter:contract:pure"]["source_modules"].split())
    found = {
        f"crosswalk.{side}.{file.stem}"
        for side in ("aha", "jira")
        for file in (ROOT / "src/crosswalk" / side).glob("*.py")
        if _is_pure(file.stem)
    }
    assert len(found) > 15
    assert found <= held, sorted(found - held)
