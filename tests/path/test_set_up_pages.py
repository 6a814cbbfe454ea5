"""What pages of the set-up say of a whole installation: long lists, advice, stale lines, Aha!'s own integration."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from tests.path.system import System
from tests.path.test_deletions import signed_in
from tests.path.test_many import project


@pytest.fixture
def browser(cloud: System) -> Any:
    """Alice's, who owns this Crosswalk."""
    return signed_in()


def _text(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_thousands_of_projects_come_a_page_at_a_time_and_are_searched_on_the_server(
    cloud: System, browser: Any
) -> None:
    known = next(iter(cloud.site.projects.values()))
    for number in range(2_000):
        made = replace(known, id=str(50_000 + number), key=f"P{number:04}", name=f"Project {number:04}")
        cloud.site.projects[made.id] = made
    form = {"aha": cloud.integration.aha_id, "jira": cloud.integration.jira_id}
    only = {"HX-Request": "true", "HX-Target": "project-choices"}

    def asked(button: str, query: str = "") -> tuple[list[str], list[str]]:
        """The keys of a page of the list, and where its buttons lead."""
        cloud.forget()
        sent = {**form, "project_query": query, "search": button}
        page = browser.post("/integrations/new/", sent, headers=only).content.decode()
        assert [path for _, path in cloud.requests("jira")] == ["/rest/api/3/project/search"], "one page of one list"
        assert cloud.requests("aha") == []
        return re.findall(r"<span>(\w+) · ", page), re.findall(r'value="(project:\d+)"', page)

    first, buttons = asked("1")
    assert (len(first), buttons) == (50, ["project:50"])
    second, buttons = asked("project:50")
    assert (len(second), buttons) == (50, ["project:0", "project:100"])
    assert not set(first) & set(second)
    assert asked("project:0")[0] == first
    total = len(cloud.site.projects)
    last, buttons = asked(f"project:{total - total % 50}")
    assert (len(last), len(buttons)) == (total % 50, 1), "there is no More behind the last page"
    assert asked("1", "project 123") == ([f"P123{n}" for n in range(10)], [])
    assert asked("1", "p1999") == (["P1999"], []), "by the key, too"


def test_a_new_integration_says_what_is_read_and_then_shows_its_set_up(cloud: System, browser: Any) -> None:
    from crosswalk.store.models import Act, Integration, NewIntegration
    from crosswalk.sync.connect import READ
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    one = cloud.integration
    form = {"aha": one.aha_id, "jira": one.jira_id, "workspace": one.workspace, "project": one.project, "name": "Two"}
    page = browser.post("/integrations/new/", {"aha": one.aha_id, "jira": one.jira_id, "search": "1"}).content.decode()
    assert re.findall(r'name="(\w+)" value="\w+" checked', page) == ["workspace"], "the only one; of projects are two"
    assert "Enabling makes a field" in page, "the account administers Jira"
    known = re.findall(r'also in (“\w+”)<span class="once-chosen">. That may be meant', page)
    assert known == [f"“{one.name}”"] * 2, "the workspace and one of both projects are joined already"
    cloud.forget()
    where = browser.post("/integrations/new/", form).url
    assert cloud.requests("aha") + cloud.requests("jira") == [], "the page waits for no server"
    row = NewIntegration.objects.get()
    steps: list[str] = []

    class Watched:
        """The bridges, looked at through the page whenever something is read."""

        def load(self, *what: Any) -> Any:
            def say(step: str, done: int, total: int) -> None:
                what[-1](step, done, total)
                steps.append(_text(browser.get(where, headers={"HX-Request": "true"}).content.decode()))

            return current().bridges.load(*what[:-1], say)

    from crosswalk.sync.new_integration import NewIntegrationHandler

    watched: Any = Watched()
    NewIntegrationHandler(watched, cloud.now).run(f"new:{row.pk}")
    assert len(set(steps)) >= len(READ)
    assert steps[0].startswith("Reading Aha!: ")
    assert steps[-1].startswith("Reading Jira: what the account may do")
    made = Integration.objects.get(name="Two")
    there = f"/integrations/{made.pk}/setup/"
    assert browser.get(where, headers={"HX-Request": "true"})["HX-Redirect"] == there
    assert browser.get(where).url == there
    page = browser.get(there).content.decode()
    assert "Two is ready." in page
    assert not made.enabled
    assert [line.person for line in made.journal.filter(what="The integration is made.")] == ["alice"]
    assert Act.objects.filter(what="Making an integration", about="Two", person="alice").count() == 1
    of(current())["new"].run(f"new:{row.pk}")
    assert Integration.objects.count() == 2, "a job that is run again makes none"


def test_the_set_up_says_that_the_mapping_is_the_default_one_until_somebody_changed_it(cloud: System) -> None:
    from crosswalk.store import versions
    from crosswalk.sync import service
    from crosswalk.web.views.setup_steps import steps_of

    def mapped() -> str:
        return next(step.says for step in steps_of(made) if step.name == "mapping")

    project(cloud, "TIN")
    one = cloud.integration
    (found,) = service.projects(one.jira, "TIN")
    made = service.create_integration("Into TIN", one.aha, one.jira, one.workspace, found.id)
    assert mapped().startswith("Defaults, which fit both sides: feature → ")
    versions.keep(made, made.mapping, "a test", "It was edited.", cloud.now())
    assert mapped().startswith("feature → ")


def test_a_name_that_was_taken_meanwhile_is_said_and_nothing_is_half_made(cloud: System, browser: Any) -> None:
    from crosswalk.store.models import Integration, NewIntegration, ProjectData
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    one = cloud.integration
    form = {"aha": one.aha_id, "jira": one.jira_id, "workspace": one.workspace, "project": one.project, "name": "Two"}
    where = browser.post("/integrations/new/", form).url
    Integration.objects.filter(pk=one.pk).update(name="Two")
    before = ProjectData.objects.count()
    of(current())["new"].run(f"new:{NewIntegration.objects.get().pk}")
    page = browser.get(where).content.decode()
    assert "There is an integration “Two” already." in page
    assert (Integration.objects.count(), ProjectData.objects.count()) == (1, before)


KINDS = {
    "company-managed": (
        (("Epic", 1), ("Story", 0), ("Task", 0), ("Sub-task", -1)),
        (
            "Epic as Epic, feature as Story and requirement as Sub-task keep every level apart. If your features are "
            "large, make them Epic and their requirements Story."
        ),
    ),
    "team-managed": (
        (("Epic", 1), ("Task", 0), ("Subtask", -1)),
        "Epic as Epic, feature as Task and requirement as Subtask keep every level apart.",
    ),
    "team-managed, without epics": (
        (("Task", 0), ("Subtask", -1)),
        "This project has no type above Task: features become Task, requirements Subtask.",
    ),
    "next-gen, without sub-tasks": (
        (("Epic", 1), ("Story", 0)),
        "This project has no sub-tasks: requirements become Story, joined to their feature by a link.",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_records_become_is_advised_by_the_kind_of_project(cloud: System, browser: Any, kind: str) -> None:
    from crosswalk.sync import service

    types, said = KINDS[kind]
    story = next(one for one in cloud.site.types.values() if one.name == "Story")
    project = next(one for one in cloud.site.projects.values() if one.key == "FAB")
    made = {f"7700{n}": replace(story, id=f"7700{n}", name=name, level=level) for n, (name, level) in enumerate(types)}
    cloud.site.types.update(made)
    project.types[:] = list(made)
    team = kind.startswith(("team", "next"))
    project.style = "next-gen" if team else "classic"
    service.load_project_data(cloud.integration)
    style = "team-managed" if team else "company-managed"
    settings = _text(browser.get(f"/integrations/{cloud.integration.pk}/settings/").content.decode())
    assert f"Project Jira {style}" in settings
    for sheet in ("feature", "requirement"):
        page = browser.get(f"/integrations/{cloud.integration.pk}/mapping/{sheet}/").content.decode()
        assert said in _text(page), sheet
        assert f"This project is {style}: " in _text(page), sheet


def test_what_is_stale_is_marked_where_it_is_stale(cloud: System, browser: Any) -> None:
    """A field that is gone in its line, a status in its row, a type beside the type; and only there."""
    from crosswalk.sync import service

    project = next(one for one in cloud.site.projects.values() if one.key == "FAB")
    screen = cloud.site.screens["1"]
    cloud.site.screens["1"] = replace(screen, fields=[one for one in screen.fields if one != "duedate"])
    for flow in cloud.account.workflows.values():
        flow.statuses[:] = [one for one in flow.statuses if one.name != "In development"]
    service.load_project_data(cloud.integration)
    address = f"/integrations/{cloud.integration.pk}/mapping/feature/"
    page = browser.get(address).content.decode()
    assert "the mapping does not fit the project data any more. See what is marked." in page
    rows = {row.split('"')[0]: row for row in page.split('<tr role="row" id="')[1:]}
    marked = {name for name, row in rows.items() if 'class="wrong-row"' in row.split(">")[0]}
    assert marked == {"line-due-date"}
    assert "errorlist" in rows["line-due-date"].split("</tr>")[0]
    statuses = page.split('id="fold-statuses"')[1].split("</details>")[0]
    wrong = [row for row in statuses.split("<tr>") if "errorlist" in row]
    assert [re.findall(r"<label[^>]*>([^<]+)", row)[0] for row in wrong] == ["In Progress", "In Review"]
    steps = _text(browser.get(f"/integrations/{cloud.integration.pk}/setup/").content.decode())
    assert "Map types and fields wrong It does not fit any more:" in steps
    story = next(one for one in cloud.site.types.values() if one.name == "Story")
    cloud.site.types["77001"] = replace(story, id="77001", name="Tale")
    project.types[:] = ["77001" if one == story.id else one for one in project.types]
    service.load_project_data(cloud.integration)
    beside = browser.get(address).content.decode().split('<label for="type">')[1].split("</div>")[0]
    assert "has no issue type “Story”" in beside


NEW = "; new requirements below what was sent come by themselves. Changes"
EXCEPT = "Except for requirements: a Sub-task below an issue that is in step becomes one by itself."


@pytest.mark.parametrize(
    ("line", "default", "plan", "parts"),
    [
        ({}, "the default: on both sides", True, True),
        ({"create": "both"}, "on both sides", True, True),
        ({"create": "to jira"}, "in Jira", True, False),
        ({"create": "off"}, "nowhere: off", False, False),
    ],
)
def test_pages_say_that_requirements_come_by_themselves(
    cloud: System, browser: Any, line: dict[str, str], default: str, plan: bool, parts: bool
) -> None:
    types = cloud.integration.mapping["types"]
    cloud.remap(types={**types, "requirement": {**types["requirement"], **line}})
    here = f"/integrations/{cloud.integration.pk}"
    sheet = browser.get(f"{here}/mapping/requirement/").content.decode()
    chosen = sheet.split('id="create"')[1].split("</select>")[0]
    assert re.findall("selected>([^<]+)<", chosen) == [default]
    assert "the default: on both sides" in chosen
    assert "the default: in Jira" in browser.get(f"{here}/mapping/feature/").content.decode()
    assert (NEW in browser.get(f"{here}/plan/").content.decode()) is plan
    assert (EXCEPT in browser.get(f"{here}/mapping/parts/").content.decode()) is parts


@pytest.mark.parametrize(("way", "back"), [("to aha", "a status changed in Aha! is set back to Jira's"), ("both", "")])
def test_statuses_are_counted_on_both_sides_and_it_is_said_which_is_set_back(
    cloud: System, browser: Any, way: str, back: str
) -> None:
    lines = cloud.integration.mapping["fields"]["feature"]
    cloud.remap(fields={"feature": [{**one, "direction": way} if one["jira"] == "status" else one for one in lines]})
    page = browser.get(f"/integrations/{cloud.integration.pk}/mapping/feature/").content.decode()
    line = _text(page.split('id="line-status"')[1].split("</tr>")[0])
    assert f"by the table of statuses{'; ' if back else ''}{back}" in unescape(line)
    statuses = _text(page.split('id="fold-statuses"')[1].split("</details>")[0])
    assert ("set back" in statuses, "set back" in line) == (bool(back), bool(back))
    count = re.search(r"Statuses (\d+) of (\d+) joined in Jira, (\d+) of (\d+) in Aha! ", statuses)
    assert count is not None
    joined = cloud.integration.mapping["statuses"]["feature"]
    assert [int(one) for one in count.groups()] == [len(joined), 4, len(set(joined.values())), 6], joined


def test_an_enabled_integration_of_ahas_own_is_said_on_the_pages(cloud: System, browser: Any) -> None:
    from crosswalk.sync import errands
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    body = {"integration": {"service_name": "jira", "name": "Old <b>Jira</b>", "enabled": True}}
    cloud.aha.post("/products/FAB/integrations", body)
    errand = errands.begin(cloud.integration, errands.LOAD, {}, "alice")
    of(current())["errand"].run(f"errand:{errand.pk}")
    settings = browser.get(f"/integrations/{cloud.integration.pk}/settings/").content.decode()
    assert "own Jira integration “Old &lt;b&gt;Jira&lt;/b&gt;” is enabled on this workspace." in settings
    assert "both would write the same records" in settings
    steps = browser.get(f"/integrations/{cloud.integration.pk}/setup/").content.decode()
    load = next(one for one in steps.split("<li id=") if "Load project data" in one)
    assert load.startswith('"step-data" class="wrong"')
    assert "“Old &lt;b&gt;Jira&lt;/b&gt;” is enabled: disable it in Aha!." in load


def test_the_step_that_sends_one_feature_changes_by_itself(cloud: System, browser: Any) -> None:
    """It says that the feature is on its way, asks often, and then that it is there; what did not change is left."""
    bell = cloud.feature("Bell")
    there = f"/integrations/{cloud.integration.pk}/"
    assert browser.post(f"{there}test/", {"record": bell.key}).status_code == 302
    page = browser.get(f"{there}setup/").content.decode()
    step = page.split('<li id="step-test"')[1].split("</li>")[0]
    assert step.startswith(' class="busy"')
    assert f"{bell.key} is on its way to Jira." in step
    assert page.count("is on its way to Jira") == 1, "nothing else goes on saying so once it is there"
    assert "of 7 steps are done, besides webhooks." in page
    assert 'name="record"' not in step, "nothing that is typed is replaced"
    asked = re.findall(r'hx-get="([^"]+/hooks/[^"]*)" hx-trigger="every 1s"', page)
    assert [one.partition("&amp;hooks=")[2] for one in asked] == ["optional&amp;test=busy"]
    cloud.drain()
    told = browser.get(f"{there}hooks/?hooks=optional&test=busy", headers={"HX-Request": "true"}).content.decode()
    assert '<li id="step-test" class="done" hx-swap-oob="true"' in told
    assert f"{bell.key} is in Jira now, as issue {cloud.pair(bell).right_key}." in told
    assert 'id="setup-lead" class="lead" hx-swap-oob="true"' in told
    assert 'id="step-hooks"' not in told
    assert 'hx-trigger="every 3s"' in told
    quiet = browser.get(f"{there}hooks/?hooks=optional&test=done", headers={"HX-Request": "true"}).content.decode()
    assert "hx-swap-oob" not in quiet


def test_the_step_that_sends_one_feature_keeps_the_one_that_was_chosen(cloud: System, browser: Any) -> None:
    """Another one was in step before, and a third is sent after it; its plan is seen first."""
    bell, horn, lamp = (cloud.feature(name) for name in ("Bell", "Horn", "Lamp"))
    there = f"/integrations/{cloud.integration.pk}/"

    def step() -> str:
        page = browser.get(f"{there}setup/").content.decode()
        return str(page.split('<li id="step-test"')[1].split("</li>")[0])

    assert browser.post(f"{there}plan/", {"record": horn.key}).status_code == 302
    assert f'name="record" value="{horn.key}"' in step(), "who saw its plan need not type it again"
    cloud.send(bell)
    assert f"{bell.key} is in Jira now, as issue {cloud.pair(bell).right_key}." in step()
    assert browser.post(f"{there}test/", {"record": horn.key}).status_code == 302
    assert f"{horn.key} is on its way to Jira." in step()
    cloud.send(lamp)
    assert f"{horn.key} is in Jira now, as issue {cloud.pair(horn).right_key}." in step()


def test_the_step_that_sends_one_feature_says_what_keeps_it(cloud: System, browser: Any) -> None:
    """A server that does not answer is no matter of moments: the step says so, and goes on asking."""
    bell = cloud.feature("Bell")
    there = f"/integrations/{cloud.integration.pk}/"
    browser.post(f"{there}test/", {"record": bell.key})
    cloud.integration.trouble = "The server jira.test refuses the connection."
    cloud.integration.save()
    step = browser.get(f"{there}setup/").content.decode().split('<li id="step-test"')[1].split("</li>")[0]
    assert step.startswith(' class="busy"')
    assert f"{bell.key} is sent by itself once this is mended: The server jira.test refuses the connection." in step
    assert "is on its way" not in step


def test_a_webhook_that_delivers_turns_its_step_green(cloud: System, browser: Any) -> None:
    from crosswalk.store.inbox import Delivery, keep
    from crosswalk.store.models import Connection

    def panel() -> str:
        page = browser.get(f"/integrations/{cloud.integration.pk}/setup/").content.decode()
        return str(page.partition("fold-hooks")[2])

    there = f"/integrations/{cloud.integration.pk}/hooks/?hooks=optional&test=open"
    assert "hx-swap-oob" not in browser.get(there).content.decode()
    assert "Only this machine reaches" not in panel(), "both sides run on this machine, and their hooks do come"
    Connection.objects.filter(kind="jira").update(address="https://example.atlassian.net")
    assert "Until then polling finds what changes." in panel(), "nothing that has to be mended"
    assert panel().startswith('"><summary>'), "nobody needs them: they are a line"
    keep(Delivery("aha", b"{}", cloud.now(), integration_id=cloud.integration.pk))
    assert panel().startswith('" open><summary>'), "who began with them sees what is left"
    keep(Delivery("jira", b"{}", cloud.now(), integration_id=cloud.integration.pk))
    assert panel().startswith('"><summary>')
    told = browser.get(there).content.decode()
    assert '<li id="step-hooks" class="done" hx-swap-oob="true"' in told
    assert "Both sides deliver." in told
    assert 'id="step-test"' not in told
    told = browser.get(f"{there}&aha=waiting&jira=waiting").content.decode()
    assert '<div id="hooks-hint" hx-swap-oob="true"></div>' in told, "what was delivered can be reached"


@pytest.mark.parametrize("typed", ["FAB-777", "<b>&amp;", "../../etc/passwd", "=1+1", " ", "🚲" * 60])
def test_a_feature_that_can_not_be_sent_is_said_beside_its_field(cloud: System, browser: Any, typed: str) -> None:
    from django.utils.html import escape

    from crosswalk.store.models import Pair

    before = Pair.objects.count()
    answer = browser.post(f"/integrations/{cloud.integration.pk}/test/", {"record": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    form = page.split('<li id="step-test"')[1].split("</ol>")[0]
    assert f'value="{escape(typed.strip()[:100])}"' in form
    assert f'formaction="/integrations/{cloud.integration.pk}/plan/">See its plan first' in form, "of what is typed"
    assert 'aria-describedby="test-fault"' in form
    assert '<ul class="errorlist" id="test-fault"><li>' in form
    assert Pair.objects.count() == before
