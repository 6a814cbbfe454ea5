"""A mapping that several integrations use: saved, taken, changed as a plan first, with what is an integration's own."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.errors import Refused
from crosswalk.sync.overlay import overlaid, overrides
from tests.path.system import System
from tests.path.test_many import of, project, second
from tests.path.test_renames import rename

words = st.sampled_from(["x", "y", "z"])
data = st.dictionaries(
    st.sampled_from("abc"), st.one_of(words, st.dictionaries(st.sampled_from("de"), words, min_size=1))
)


@given(data, data)
def test_what_is_untouched_becomes_the_template(base: dict[str, Any], new: dict[str, Any]) -> None:
    assert overlaid(base, base, new) == new
    assert overlaid(base, new, base) == new, "and what is its own stays"
    assert overrides(base, base) == {}


def test_a_line_is_one_setting() -> None:
    def lines(*directions: str) -> dict[str, Any]:
        return {
            "fields": {"feature": [{"aha": f"f{n}", "jira": "j", "direction": d} for n, d in enumerate(directions)]}
        }

    assert overlaid(lines("both", "both"), lines("off", "both"), lines("both", "to jira", "both")) == lines(
        "off", "to jira", "both"
    )
    assert list(overrides(lines("both"), lines("off"))) == ["fields.feature.f0 - j"]


def direction(integration: Any, name: str, to: str | None = None) -> str:
    """How a field of features travels; changed where `to` says so."""
    from crosswalk.sync import service

    integration.refresh_from_db()
    mapping = integration.mapping
    (line,) = [one for one in mapping["fields"]["feature"] if one["name"] == name]
    if to is not None:
        line["direction"] = to
        service.set_mapping(integration, mapping)
    return str(line["direction"])


def test_a_change_reaches_all_users_and_what_is_their_own_stays(cloud: System) -> None:
    from crosswalk.cli_many import template
    from crosswalk.store import versions
    from crosswalk.sync import service, templates

    project(cloud, "TIN")
    other = second(cloud)
    templates.save("Ours", cloud.integration, "a test", connections=True)
    templates.use(templates.named("Ours"), other, "a test")
    direction(other, "Name", "to jira")
    direction(cloud.integration, "Tags", "both")
    direction(cloud.integration, "Name", "to aha")
    templates.save("Ours", cloud.integration, "a test")
    told = CliRunner().invoke(template, ["update", "Ours", "--dry-run"]).output
    assert "  Tags of a feature, direction: off → both ways." in told
    assert "  its own, stays: fields.feature.name - summary" in told
    assert direction(other, "Tags") == "off", "a dry run changes nothing"
    ref = cloud.feature("Bell")
    service.send(other, [ref], "a test")
    cloud.drain()
    assert of(other, ref).state == "agreed"
    said = CliRunner().invoke(template, ["update", "Ours"]).output
    assert "Into TIN: the change waits on its page Mapping, with its plan." in said
    assert direction(other, "Tags") == "off", "records are in step: a person sees the plan first"
    draft = versions.draft(other)
    assert draft is not None
    from crosswalk.sync import drafts

    drafts.use(draft, "a test")
    assert (direction(other, "Tags"), direction(other, "Name")) == ("both", "to jira")
    direction(cloud.integration, "Tags", "to jira")
    found = templates.effect(templates.save("Ours", cloud.integration, "a test"), other)
    assert "Tags of a feature, direction: both ways → to Jira." in found.changes, (
        "what was taken by the draft is not its own"
    )
    made = templates.make(templates.named("Ours"), "Third", "FAB", "TIN", "a test")
    assert (made.enabled, direction(made, "Tags"), made.aha_id) == (False, "to jira", cloud.integration.aha_id)


def test_a_template_that_does_not_fit_is_refused_and_changes_nobody(cloud: System) -> None:
    from crosswalk.store.models import Template
    from crosswalk.sync import templates

    before = cloud.integration.mapping
    made = templates.save("Ours", cloud.integration, "a test")
    Template.objects.filter(pk=made.pk).update(data={**before, "types": {"feature": {"type": "No such"}}})
    made.refresh_from_db()
    assert any("does not fit" in line for line in templates.update(made, "a test", dry_run=False))
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping == before
    with pytest.raises(Refused, match="no template “Theirs”"):
        templates.named("Theirs")
    with pytest.raises(Refused, match="brings no connections"):
        templates.make(made, "Third", "FAB", "FAB", "a test")


def test_a_template_follows_what_is_renamed_on_a_side(cloud: System) -> None:
    """A rename is nobody's own setting: what the template says of it later still reaches its users."""
    from crosswalk.sync import service, templates

    project(cloud, "TIN")
    other = second(cloud)
    templates.save("Ours", cloud.integration, "a test")
    templates.use(templates.named("Ours"), other, "a test")
    rename(cloud.site.types, "Story", "Tale")
    for one in (cloud.integration, other):
        service.load_project_data(one)
        one.refresh_from_db()
        assert one.mapping["types"]["feature"]["type"] == "Tale"
    template = templates.named("Ours")
    assert template.data["types"]["feature"]["type"] == "Tale"
    assert [(one.own, one.behind) for one in templates.users(template)] == [((), False)] * 2
    types = cloud.integration.mapping["types"]
    cloud.remap(types={**types, "feature": {**types["feature"], "type": "Task"}})
    found = templates.effect(templates.save("Ours", cloud.integration, "a test"), other)
    assert found.mapping["types"]["feature"]["type"] == "Task"
    assert found.stays == ()
