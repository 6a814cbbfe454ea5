"""What the page about the sandboxes says in words: everything that can not be read from the code.

`sandbox_page.py` fails where a fault, a setting, a control path or a credential has no words here.
"""

from __future__ import annotations

HEAD = """# The sandboxes

Stand-ins for Aha!, Jira Cloud and Jira Data Center 10.3: real HTTP servers with state, pages, webhooks and request
limits, for trying Crosswalk (or any other program) without an account. This page is made from the code by
`./run python -m tools.sandbox_page`, and a test holds it against the code. Every answer that a test sees is held
against the vendor's own OpenAPI document. Where it states otherwise than a document, a row of
`tests/official/relaxations.py` says why; what a document is silent about is in `tests/official/unstated.py`.

## How to start

```
./run sandbox aha          [--port N] [--seed NAME] [--hooks-to URL] [--virtual-clock] [--data FILE] [--json]
./run sandbox jira-cloud
./run sandbox jira-dc
```

The first line names the address and the credentials; `--json` makes it an object. Ctrl-C ends the server; `--data`
keeps the state in an SQLite file between starts, and without it nothing is kept. What may change something is
written there before it is answered and played back at the next start: a killed process loses nothing that was
answered, a power failure the last moments. Faults, the request log and hooks under way are not kept. A file of another
version, sandbox, seed or clock is refused, and so is one in use.
The address opened in a browser shows the records. `./run demo` starts two sandboxes with Crosswalk between them.

The same seed gives the same records with the same ids at every start: `demo` (a workspace, or project, FAB with some
features, or issues), `empty` (the same without records), at Jira `rules` (`demo`, with a strict workflow, security
levels and a team-managed project beside), and for volume `large`: 10,000 features with 4 requirements each, or 50,000
issues; `large:N` for another number. It starts in some seconds and takes some 150 MB.

`--virtual-clock` stops the clock: it moves only by `/_sandbox/clock/advance`. Hooks, limits and time stamps follow it.
"""

JIRA_WORDS = """`X` is 2, 3 or latest on Cloud and 2 or latest on Data Center. Under each kind stands the
operationId in the vendor's document; an empty cell means that this Jira has no such path. On Cloud they answer also
behind the gateway, `/ex/jira/{cloudId}/rest/...`, for a scoped token.
"""

AHA_WORDS = """Paths stand below `/api/v1`. Aha!'s document has no operationIds; an operation is known by its path
there. Besides, `POST /api/v2/graphql` answers GraphQL, by a part of the schema that Aha! tells of itself.

Extensions are installed by the vendor's program (`aha extension:install`), stand beside features, epics and
requirements, and have their settings under **Extensions**. What runs them imitates, after the typings of aha-cli
1.10.0: `aha.on` by name, `import` of react and react-dom, `commandOutput`, `sanitizeUrl`, `render`, `account`,
`contextForIdentifier`; the record's `id`, `typename`, `referenceNum` and extension fields; views of the hosts
`attribute` and `page`; commands of a record; settings of the account and of a person; and that a page reaches the hosts
in `cspSources` only. React is not shipped: put its two files there first, `PUT /_play/libraries/react` and
`/_play/libraries/react-dom`.
"""

CREDENTIALS = {
    "user": "an owner of the account",
    "token": "the token of an administrator (Aha!: of an owner); at Jira Cloud used with the e-mail address",
    "reviewer_token": "the key of somebody who may only read",
    "workspace": "the workspace with the records",
    "integration_id": "the integration whose fields hold the Jira keys",
    "cloud_id": "the site's id at the gateway, `/ex/jira/{cloudId}`",
    "email": "an administrator",
    "scoped_token": "the administrator's token that works at the gateway only",
    "username": "an administrator",
    "password": "the administrator's password",
    "pat": "the administrator's personal access token (Bearer)",
    "reader_email": "somebody who may read the project and change nothing",
    "reader_token": "somebody who may read the project and change nothing",
    "reader_username": "somebody who may read the project and change nothing",
    "reader_password": "somebody who may read the project and change nothing",
    "reader_pat": "somebody who may read the project and change nothing",
    "outsider_email": "somebody who does not see the project",
    "outsider_token": "somebody who does not see the project",
    "outsider_username": "somebody who does not see the project",
    "outsider_password": "somebody who does not see the project",
    "outsider_pat": "somebody who does not see the project",
}

