"""Jira via Connect, from the installation in Jira to a status that comes back, and through uninstalling and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.path.connecting import ConnectSystem, connecting
from tests.path.test_deletions import signed_in


@pytest.fixture
def app() -> Iterator[ConnectSystem]:
    with connecting() as found:
        yield found


def look(app: ConnectSystem) -> str:
    """Look at the inbox; the outcome of the last hook."""
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import hooks

    hooks.look(app.engine_as_port(), app.now)
    last = HookDelivery.objects.order_by("-id").first()
    return last.outcome if last else ""


def settle(app: ConnectSystem) -> None:
    assert app.courier.settle()


def test_a_feature_goes_over_the_app_and_its_status_comes_back_by_its_hook(app: ConnectSystem) -> None:
    answer = app.install()
    assert answer.status_code == 201, answer.text
    site = app.connect_site
    assert (site.state, site.allowed_by) == ("enabled", "")
    assert "nobody here has allowed" in site.connection.paused
    app.allow()
    app.join()
    ref = app.feature("Bell", 1)
    pair = app.send(ref)
    assert pair.state == "agreed", pair.reason
    creator: dict[str, Any] = app.issue(pair.right_key)["creator"]
    assert creator["displayName"] == "Crosswalk"
    settle(app)
    look(app)
    app.drain()
    app.jira.move(pair.right_key, "In Progress")
    settle(app)
    assert look(app).startswith("woke 1 pair")
    app.drain()
    there = app.aha.get(f"/features/{ref.id}")["feature"]["workflow_status"]["name"]
    assert there == "In development"


@pytest.fixture
def joined(app: ConnectSystem) -> ConnectSystem:
    """Installed, allowed, and an integration over it."""
    assert app.install().status_code == 201
    app.allow()
    app.join()
    return app


def writes(app: ConnectSystem, side: str) -> list[tuple[str, str]]:
    reads = ("/search/jql", "/issue/bulkfetch", "/graphql")
    return [one for one in app.requests(side) if one[0] not in ("GET", "HEAD") and not one[1].endswith(reads)]


def test_uninstalling_pauses_and_installing_again_goes_on(joined: ConnectSystem) -> None:
    from crosswalk.store.models import JournalEntry

    ref = joined.feature("Bell")
    pair = joined.send(ref)
    secret = joined.connect_site.connection.secret.reveal()
    joined.uninstall()
    site = joined.connect_site
    assert site.state == "uninstalled"
    joined.integration.refresh_from_db()
    assert joined.integration.enabled
    assert joined.integration.trouble.startswith("The Connect app was uninstalled from 127.0.0.1")
    joined.forget()
    joined.aha.put(f"/features/{ref.id}", {"feature": {"name": "Louder bell"}})
    joined.wake(pair)
    joined.drain(3)
    waiting = joined.pair(ref)
    assert (waiting.state, waiting.right_id) == ("waiting", pair.right_id)
    assert "uninstalled from" in waiting.reason
    assert "Jira via Connect" in waiting.remedy
    assert joined.requests("jira") == [], "nothing is even asked of a site that uninstalled the app"
    assert joined.install().status_code == 201
    assert joined.connect_site.connection.secret.reveal() != secret
    joined.integration.refresh_from_db()
    assert joined.integration.trouble == ""
    joined.drain()
    assert joined.pair(ref).state == "agreed"
    assert joined.pair(ref).right_id == pair.right_id
    assert joined.issue(pair.right_key)["summary"] == "Louder bell"
    assert f"poll:{joined.integration.pk}" in joined.engine.keys
    told = JournalEntry.objects.filter(integration=joined.integration, pair=None).values_list("what", flat=True)
    assert [line.split(" ")[3] for line in told if "Connect app" in line] == [
        "is",
        "was",
        "works",
    ]  # disabled, uninstalled, again


def test_an_upgrade_while_it_works_changes_the_secret_and_loses_nothing(joined: ConnectSystem) -> None:
    ref = joined.feature("Bell")
    pair = joined.send(ref)
    assert joined.install().status_code == 201
    joined.integration.refresh_from_db()  # as each run reads it anew
    joined.jira.move(pair.right_key, "In Progress")
    assert joined.courier.settle()
    assert look(joined).startswith("woke 1 pair")
    joined.drain()
    assert joined.pair(ref).state == "agreed"
    assert joined.aha.get(f"/features/{ref.id}")["feature"]["workflow_status"]["name"] == "In development"


def test_a_hook_is_stored_only_for_a_site_that_may_speak(joined: ConnectSystem) -> None:
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import connect_sites
    from crosswalk_sandbox.jira import connect

    address = f"{joined.url}/connect/hooks"
    app = joined.site.apps["crosswalk-sync"]
    good = connect.signed(app, joined.now(), connect.Signing("POST", address))
    install = connect.signed_install(app, joined.now(), connect.Signing("POST", address))
    elsewhere = connect.signed(app, joined.now(), connect.Signing("POST", f"{joined.url}/connect/enabled"))
    query = connect.signed(app, joined.now(), connect.Signing("POST", f"{address}?a=1"))
    late = connect.signed(app, joined.now().replace(year=2020), connect.Signing("POST", address))

    def send(token: str, target: str = address, method: str = "POST") -> int:
        headers = {"Authorization": f"JWT {token}"} if token else {}
        return httpx2.request(method, target, content=b'{"webhookEvent": "x"}', headers=headers, timeout=60).status_code

    HookDelivery.objects.all().delete()
    assert [send(one) for one in ("", "a.b.c", install, elsewhere, query, late)] == [401] * 6
    assert send(good, f"{address}?a=1") == 401
    assert send(good, method="GET") == 405
    assert not HookDelivery.objects.exists()
    assert (send(good), send(query, f"{address}?a=1")) == (202, 202)
    assert HookDelivery.objects.get().integration_id == joined.integration.pk, "the same body in the same minute is one"
    connect_sites.forbid(joined.connect_site)
    assert send(good) == 401
    assert HookDelivery.objects.count() == 1


def test_an_integration_moves_to_a_token_with_all_its_pairs_and_is_quiet_afterwards(joined: ConnectSystem) -> None:
    from crosswalk.store.models import Connection, Pair
    from crosswalk.sync import connect_sites

    def agreed() -> list[Any]:
        """Every pair with its base, without what a run notes for the next (names that begin with a space)."""
        found = Pair.objects.order_by("pk").values_list("pk", "left_id", "right_id", "base")
        return [(*ids, {name: held for name, held in base.items() if name[0] != " "}) for *ids, base in found]

    for name in ("Bell", "Brake"):
        ref = joined.feature(name, 1, description="<p>One</p><p>Two</p>")
        pair = joined.send(ref)
        joined.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": "<p>Hi</p>"}})
        joined.jira.send("POST", f"/issue/{pair.right_key}/comment", {"body": "Hello"})
        joined.wake(pair)
        joined.drain()
    known = agreed()
    assert len(known) >= 4
    (way,) = connect_sites.ways_out(joined.connect_site)
    assert way == Connection.objects.get(name="The jira")
    browser = signed_in()
    page = browser.get("/connections/connect/").content.decode()
    form = page.split(f'action="/integrations/{joined.integration.pk}/move/"')[1].split("</form>")[0]
    assert f'name="to" value="{way.pk}"' in form
    assert "Move Over Connect to “The jira”" in form
    said = browser.post(f"/integrations/{joined.integration.pk}/move/", {"to": way.pk}, follow=True)
    assert "Over Connect reaches Jira over “The jira” now." in said.content.decode()
    joined.integration.refresh_from_db()
    assert joined.integration.jira == way
    joined.drain()
    joined.forget()
    for one in Pair.objects.all():
        joined.wake(one)
    assert joined.drain() >= 4
    assert (writes(joined, "aha"), writes(joined, "jira")) == ([], [])
    assert agreed() == known
    assert set(Pair.objects.values_list("state", flat=True)) == {"agreed"}
    joined.uninstall()
    joined.jira.move(joined.pair(ref).right_key, "In Progress")
    joined.wake(joined.pair(ref))
    joined.drain()
    joined.integration.refresh_from_db()
    assert (joined.pair(ref).state, joined.integration.trouble) == ("agreed", "")
    assert joined.aha.get(f"/features/{ref.id}")["feature"]["workflow_status"]["name"] == "In development"


def test_the_same_by_commands(joined: ConnectSystem) -> None:
    from click.testing import CliRunner

    from crosswalk.cli import main
    from crosswalk.store.models import Integration

    address = joined.jira_at.address

    def run(*words: str) -> str:
        return CliRunner().invoke(main, words).output

    assert run("connect-sites") == f"{address}: works, allowed by alice\n"
    assert "nobody here has allowed that site yet" in run("connect-sites", "--forbid", address)
    assert run("connect-sites", "--allow", address) == f"{address}: works, allowed by the command line\n"
    assert "No site at “https://x.example” has" in run("connect-sites", "--allow", "https://x.example")
    assert "There is no Jira connection “Nowhere”" in run("move", "Over Connect", "Nowhere")
    assert "reaches Jira over “The jira” now" in run("move", "Over Connect", "The jira")
    assert Integration.objects.get().jira.name == "The jira"


def test_an_integration_does_not_move_to_another_jira(joined: ConnectSystem) -> None:
    from crosswalk.errors import Refused
    from crosswalk.store.models import Connection
    from crosswalk.sync import connect_sites

    other = Connection.objects.get(name="The jira")
    other.server = {**other.server, "site": "https://other.atlassian.net"}
    other.save()
    assert connect_sites.ways_out(joined.connect_site) == []
    for wrong in (other, joined.integration.jira):
        with pytest.raises(Refused, match="does not lead to the Jira site"):
            connect_sites.move(joined.integration, wrong, "alice")
    joined.integration.refresh_from_db()
    assert joined.integration.jira == joined.connect_site.connection


def ticket_of(page: str) -> str:
    """What a form of the page inside Jira is sent with."""
    return page.split('name="ticket" value="')[1].split('"', maxsplit=1)[0]


def filled(app: ConnectSystem, name: str) -> dict[str, str]:
    """The form of the page inside Jira with everything chosen, by the address that the sandbox signs for its iframe."""
    from crosswalk.store.models import Connection, Integration

    assert app.install().status_code == 201
    app.allow()
    Integration.objects.all().delete()
    aha = Connection.objects.get(kind="aha")
    ticket = ticket_of(httpx2.get(app.inside("crosswalk-configure")).text)
    form = {"ticket": ticket, "aha": str(aha.pk), "workspace_query": "FAB", "project_query": "fab", "search": "project"}
    page = configure(app, form)
    workspace = page.split('name="workspace" value="')[1].split('"')[0]
    project = page.split('name="project" value="')[1].split('"')[0]
    assert "Name it." in configure(app, {**form, "make": "1", "workspace": workspace})
    return form | {"workspace": workspace, "project": project, "name": name, "make": "1"}


def configure(app: ConnectSystem, form: dict[str, str]) -> str:
    """What the page inside Jira says to a form, over HTTP."""
    return httpx2.post(f"{app.url}/connect/configure", data=form, timeout=60).text


def test_an_integration_is_made_inside_jira_while_its_page_says_how_far_it_is(app: ConnectSystem) -> None:
    from crosswalk.store.models import Act, Integration, NewIntegration
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    form = filled(app, "Made inside Jira")
    app.forget()
    page = configure(app, form)
    assert app.requests("aha") + app.requests("jira") == [], "the page waits for no server"
    assert "Waiting for its turn" in page
    row = NewIntegration.objects.get()
    look = {"ticket": ticket_of(page), "making": str(row.pk)}
    assert "Waiting for its turn" in configure(app, look)
    assert "Waiting for its turn" in httpx2.get(app.inside("crosswalk-configure")).text, "also when it is opened again"
    of(current())["new"].run(f"new:{row.pk}")
    made = Integration.objects.get()
    assert f"{app.url}/integrations/{made.pk}/settings/" in configure(app, look)
    assert (made.name, made.enabled, made.project_key) == ("Made inside Jira", False, "FAB")
    act = Act.objects.get()
    alice = next(one for one in app.site.people.values() if one.name == "alice")
    assert (act.person, act.what, act.about) == (alice.account_id, "Making an integration", "Made inside Jira")
    said = [line.why for line in made.journal.filter(what="The integration is made.")]
    assert said == [f"The Jira account {alice.account_id} asked for it."]
    assert "An integration of this name is there already." in configure(app, form)


def test_an_integration_that_was_made_inside_jira_shows_its_records_there(app: ConnectSystem) -> None:
    from crosswalk.store.models import Integration, NewIntegration
    from crosswalk.sync import service
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    configure(app, filled(app, "Made inside Jira"))
    of(current())["new"].run(f"new:{NewIntegration.objects.get().pk}")
    app.system.integration = Integration.objects.get()
    service.set_enabled(app.system.integration, True, "a test")
    ref = app.feature("Bell")
    pair = app.send(ref)
    shown = httpx2.get(app.inside("crosswalk-panel", pair.right_key)).text
    assert ref.key in shown
    assert "In step" in shown
