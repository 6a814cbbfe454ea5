"""The shared look of the sandboxes' pages. Plain templates; knows nothing of what a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from starlette.responses import HTMLResponse

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} - {sandbox}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_static/sandbox.css">
<script src="/_static/sandbox.js" defer></script>
{scripts}
</head>
<body data-sandbox="{kind}">
<a class="skip" href="#main">Skip to content</a>
<header><strong>{sandbox}</strong><nav aria-label="Pages">{nav}</nav></header>
<main id="main">
{body}
</main>
<p id="said" role="status" aria-live="polite"></p>
</body>
</html>
"""


def page(
    title: str,
    body: str,
    *,
    sandbox: str,
    kind: str = "",
    nav: Sequence[tuple[str, str]] = (),
    scripts: Sequence[str] = (),
) -> HTMLResponse:
    """A whole page. `body` is HTML that is already escaped; `nav` are (address, text); `scripts` are addresses."""
    links = "".join(f'<a href="{escape(url)}"{current(text == title)}>{escape(text)}</a>' for url, text in nav)
    return HTMLResponse(
        FRAME.format(
            title=escape(title),
            sandbox=escape(sandbox),
            kind=escape(kind),
            nav=links,
            body=body,
            scripts="".join(f'<script src="{escape(url)}" defer></script>' for url in scripts),
        )
    )


def current(yes: bool) -> str:
    """The attribute that marks the link to the page one is on."""
    return ' aria-current="page"' if yes else ""
