"""What each format can hold: a document is fitted to a format before it is written.

`fit(document, format)` gives the nearest document that the format holds whole, and a Loss for each thing given up.
Words are never given up. Law: what a format's writer writes of a fitted document, its reader reads back the same.
"""

from __future__ import annotations

from .document import Document
from .fit_adf import AdfFitter
from .fit_wiki import WikiFitter
from .loss import LOSSES, Fitter, Loss
from .normal import normalise

__all__ = ["LOSSES", "Loss", "fit"]

_FITTERS: dict[str, type[Fitter]] = {"adf": AdfFitter, "wiki": WikiFitter}


def fit(document: Document, format_name: str) -> tuple[Document, tuple[Loss, ...]]:
    """The nearest document that `format_name` (html, adf, wiki) holds, and what is given up.

    `document` is canonical, as every reader gives it. HTML holds everything.
    """
    if format_name not in _FITTERS:
        return document, ()
    fitter = _FITTERS[format_name]()
    blocks = fitter.blocks(document.blocks, "root")
    if not fitter.losses:
        return document, ()
    return normalise(Document(blocks)), tuple(fitter.losses)
