"""Pages that every sandbox has: hook deliveries, the request log, the fault switches.

`/_sandbox/pages/hooks`, `/_sandbox/pages/requests`, `/_sandbox/pages/faults`. They only show
and call the control API.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crosswalk_sandbox.kernel.faults import KINDS
from crosswalk_sandbox.kernel.pages import page

LINKS = (
    ("/_sandbox/pages/hooks", "Hooks"),
    ("/_sandbox/pages/requests", "Requests"),
    ("/_sandbox/pages/faults", "Faults"),
)
ADDRESSES = """<form id="hook-form"><label>Send hooks to
<input name="url" type="url" required placeholder="http://127.0.0.1:8000/hooks/..." data-testid="hook-url"></label>
<p><button class="main" data-testid="hook-add">Add address</button></p></form>
<ul id="hook-urls" data-testid="hook-urls"></ul>
"""
DELIVERIES = """<div class="wide"><table data-testid="hooks"><thead><tr><th>No.</th><th>Event</th><th>To</th>
<th>State</th><th>Answer</th><th>Body</th></tr></thead><tbody id="hooks"></tbody></table></div>"""
REQUESTS = """<h1>Requests</h1>
<p id="counts" class="soft" data-testid="counts"></p>
<p><button id="forget" data-testid="forget">Forget these</button></p>
<div class="wide"><table data-testid="requests"><thead><tr><th>No.</th><th>Time</th><th>Request</th><th>Status</th>
<th>ms</th><th>Who</th><th>Fault</th></tr></thead><tbody id="requests"></tbody></table></div>"""
FAULTS = """<h1>Faults</h1>
<p class="soft">A fault strikes the requests (or hooks) it fits. What it does not name stays as it is.</p>
<form id="fault-form" class="record"><div class="two">
<label>Kind<select name="kind" data-testid="fault-kind">{kinds}</select></label>
<label>Method<select name="method">{methods}</select></label>
<label>Path matches<input name="path_regex" value=".*"></label>
<label>From match number<input name="nth" type="number" min="1" placeholder="1"></label>
<label>Times (0: always)<input name="times" type="number" min="0" value="1"></label>
<label>Status<input name="status" type="number" min="200" max="599" value="500"></label>
<label>Seconds<input name="seconds" type="number" min="0" step="any" value="0"></label>
<label>Retry-After<input name="retry_after" type="number" min="0" step="any"></label>
</div><p><button class="main" data-testid="fault-add">Switch on</button>
<button type="button" id="faults-off" data-testid="faults-off">Switch all off</button></p></form>
<div class="wide"><table data-testid="faults"><thead><tr><th>No.</th><th>Kind</th><th>Method</th><th>Path</th>
<th>Matched</th><th>Struck</th><th></th></tr></thead><tbody id="faults"></tbody></table></div>"""


def watching_routes(sandbox: str, nav: Sequence[tuple[str, str]], *, addresses: bool = False) -> list[Route]:
    """The three pages. `nav` are the sandbox's own; `addresses`: `/_sandbox/hooks` takes POST and DELETE of a URL."""
    kinds = "".join(f"<option>{kind}</option>" for kind in KINDS)
    methods = "".join(f"<option>{method}</option>" for method in ("*", "GET", "POST", "PUT", "DELETE"))
    bodies = {
        "Hooks": "<h1>Hook deliveries</h1>" + (ADDRESSES if addresses else "") + DELIVERIES,
        "Requests": REQUESTS,
        "Faults": FAULTS.format(kinds=kinds, methods=methods),
    }
    return [_page(path, title, bodies[title], sandbox, (*nav, *LINKS)) for path, title in LINKS]


def _page(path: str, title: str, body: str, sandbox: str, nav: Sequence[tuple[str, str]]) -> Route:
    async def show(_: Request) -> Response:
        return page(title, body, sandbox=sandbox, nav=nav, scripts=("/_static/watching.js",))

    return Route(path, show)
