"""What the page of a plan says beside its counts: what stands above and is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.system import System
from tests.path.test_deletions import signed_in
from tests.path.test_hierarchy import epic
from tests.path.test_mapping_change import _run


def _planned(system: System, records: Sequence[Ref]) -> Any:
    """A plan of these, as the page asks for one; the errand that made it."""
    from crosswalk.sync import errands

    asked = {"scope": errands.JOINED, "records": errands.as_asked(records)}
    errands.begin(system.integration, errands.PLAN, asked, "alice")
    return _run()


def _page(system: System, name: str = "plan") -> str:
    page: str = signed_in().get(f"/integrations/{system.integration.pk}/{name}/").content.decode()
    return page


def test_a_plan_says_what_stands_above_and_is_not_sent(cloud: System) -> None:
    from crosswalk.sync import planfile, planwords

    goal = cloud.aha.post("/products/FAB/initiatives", {"initiative": {"name": "Sound"}})["initiative"]["id"]
    epics = [epic(cloud, name) for name in ("Loud", "Louder", "Nobody")]
    features = [cloud.feature("Bell", epic=epics[0].id), cloud.feature("Horn", epic=epics[1].id, initiative=goal)]
    features += [cloud.feature("Gong", epic=epics[1].id), cloud.feature("Lamp")]
    plan = _planned(cloud, features).result
    assert plan["above"] == {"epic": 2, "initiative": 1}
    said = "2 epics and 1 initiative above these records are not sent: see the page Mapping."
    assert said in planwords.text(plan).splitlines()
    assert said in planfile.as_csv(plan)
    mapping = f"/integrations/{cloud.integration.pk}/mapping/feature/"
    assert f'are not sent: see <a href="{mapping}">the page Mapping</a>.' in _page(cloud)
    assert planwords.above(_planned(cloud, features[3:]).result) == ""
    types = cloud.integration.mapping["types"]
    cloud.remap(types={**types, "epic": {**types["epic"], "create": "to jira"}})
    assert _planned(cloud, features).result["above"] == {"initiative": 1}
