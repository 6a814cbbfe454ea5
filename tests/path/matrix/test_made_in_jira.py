"""What begins in Jira: features, epics and initiatives that `imports` brings by itself; then they flow both ways."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_import import pair_of, settle_poll
from tests.path.test_match import story

TYPES = {"feature": "Story", "epic": "Epic", "initiative": "Epic"}
PLURAL = {"feature": "features", "epic": "epics", "initiative": "initiatives"}


def mapped(system: System, kind: str) -> str:
    """A mapping that brings issues of the kind's type; the version of a release that is in step."""
    sent = system.send(system.feature("Above"))
    types = dict(system.integration.mapping["types"])
    for other in {"epic", "initiative"} - {kind}:
        types.pop(other, None)
    if kind != "feature":
        types[kind] = {**types[kind], "type": TYPES[kind], "create": "to jira"}
    fields = {one: lines for one, lines in system.integration.mapping["fields"].items() if one in types}
    statuses = {one: table for one, table in system.integration.mapping["statuses"].items() if one in types}
    system.remap(types=types, fields=fields, statuses=statuses, imports="mapped")
    settle_poll(system)
    return str(system.issue(sent.right_key)["fixVersions"][0]["id"])


def made(system: System, kind: str, version: str) -> tuple[str, Ref]:
    """Somebody makes an issue in Jira; what it became."""
    type_ = next(one for one in system.site.types.values() if one.name == TYPES[kind])
    epic = {"customfield_10011": "Horn"} if system.flavour == "dc" and TYPES[kind] == "Epic" else {}
    key = story(system, "Horn", issuetype={"id": type_.id}, description="Loud", fixVersions=[{"id": version}], **epic)
    settle_poll(system)
    pair = pair_of(system, key)
    assert pair is not None, "it was not brought"
    assert (pair.left_kind, pair.state) == (kind, "agreed"), pair.reason
    return key, Ref(kind, pair.left_id, pair.left_key)


def shown(system: System, ref: Ref) -> dict[str, Any]:
    return system.aha.record(PLURAL[ref.kind], ref.id)


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_made_in_jira_is_brought_and_kept_in_step(system: System, kind: str) -> None:
    key, ref = made(system, kind, mapped(system, kind))
    assert shown(system, ref)["name"] == "Horn"
    assert "Loud" in str(shown(system, ref)["description"])
    assert_quiet(system, ref, 1)
    system.jira.edit(key, summary="Bell")
    look(system, ref)
    assert shown(system, ref)["name"] == "Bell"
    stem = f"/products/FAB/initiatives/{ref.id}" if kind == "initiative" else f"/{PLURAL[kind]}/{ref.id}"
    system.aha.put(stem, {kind: {"name": "Whistle", "assigned_to_user": "bruno@example.com"}})
    look(system, ref)
    issue = system.issue(key)
    assert (issue["summary"], issue["assignee"]["displayName"]) == ("Whistle", "Bruno Costa")
    system.jira.edit(key, assignee=None)
    look(system, ref)
    assert shown(system, ref)["assigned_to_user"] is None
    assert_quiet(system, ref, 1)
    system.jira.send("DELETE", f"/issue/{key}")
    look(system, ref)
    assert system.pair(ref).state == "asking"
    assert shown(system, ref)["name"] == "Whistle"


@pytest.mark.parametrize("kind", TYPES)
def test_the_mappings_page_says_how_it_comes(cloud: System, kind: str) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from crosswalk.sync.mapping import MappingRefused

    types = cloud.integration.mapping["types"]
    with pytest.raises(MappingRefused, match="by a setting of the whole mapping, `imports`"):
        cloud.remap(types={**types, kind: {**types[kind], "create": "both"}})
    olga = Client(SERVER_NAME="localhost")
    user = User.objects.create_superuser("olga", password="x")
    olga.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = olga.get(f"/integrations/{cloud.integration.pk}/mapping/{kind}/").content.decode()
    assert "Issues that appear in Jira" in page
    assert "#brought" in page
