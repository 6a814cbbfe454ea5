"""Jira via Connect, from the installation in Jira to a status that comes back, and through uninstalling and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.path.connecting import ConnectSystem, connecting


@pytest.fixture
def app() -> Iterator[ConnectSystem]:
    with connecting() as found:
        yield found


def look(app: ConnectSystem) -> str:
    """Look at the inbox; the outcome of the last hook."""
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import hooks

    hooks.look(app.engine_as_port(), app.now())
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
