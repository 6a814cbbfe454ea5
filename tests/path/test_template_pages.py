"""Templates on pages: saved, looked at, used; nobody is changed by what nobody saw; what is one's own is shown."""

from __future__ import annotations

from typing import Any

from tests.path.system import System
from tests.path.test_many import of, project, second
from tests.path.test_match_pages import browser, work
from tests.path.test_templates import direction

__all__ = ["browser"]


def save(system: System, browser: Any, **more: str) -> str:
    """Save the integration as “Ours”; where its page is."""
    sent = {"integration": system.integration.pk, "name": "Ours", **more}
    return str(browser.post("/templates/", sent).url)


def test_a_change_is_seen_for_each_user_before_it_is_used(cloud: System, browser: Any) -> None:
    from crosswalk.store import versions
    from crosswalk.sync import service

    project(cloud, "TIN")
    other = second(cloud)
    page = save(cloud, browser, connections="on")
    assert "a mapping and the connections" in browser.get("/templates/").content.decode()

    def act(what: str) -> str:
        answer = browser.post(page, {"act": what, "integration": other.pk}, follow=True).content.decode()
        work(cloud)
        return str(answer)

    assert "See what it would do, then use it." in act("use"), "nobody uses what they have not seen"
    act("look")
    act("use")
    direction(other, "Name", "to jira")
    direction(cloud.integration, "Tags", "both")
    ref = cloud.feature("Bell")
    service.send(other, [ref], "a test")
    cloud.drain()
    assert of(other, ref).state == "agreed"
    save(cloud, browser)
    shown = browser.get(page).content.decode()
    assert "The template changed since" in shown
    assert "Its own (1): these stay" in shown
    browser.post(page, {"act": "look"})
    work(cloud)
    shown = browser.get(page).content.decode()
    assert "Tags of a feature, direction: off → both ways." in shown
    assert "Left alone" in shown
    assert direction(other, "Tags") == "off"
    assert "the change waits on its page Mapping" in act("use")
    assert direction(other, "Tags") == "off", "records are in step: a person sees the plan first"
    assert versions.draft(other) is not None
    assert "A change waits for a word" in browser.get(page).content.decode()


def test_what_was_changed_since_the_look_is_not_used(cloud: System, browser: Any) -> None:
    project(cloud, "TIN")
    other = second(cloud)
    page = save(cloud, browser)
    browser.post(page, {"act": "look", "integration": other.pk})
    work(cloud)
    direction(other, "Name", "to jira")
    answer = browser.post(page, {"act": "use", "integration": other.pk}, follow=True).content.decode()
    assert "was changed since it was looked at" in answer
    assert direction(other, "Name") == "to jira"


def test_a_new_integration_is_made_where_the_template_brings_connections(cloud: System, browser: Any) -> None:
    from crosswalk.store.models import Integration

    project(cloud, "TIN")
    page = save(cloud, browser)
    wanted = {"act": "new", "name": "Third", "workspace": "FAB", "project": "TIN"}
    assert "brings no connections" in browser.post(page, wanted, follow=True).content.decode()
    save(cloud, browser, connections="on")
    assert "Give it a name" in browser.post(page, {**wanted, "name": ""}, follow=True).content.decode()
    browser.post(page, wanted)
    assert Integration.objects.get(name="Third").enabled is False


def test_what_is_wrong_is_said_and_nothing_is_saved(cloud: System, browser: Any) -> None:
    from crosswalk.store.models import Template

    for sent in ({"name": "x"}, {"integration": "=1", "name": "x"}, {"integration": cloud.integration.pk, "name": " "}):
        answer = browser.post("/templates/", sent, follow=True).content.decode()
        assert "give the template a name" in answer
    assert not Template.objects.exists()
