"""Completes the navigation of the documentation site: a page beside others that mkdocs.yml names joins their section.

mkdocs calls it (`hooks` in mkdocs.yml). Knows mkdocs; not what the pages say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

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
