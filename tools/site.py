"""Builds the documentation site (`./run docs`), and completes its navigation: a page in a folder that nav already shows
joins its section. Knows mkdocs; not what the pages say.

./run python -m tools.site [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).resolve().parents[1]
SECTIONS = ("how-to", "help", "decisions")
"""Folders whose pages come into navigation by themselves, at the end of the section that shows others of them."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Called by mkdocs (https://www.mkdocs.org/user-guide/configuration/#hooks)."""
    named = set(_pages(config.nav))
    for folder in SECTIONS:
        found = sorted(f"{folder}/{page.name}" for page in (Path(config.docs_dir) / folder).glob("*.md"))
        section = _section(config.nav, folder)
        section += [page for page in found if page not in named]
    return config


def _pages(nav: Any) -> list[str]:
    """Every page that `nav` names."""
    if isinstance(nav, str):
        return [nav]
    below = nav.values() if isinstance(nav, dict) else nav
    return [page for one in below for page in _pages(one)]


def _section(nav: Any, folder: str) -> list[Any]:
    """The innermost list in `nav` that holds pages of `folder`."""
    if isinstance(nav, list) and any(isinstance(one, str) and one.startswith(f"{folder}/") for one in nav):
        return nav
    below = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    return next((found for one in below if (found := _section(one, folder))), [])


def make(folder: Path) -> None:
    """Build the site into `folder`. A warning ends it: links and navigation have to be whole."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "site")
