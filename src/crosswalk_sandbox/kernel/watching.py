"""Pages that every sandbox has: hook deliveries, the request log, the fault switches, the world around the API.

`/_sandbox/pages/hooks`, `.../requests`, `.../faults`, `.../world`. They show what the control API tells and call it;
the kinds of faults and the changes of the world are those it knows, so that a new one appears by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.kernel.control import control_of, named_number
from crosswalk_sandbox.kernel.faults import HOOK_KINDS, KINDS, PASSIVE_KINDS, Fault
from crosswalk_sandbox.kernel.pages import Look, page

LINKS = (
    ("/_sandbox/pages/hooks", "Hooks"),
    ("/_sandbox/pages/requests", "Requests"),
    ("/_sandbox/pages/faults", "Faults"),
    ("/_sandbox/pages/world", "World"),
)
ADDRESSES = """<form id="hook-form" class="inline"><label>Send hooks to
<input name="url" type="url" required placeholder="http://127.0.0.1:8000" data-testid="hook-url"></label>
{secret}<button class="main" data-testid="hook-add">Add address</button></form>
<ul id="hook-urls" class="plain" data-testid="hook-urls"></ul>
"""
SIGNING = """<label>Secret (optional)
<input name="secret" autocomplete="off" data-testid="hook-secret"></label>"""
HOOKS = """<h1>Hook deliveries</h1>{addresses}
<div class="inline"><label>State<select id="hook-state" data-testid="hook-state"><option value="">Any</option>
<option>waiting</option><option>delivered</option><option>failed</option><option>lost</option></select></label>
<label>Find<input id="hook-find" type="search" data-testid="hook-find"></label></div>
<p id="hook-count" class="soft"></p>
<div class="wide" tabindex="0" role="region" aria-label="Deliveries"><table data-testid="hooks"><thead><tr><th>No.</th>
<th>Event</th><th>To</th><th>State</th><th>Attempts</th><th>Sent</th><td></td></tr></thead>
<tbody id="hooks"></tbody></table></div>"""
REQUESTS = """<h1>Requests</h1>
<p id="counts" class="soft" data-testid="counts"></p>
<div class="inline"><label>Find<input id="request-find" type="search" placeholder="path or person"
data-testid="request-find"></label>
<label>Method<select id="request-method" data-testid="request-method">
<option value="">Any</option>{methods}</select></label>
<label>Answer<select id="request-status" data-testid="request-status"><option value="">Any</option>
<option value="2">2xx good</option><option value="3">3xx elsewhere</option><option value="4">4xx refused</option>
<option value="5">5xx broken</option><option value="0">no answer</option></select></label>
<label class="check"><input id="request-faulty" type="checkbox" data-testid="request-faulty">Struck by a fault</label>
<button id="forget" type="button" data-testid="forget">Forget these</button></div>
<div class="wide" tabindex="0" role="region" aria-label="Requests"><table data-testid="requests"><thead><tr><th>No.</th>
<th>Time</th><th>Request</th><th>Answer</th><th>ms</th><th>Who</th><th>Fault</th></tr></thead>
<tbody id="requests"></tbody></table></div>"""
FAULTS = """<h1>Faults</h1>
<p class="soft">A fault strikes the API requests or hooks that it fits. These pages go on working.</p>
<div class="wide" tabindex="0" role="region" aria-label="Faults that are on"><table data-testid="faults"><thead><tr>
<th>No.</th><th>Kind</th><th>Fits</th><th>Times</th><th>Matched</th><th>Struck</th><td></td></tr></thead>
<tbody id="faults"></tbody></table></div>
<p><button type="button" id="faults-off" data-testid="faults-off">Switch all off</button></p>
<form id="fault-form" class="record"><h2>Switch one on</h2>
<fieldset class="kinds" data-testid="fault-kinds"><legend>What happens</legend>{kinds}</fieldset>
<div class="two" id="fault-fields">{settings}</div>
<p class="bad" id="fault-wrong" role="alert"></p>
<p><button class="main" data-testid="fault-add">Switch on</button></p></form>"""
WORLD = """<h1>The world around the API</h1>
<p class="soft">What people and administrators change in the product itself, while a client works.</p>
<div class="wide" tabindex="0" role="region" aria-label="Changes in force"><table data-testid="changes"><thead><tr>
<th>No.</th><th>Change</th><th>With</th><td></td></tr></thead><tbody id="changes"></tbody></table></div>
<form id="world-form" class="record"><h2>Change something</h2><label>What<select id="verb" data-testid="verb"></select>
</label><p id="verb-about" class="soft"></p><div class="two" id="verb-inputs"></div>
<p class="bad" id="world-wrong" role="alert"></p>
<p><button class="main" data-testid="world-do">Change it</button></p></form>
<h2>Time</h2><p id="now" class="soft" data-testid="now"></p>
<div class="inline"><label>Seconds<input id="seconds" type="number" min="0" value="5" data-testid="seconds"></label>
<button type="button" id="advance" data-testid="advance">Move the clock on</button>
<button type="button" id="outage" data-testid="outage">Be away that long</button></div>"""
METHODS = ("GET", "POST", "PUT", "DELETE")

# What each kind is called, what it does in plain words, and which settings it has beside those all kinds have.
ANSWER = "body headers retry_after applied"
WORDS: Mapping[str, tuple[str, str, str]] = {
    "status": ("Wrong status", "Answers this status instead.", "status body headers applied"),
    "reset_before": ("Hangs up before", "The connection drops; nothing is done.", ""),
    "reset_after": ("Hangs up after", "Everything is done, but no answer comes.", ""),
    "slow": ("Slow", "The answer comes so many seconds later.", "seconds"),
    "truncated": ("Half an answer", "The answer breaks off in the middle.", ""),
    "html_200": (
        "A page instead of data",
        "200 with HTML, as a hotel's network does.",
        "body headers applied",
    ),
    "login_redirect": ("Sent to a log-in page", "302 to a page where people sign in.", "applied"),
    "429": ("Too many requests", "429, with Retry-After where it is given.", ANSWER),
    "drip": ("Drop by drop", "The answer comes in small pieces, spread over the time.", "seconds"),
    "400": ("400 Bad request", "Refused as if something in it were wrong.", ANSWER),
    "401": ("401 Not signed in", "The credential is not taken any more.", ANSWER),
    "403": ("403 Not allowed", "The account lacks the right.", ANSWER),
    "captcha": ("Riddle for people", "403: a person has to sign in by hand first.", ANSWER),
    "404": ("404 Not found", "As if it were not there.", ANSWER),
    "409": ("409 Conflict", "Somebody else is changing it.", ANSWER),
    "413": ("413 Too large", "The request is too large.", ANSWER),
    "429_global": ("429 for the app", "The points of the app on all sites are used up.", ANSWER),
    "429_tenant": ("429 for the site", "The points of this site are used up.", ANSWER),
    "429_burst": ("429 for a burst", "Too many requests in one second.", ANSWER),
    "429_issue": ("429 for an issue", "Too many writes to one issue.", ANSWER),
    "429_gateway": ("429 from the gateway", "From the layer before the product: no Retry-After.", ANSWER),
    "500": ("500 Broken", "The server failed at it.", ANSWER),
    "502": ("502 Bad gateway", "A page from the layer before the product.", ANSWER),
    "503": ("503 Not available", "Closed for a while, with Retry-After.", ANSWER),
    "504": ("504 Time is up", "It is done, but the gateway gave up waiting.", ANSWER),
    "world": ("The world changes first", "Just before the request, what it asks for changes.", "change"),
    "hook_first": ("Hook before answer", "Hooks arrive before the answer to the write does.", ""),
    "lag": ("Search lags behind", "Searches do not see changes younger than this.", "seconds"),
    "stale": ("Old reads", "Reads answer as it was so many seconds ago.", "seconds"),
    "hook_lost": ("Hook lost", "The hook is never sent.", ""),
    "hook_double": ("Hook twice", "The hook is sent two times.", ""),
    "hook_late": ("Hook late", "The hook is sent later; others overtake it.", "seconds"),
    "hook_reordered": ("Hook overtaken", "The hook is sent behind the next one to the same address.", ""),
    "hook_bare": ("Hook without the change", "The hook says that something changed, and not what.", ""),
}
EVERYWHERE = ("method", "path_regex", "times", "nth", "probability", "seed")
NOT_ASKED = ("kind", "number", "matched", "struck")
# One line a setting: what it is called and the attributes of its input.
SETTINGS: Mapping[str, tuple[str, str]] = {
    "path_regex": ("Path (regular expression)", 'value=".*"'),
    "times": ("How many times (0: always)", 'type="number" min="0" value="1"'),
    "nth": ("From which match on", 'type="number" min="1" placeholder="1"'),
    "probability": ("Chance, 0 to 1", 'type="number" min="0" max="1" step="any" value="1"'),
    "seed": ("Seed of the chance", 'type="number" step="1" value="0"'),
    "status": ("Status", 'type="number" min="200" max="599" value="500"'),
    "body": ("Text of the answer", ""),
    "headers": ("Headers, as JSON", 'data-json placeholder="{&quot;X-A&quot;: &quot;b&quot;}"'),
    "change": ("Change, as JSON", 'data-json placeholder="{&quot;do&quot;: &quot;...&quot;}"'),
    "seconds": ("Seconds", 'type="number" min="0" step="any" value="5"'),
    "retry_after": ("Retry-After, in seconds", 'type="number" min="0" step="any"'),
}


def watching_routes(look: Look, *, secret: bool = False, passive: tuple[str, ...] = PASSIVE_KINDS) -> list[Route]:
    """The pages and what they call beside the control API.

    The sandbox has `/_sandbox/hooks`, which takes POST and DELETE of a URL, and `/_sandbox/hooks/urls`. `secret`: hooks
    can be signed. `passive` are the kinds that the application itself acts on.
    """
    methods = "".join(f"<option>{method}</option>" for method in METHODS)
    bodies = {
        "Hooks": HOOKS.format(addresses=ADDRESSES.format(secret=SIGNING if secret else "")),
        "Requests": REQUESTS.format(methods=methods),
        "Faults": FAULTS.format(kinds=_kinds(passive), settings=_settings(methods)),
        "World": WORLD,
    }
    shown = [_page(path, title, bodies[title], look) for path, title in LINKS]
    return [*shown, Route("/_sandbox/pages/hooks/{number}/again", _again, methods=["POST"])]


def _page(path: str, title: str, body: str, look: Look) -> Route:
    async def show(_: Request) -> Response:
        script = "world" if title == "World" else "watching"
        return page(title, body, look, (f"/_static/{script}.js",))

    return Route(path, show)


def _kinds(passive: tuple[str, ...]) -> str:
    kinds = [kind for kind in KINDS if kind not in PASSIVE_KINDS or kind in passive]
    return "".join(_kind(kind, number == 0) for number, kind in enumerate(kinds))


def _kind(kind: str, first: bool) -> str:
    every = " ".join(field.name for field in fields(Fault) if field.init and field.name not in NOT_ASKED)
    name, does, own = WORDS.get(kind, (kind.replace("_", " ").capitalize(), "", every))
    checked = " checked" if first else ""
    about = "hooks" if kind in HOOK_KINDS else "requests"
    return (
        f'<label class="kind"><input type="radio" name="kind" value="{escape(kind)}" data-name="{escape(name)}"'
        f' data-own="{escape(own)}" data-about="{about}" data-testid="fault-{escape(kind)}"{checked}>'
        f"<span><b>{escape(name)}</b> <span>{escape(does)}</span></span></label>"
    )


def _settings(methods: str) -> str:
    """An input for every setting that a fault has; those a kind does not have are hidden by the page."""
    any_of_them = f'<option value="*">Any</option>{methods}'
    shown = [f'<label data-for="method">Method<select name="method">{any_of_them}</select></label>']
    for field in fields(Fault):
        if not field.init or field.name in NOT_ASKED or field.name == "method":
            continue
        everywhere = " data-everywhere" if field.name in EVERYWHERE else ""
        if field.name not in SETTINGS and field.type in ("bool", bool):
            words = "Done all the same" if field.name == "applied" else field.name.replace("_", " ").capitalize()
            control = f'<input type="checkbox" name="{field.name}">{words}'
            shown.append(f'<label class="check" data-for="{field.name}"{everywhere}>{control}</label>')
            continue
        words, attributes = SETTINGS.get(field.name, (field.name.replace("_", " ").capitalize(), ""))
        control = f'<input name="{field.name}" data-testid="fault-set-{field.name}" {attributes}>'
        shown.append(f'<label data-for="{field.name}"{everywhere}>{words}{control}</label>')
    return "".join(shown)


async def _again(request: Request) -> Response:
    """Send a delivery once more, as a new one; a fault may strike it as it strikes any other."""
    courier = control_of(request).courier
    number = named_number(request)
    found = next((delivery for delivery in courier.past if delivery.number == number), None)
    made = courier.post(found.url, found.headers, found.body, label=found.label) if found else None
    if made is None:
        return JSONResponse({"error": "This delivery is not kept any more."}, 404)
    return JSONResponse({"number": made.number})