CONTROL = {
    "/_sandbox/faults": "POST a fault (an object with `kind` and what chooses its requests: `method`, `path_regex`, "
    "`nth`, `times` (0: always), `probability`, `seed`); GET lists them; DELETE ends them, or one with `?number=`",
    "/_sandbox/requests": "GET what was asked, counted by operation and status (`?since=`, `?limit=`); DELETE forgets",
    "/_sandbox/hooks": "GET the deliveries of hooks with their attempts; POST `{url}` adds a receiver of every "
    "event (at Jira also `secret` and `jql`); DELETE removes receivers",
    "/_sandbox/hooks/urls": "GET who gets hooks",
    "/_sandbox/clock": "GET the time, and whether it is driven",
    "/_sandbox/world": "GET the changes of the world that there are (below) and those in force; POST `{do, ...}` makes "
    "one; DELETE undoes one (`?number=`) or all",
    "/_sandbox/audit": "GET how many requests of which kind came, which limits were exceeded, what stands there twice",
    "/_sandbox/limits": "Jira: GET and POST the request limits",
    "/_sandbox/move": "Jira: POST `{issue, project}` with `type`, `parent`, `person` moves an issue as in the browser",
    "/_sandbox/outage": "POST `{seconds}`: connections are refused for so long, in real time",
    "/_sandbox/clock/advance": "POST `{seconds}` moves a virtual clock",
    "/_sandbox/state": "GET what there is, in numbers; also what should not be, as one Jira key on two records",
    "/_sandbox/settings": "GET and POST switches: what Aha! leaves open (below), how Jira delivers hooks",
    "/_sandbox/people/{name}": "Jira: POST `{displayName, active}` changes a person",
    "/_sandbox/boards/{number}": "Jira: POST `{name}` or `{type}` changes a board",
    "/_sandbox/apps": "Jira Cloud: POST `{descriptor}` installs a Connect app, `{oauth, as}` lets an OAuth app in",
    "/_sandbox/oauth": "POST `{name, callback}` (at Jira Cloud also `scopes`) registers an OAuth app; there `{more}` "
    "adds sites, and at Aha! DELETE ends every token",
    "/_sandbox/apps/{key}": "Jira Cloud: DELETE uninstalls an app",
    "/_sandbox/apps/{key}/modules/{module}": "Jira Cloud: the signed address of a Connect app's page, for `?as=` a "
    "person, beside `?issue=` an issue",
}

