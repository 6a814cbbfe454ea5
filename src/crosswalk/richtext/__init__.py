"""Rich text carried between Aha! HTML, Atlassian Document Format (ADF) and Jira wiki markup. Pure: text in, text out.

HTML and wiki markup are `str`; ADF is the parsed JSON object, a `dict`. One document tree stands between the formats
(document.py). Each converter has a twin that also says what the target can not hold (fidelity.py). All raise
TextTooLarge, TextTooDeep, or NotRichText where a value is no ADF object (limits.py).
"""

from __future__ import annotations

from typing import cast

from .adf_json import Node, canonical, compact
from .adf_read import read_adf
from .adf_write import write_adf
from .blocks import join_blocks, split_blocks
from .document import Document
from .fidelity import LOSSES, Loss, fit
from .flatten import text_of
from .html_read import read_html, read_html_with_losses
from .html_write import write_html
from .limits import NotRichText, TextTooDeep, TextTooLarge, units
from .unheld import unheld
from .wiki_read import read_wiki, read_wiki_with_losses
from .wiki_write import write_wiki

__all__ = [
    "JIRA_LIMIT",
    "LOSSES",
    "Document",
    "Loss",
    "NotRichText",
    "TextTooDeep",
    "TextTooLarge",
    "adf_to_html",
    "adf_to_html_with_losses",
    "canonical",
    "fit",
    "html_to_adf",
    "html_to_adf_with_losses",
    "html_to_wiki",
    "html_to_wiki_with_losses",
    "jira_length",
    "join_blocks",
    "plain_text",
    "split_blocks",
    "wiki_to_html",
    "wiki_to_html_with_losses",
]  # fmt: skip

Losses = tuple[Loss, ...]

# Jira refuses longer texts: “It exceeds the allowed limit of 32,767 characters.” (Data Center: a setting.)
JIRA_LIMIT = 32_767


def html_to_adf_with_losses(html: str) -> tuple[dict[str, object], Losses]:
    """The ADF object for `html`, and what ADF can not hold of it."""
    read, lost = read_html_with_losses(html)
    document, losses = fit(read, "adf")
    return write_adf(document), (*losses, *lost)


def html_to_adf(html: str) -> dict[str, object]:
    """The ADF object (`{"type": "doc", "version": 1, ...}`) for `html`."""
    return html_to_adf_with_losses(html)[0]


def adf_to_html_with_losses(adf: object) -> tuple[str, Losses]:
    """The HTML for an ADF object, and what HTML can not hold of it."""
    document, losses = fit(read_adf(adf), "html")
    return write_html(document), (*losses, *unheld(cast(Node, adf)))


def adf_to_html(adf: object) -> str:
    """The HTML for an ADF object. Raises NotRichText where `adf` is none."""
    return write_html(fit(read_adf(adf), "html")[0])


def html_to_wiki_with_losses(html: str) -> tuple[str, Losses]:
    """The Jira wiki markup for `html`, and what markup can not hold of it."""
    read, lost = read_html_with_losses(html)
    document, losses = fit(read, "wiki")
    return write_wiki(document), (*losses, *lost)


def html_to_wiki(html: str) -> str:
    """The Jira wiki markup for `html`."""
    return html_to_wiki_with_losses(html)[0]


def wiki_to_html_with_losses(wiki: str) -> tuple[str, Losses]:
    """The HTML for Jira wiki markup, and what HTML can not hold of it."""
    read, unheld_markup = read_wiki_with_losses(wiki)
    document, losses = fit(read, "html")
    return write_html(document), (*losses, *unheld_markup)


def wiki_to_html(wiki: str) -> str:
    """The HTML for Jira wiki markup."""
    return wiki_to_html_with_losses(wiki)[0]


def jira_length(text: str | dict[str, object]) -> int:
    """The length of a wiki text or an ADF object as Jira counts it against JIRA_LIMIT: UTF-16 units, ADF as JSON."""
    written = text if isinstance(text, str) else compact(text)
    return units(written)


def plain_text(format_name: str, source: object) -> str:
    """The words of a text, one line for each line; `format_name` is html, adf or wiki."""
    if format_name == "adf":
        return text_of(read_adf(source))
    if not isinstance(source, str):
        raise NotRichText(f"{format_name} is a string, not {type(source).__name__}.")
    return text_of(_STRING_READERS[format_name](source))


_STRING_READERS = {"html": read_html, "wiki": read_wiki}
