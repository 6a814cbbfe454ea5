"""Webhooks of an OAuth app: one click, one webhook for all integrations, refreshed before its thirty days end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crosswalk.errors import Forbidden, Invalid
from tests.path.granting import Granted, granting
from tests.path.system import running

DAY = 86400.0


@pytest.fixture
def over() -> Iterator[Granted]:
    """An integration over a connection that signed in by consent, with nothing registered yet."""
    from crosswalk.sync import connect_sites

    with granting(lambda: running("cloud")) as found:
        connect_sites.move(found.integration, found.sign_in(), "alice")
        found.forget()
        yield found


def register(over: Granted) -> str:
    from crosswalk.sync import hooking

    over.integration.refresh_from_db()
    return hooking.register(over.integration, "alice")


def keep(over: Granted) -> int:
    """What a round does."""
    from crosswalk.sync import dynamic
    from crosswalk.sync.installation import current

    here = current()
    here.bridges.keep_grants()
    return dynamic.keep_all(here.bridges, over.now())


def there(over: Granted) -> list[Any]:
    """The webhooks that the sandbox Jira has and that have not ended."""
    return [one for one in over.site.subscriptions.values() if one.expires and one.expires > over.now()]


def test_one_click_registers_it_and_it_is_filtered_to_the_projects(over: Granted) -> None:
    assert register(over) == "The app's webhook is registered in Jira."
    (hook,) = there(over)
    assert hook.url.endswith(f"/hooks/jira/{over.integration.hook_secret.reveal()}")
    assert hook.jql == f"project = {over.integration.project}"
    assert register(over) == "Jira has the app's webhook already."
    assert len(there(over)) == 1
    page = over.browser.get(f"/integrations/{over.integration.pk}/setup/").content.decode()
    assert f'It ends <time datetime="{over.grant.hooks_until:%Y-%m-%d}' in page


def test_a_delivery_to_its_address_wakes_the_pair(over: Granted) -> None:
    """What it sends is read like any hook; its address is the integration's, and the secret in it is the proof."""
    from crosswalk.store.inbox import Delivery
    from crosswalk.store.inbox import keep as stored
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import hooks

    ref = over.feature("Bell")
    pair = over.send(ref)
    register(over)
    over.jira.move(pair.right_key, "In Progress")
    assert over.courier.settle()
    sent = [one for one in over.courier.past if "/hooks/jira/" in one.url]
    assert sent, "the sandbox delivers to the app's webhook"
    body = sent[-1].body
    assert b"matchedWebhookIds" in body
    stored(Delivery("jira", body, over.now(), "one", over.integration.pk, {}))
    hooks.look(over.engine_as_port(), over.now)
    assert HookDelivery.objects.get().outcome.startswith("woke 1 pair")


def test_it_lives_on_for_months(over: Granted) -> None:
    register(over)
    first = there(over)[0].id
    looked = 0
    for _ in range(100):
        over.pass_time(DAY)
        looked += keep(over)
        assert [one.id for one in there(over)] == [first]
        assert there(over)[0].expires - over.now() >= timedelta(days=14)
    assert looked == 100, "once a day"
    assert keep(over) == 0


def test_one_that_somebody_deleted_is_made_again_within_a_day(over: Granted) -> None:
    register(over)
    over.site.subscriptions.clear()
    over.pass_time(DAY + 60)
    assert keep(over) == 1
    assert len(there(over)) == 1


def test_another_integration_widens_it_without_a_gap_or_a_double(over: Granted) -> None:
    from crosswalk.store.models import Integration

    register(over)
    old = there(over)[0]
    one = Integration.objects.get()
    Integration.objects.create(
        name="Second", aha=one.aha, jira=one.jira, workspace="9", workspace_key="NIN", project="10001",
        project_key="SEC", hook_secret="second",
    )  # fmt: skip
    over.forget()
    assert keep(over) == 1
    (hook,) = there(over)
    assert hook.jql == "project in (10000, 10001)"
    assert hook.id != old.id
    calls = [method for method, path in over.requests("jira") if path.endswith("/rest/api/3/webhook")]
    assert calls == ["GET", "POST", "DELETE"], "made before the other is taken back"
    assert keep(over) == 0


def test_one_at_an_old_address_gives_way(over: Granted) -> None:
    from crosswalk.store.models import Integration

    register(over)
    one = Integration.objects.get()
    one.hook_secret = "another secret"
    one.save()
    over.pass_time(DAY + 60)
    assert keep(over) == 1
    (hook,) = there(over)
    assert hook.url.endswith("/hooks/jira/another secret")


def test_what_jira_does_not_take_is_said_and_tried_again_an_hour_later(over: Granted) -> None:
    register(over)
    over.site.subscriptions.clear()
    over.fault("jira", kind="status", status=200, method="POST", path_regex="/api/3/webhook$", times=2,
               body='{"webhookRegistrationResult": [{"errors": ["The limit of 5 webhooks is reached"]}]}')  # fmt: skip
    with pytest.raises(Invalid, match="The limit of 5 webhooks is reached"):
        register(over)
    over.pass_time(DAY + 60)
    assert keep(over) == 1
    assert "limit of 5" in over.grant.hooks_trouble
    page = over.browser.get(f"/integrations/{over.integration.pk}/setup/").content.decode()
    assert "Not looked after" in page
    over.pass_time(3000)
    assert keep(over) == 0
    over.pass_time(700)
    assert keep(over) == 1
    assert (over.grant.hooks_trouble, len(there(over))) == ("", 1)


def test_a_consent_without_the_scope_is_told_so(over: Granted) -> None:
    over.server.consents[-1].site_app.scopes = ["read:jira-work", "write:jira-work", "read:jira-user"]
    with pytest.raises(Forbidden) as told:
        register(over)
    assert told.value.code == "O3"
    assert not over.grant.hooks_wanted


def test_webhooks_of_others_are_left_alone(over: Granted) -> None:
    from crosswalk_sandbox.jira.subscriptions import Subscription

    register(over)
    app = over.server.consents[-1].site_app
    strange = Subscription(99, app.name, "https://elsewhere.example.com/hook", ["jira:issue_created"], "project = 1")
    strange.kind, strange.app, strange.expires = "dynamic", app.key, over.now() + timedelta(days=30)
    over.site.subscriptions[99] = strange
    over.pass_time(DAY + 60)
    keep(over)
    assert 99 in over.site.subscriptions
