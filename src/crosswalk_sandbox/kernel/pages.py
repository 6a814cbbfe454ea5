"""The shared look of the sandboxes' pages. Plain templates; knows nothing of what a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
<header class="top">
<strong class="brand">{sandbox}</strong>
<nav aria-label="Pages">{nav}</nav>
{acting}
</header>
<aside class="notice" data-testid="notice" aria-label="About this sandbox">
A sandbox to try things out: made-up data, forgotten when it stops unless --data keeps it.
Not made by {vendor}, and not connected to it.</aside>
<main id="main" tabindex="-1">
{body}
</main>
<p id="said" role="status" aria-live="polite"></p>
</body>
</html>
"""
ACTING = """<label class="acting">Acting as
<select id="acting" data-testid="acting" autocomplete="off">{people}</select></label>"""
# Only the sandbox's own files run and style a page; what people write into records can load nothing from elsewhere.
# Style attributes are let through, because Chromium writes them itself when its editor moves a paragraph into a list.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What all pages of one sandbox have in common.

    `vendor` is whose product it stands in for; `nav` are (address, text); `people` are (key, name) of those one can
    act as, the first unless one chooses another.
    """

    sandbox: str
    kind: str
    vendor: str
    nav: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = ()


def page(title: str, body: str, look: Look, scripts: Sequence[str] = (), status: int = 200) -> HTMLResponse:
    """A whole page. `body` is HTML that is already escaped; `scripts` are addresses."""
    links = "".join(f'<a href="{escape(url)}"{current(text == title)}>{escape(text)}</a>' for url, text in look.nav)
    people = "".join(f'<option value="{escape(key)}">{escape(name)}</option>' for key, name in look.people)
    html = FRAME.format(
        title=escape(title),
        sandbox=escape(look.sandbox),
        kind=escape(look.kind),
        vendor=escape(look.vendor, quote=False),
        nav=links,
        acting=ACTING.format(people=people) if people else "",
        body=body,
        scripts="".join(f'<script src="{escape(url)}" defer></script>' for url in scripts),
    )
    return HTMLResponse(html, status, HEADERS)


def current(yes: bool) -> str:
    """The attribute that marks the link to the page one is on."""
    return ' aria-current="page"' if yes else ""