FAULTS = {
    "status": "the answer is `status`, with `body` and `headers`; `applied` says whether the request is carried out",
    "reset_before": "the connection is dropped, the request not applied",
    "reset_after": "the request is applied, then the connection dropped without an answer",
    "slow": "applied, and answered `seconds` of real time later, or as soon as it is switched off",
    "truncated": "the right length is promised and half of the body sent",
    "html_200": "200 with a web page instead of data, as a captive portal does",
    "login_redirect": "302 to a login page",
    "drip": "applied; the body comes byte by byte over `seconds` of real time",
    "400": "as this vendor's server refuses a bad request (so with all kinds named by a status; `body` replaces it)",
    "401": "as this vendor's server refuses a credential",
    "403": "as this vendor's server refuses for want of a right",
    "captcha": "403: the password was wrong so often that a person has to solve a riddle",
    "404": "as if the thing were not there",
    "409": "as if somebody wrote at the same moment",
    "413": "the body is too large",
    "429": "too many requests, with Retry-After where `retry_after` is given",
    "429_global": "Jira Cloud: the points for all sites of an app are used up, as RateLimit-Reason says; "
    "Retry-After and X-RateLimit-Reset say till when",
    "429_tenant": "Jira Cloud: the points for this site are used up",
    "429_burst": "Jira Cloud: too many requests of one endpoint in a second",
    "429_issue": "Jira Cloud: too many writes on one issue",
    "429_gateway": "a 429 from the layer before the product: X-RateLimit-Reset, and no Retry-After",
    "500": "the server failed",
    "502": "the layer before the server got no sense from it",
    "503": "out of service, with Retry-After (5 seconds unless `retry_after` is given)",
    "504": "the request is applied, and the answer says that the time was up",
    "world": "first `change` is made, a change of the world: what was listed is gone when it is read",
    "hook_first": "applied; the hooks it causes are delivered before it is answered",
    "lag": "searches (Jira) and lists (Aha!) do not see changes younger than `seconds`",
    "stale": "a record is read as it was `seconds` ago",
    "hook_lost": "a hook is not delivered",
    "hook_double": "a hook is delivered twice",
    "hook_late": "a hook is delivered `seconds` later; others overtake it",
    "hook_reordered": "a hook waits until the next one to the same address is posted, and is sent behind it",
    "hook_bare": "a hook comes without what it tells of the change: Jira's `changelog`, Aha!'s `changes`",
}

SETTINGS = {
    "limits": "whether requests are counted and refused with 429",
    "per_second": "requests a second for the whole account",
    "per_minute": "requests a minute for the whole account",
    "text_delay": "seconds after the last edit of a text before its hook is sent; at the real Aha! 300",
    "merge_seconds": "seconds in which edits of one person become one audit; at the real Aha! about 300",
    "tags_mode": "whether `tags` in a change replaces or adds",
    "keep_text_when_emptied": "whether a description can not be emptied by the API",
    "parent_updated": "whether a change of a part (a comment, say) changes the record's `updated_at`",
    "integer_ids": "whether ids that the document shows as numbers are numbers",
    "many_fields_answer": "whether several integration fields at once answer an array or an object",
    "upload_limit": "bytes that an attachment may have; the real Aha! publishes no number",
    "upload_answer": "how a larger one is refused: `page` is 413 and a web page, `field` is 422 and words",
    "upload_kept": "the share of an upload's bytes that arrives, as behind a proxy that cuts it",
}

NOT_IMITATED: tuple[tuple[str, str, str], ...] = (
    ("both", "TLS, proxies, single sign-on", "the address is loopback; a fault can answer as a login page does"),
    (
        "Aha!",
        "extensions: `aha.models`, `aha.auth`, the drawer, panels, tabs, importers, endpoints, events, automation",
        "the extension for Crosswalk uses none of them; extension fields are not in GraphQL here",
    ),
    ("both", "mail", "nothing of it can be seen through the APIs"),
    ("both", "many accounts, or sites, at once", "one process is one of them; start two"),
    ("Jira Cloud", "Forge", "no part of an integration by REST"),
    ("Jira", "Jira Service Management, Assets, DevOps and build information", "not part of an Aha! integration"),
    ("Jira", "the search index's stemming and ranking of text", "`~` looks for words as they are"),
    ("Jira", "`expand=operations`, `expand=versionedRepresentations`", "named in `expand`, and not answered"),
    (
        "Jira",
        "watching by itself what one creates, edits or comments (autowatch)",
        "an issue is watched by those who were named",
    ),
    (
        "Jira",
        "rights that only Cloud has built in (workflows, layouts), or only Data Center (archives)",
        "those that both have are there",
    ),
    ("Jira", "export of archived issues; Data Center's archiving of many at once", "one at a time is served there"),
    (
        "Jira Data Center",
        "JQL of Advanced Roadmaps: `parentEpic`, `hierarchyLevel`, `childIssuesOf()`; `statusCategoryChangedDate`",
        "refused, as where the app is not there; on Cloud they are",
    ),
    (
        "Jira",
        "JQL of service desks, approvals, teams, goals, development (`development[...]`) and log-ins (`lastLogin()`)",
        "refused, as fields and functions that do not exist",
    ),
    ("Jira", "work logs of one clause and another being the same one", "each clause of JQL is looked at alone"),
    (
        "Jira Cloud",
        "wiki markup to ADF: `[KEY-1]` as a link; a colour over lines of a table",
        "they stay text; keys do in the converter that can be looked at",
    ),
    ("Jira", "media ids of pictures in wiki markup", "ADF has the name in their place"),
    ("Jira", "the scaling of thumbnails, and of files that are no pictures", "a thumbnail is the picture itself"),
    ("Jira Cloud", "the limits of user search and of bulk calls side by side", "their numbers are not published"),
    ("both", "names that do not resolve, certificates that are wrong", "the client's side: give it such an address"),
    ("Aha!", "fields that a workspace requires", "the API is not known to enforce them"),
    (
        "Jira",
        "changing schemes other than of permissions, and screens beyond fields on tabs",
        "they are read, and have no path for a change",
    ),
    (
        "Jira Cloud",
        "the gateway `api.atlassian.com` as another host",
        "a path of the same server, `/ex/jira/{cloudId}`",
    ),
    ("Jira Cloud", "the media host as another host", "downloads are redirected to a path of the same server"),
    ("Jira Cloud", "the method OPTIONS", "refused as any other that a path does not take"),
    ("Jira", "whether a sprint without a goal has that name", "it is there, empty, as in one recording of two"),
    ("Jira Cloud", "what lists name in `expand`", "the same as one alone; no recording shows it"),
    (
        "Jira Cloud",
        "sites and projects that are open to everybody",
        "who sends no credentials has no permission, as on a private site",
    ),
    (
        "Jira Cloud",
        "the words in which what nobody has to sign in for refuses nobody",
        "which operations nobody reaches is known; these words are those of Data Center",
    ),
    (
        "Jira Data Center",
        "what answers without credentials",
        "its document does not tell; server information, projects, an issue, searches do, the others answer 401",
    ),
    (
        "both",
        "hooks to certain addresses alone: https and listed ports (Jira Cloud), none in a private network (Aha!)",
        "receivers are on loopback",
    ),
    ("Jira", "how long a receiver of hooks may take", "no document names the number; 5 seconds, as Aha! gives"),
    (
        "Jira Cloud",
        "hooks of an OAuth app that is not public, for what its owner registered alone",
        "every app's are sent",
    ),
    (
        "Jira",
        "hooks of issues whose component is deleted; whether those of a bulk create are secondary",
        "the first send none, the second are primary; no document tells",
    ),
    (
        "Jira",
        "the private paths below `/rest/greenhopper` but two",
        "no document describes them; those that a known client calls are there, sprints are at `/rest/agile`",
    ),
    ("Jira Data Center", "several nodes", "the stale index of another node is the fault `lag`"),
    ("Aha!", "ideas, portals, competitors, capacity, rows of custom tables", "outside the integration"),
    (
        "Aha!",
        "GraphQL's iterations, increments, risks, parts of a score, work of teams, tasks in a record, feed of events",
        "of records it shows the rest; a question for these is refused, as one that the schema does not know",
    ),
    (
        "Aha!",
        "the integration webhook of one workspace and the security webhook",
        "every change goes to the activity webhook",
    ),
    ("Aha!", "GraphQL's words about an unfit query, and its places", "graphql-core's words; no recording shows others"),
    ("Aha!", "work told in another unit than its record's", "it is added as the number that it is"),
    ("Aha!", "the API v3 and the MCP server", "no document of them was at hand"),
    (
        "Aha!",
        "what its integrations with Jira do by themselves",
        "that is Crosswalk's work; its fields are kept",
    ),
)
