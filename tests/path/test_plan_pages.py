"""What the page of a plan says beside its counts: what stands above and is not sent, and that it is overtaken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.system import System
from tests.path.test_deletions import signed_in
from tests.path.test_doubles import forget_pairs
from tests.path.test_hierarchy import epic
from tests.path.test_mapping_change import _run

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/plan.md"


def _planned(system: System, records: Sequence[Ref]) -> Any:
    """A plan of these, as the page asks for one; the errand that made it."""
    from crosswalk.sync import errands

    asked = {"scope": errands.JOINED, "records": errands.as_asked(records)}
    errands.begin(system.integration, errands.PLAN, asked, "alice")
    return _run()


Page = Callable[..., str]


@pytest.fixture
def page(cloud: System) -> Page:
    """A page of the integration, as Alice sees it, who owns this Crosswalk."""
    browser = signed_in()

    def shown(name: str = "plan") -> str:
        found: str = browser.get(f"/integrations/{cloud.integration.pk}/{name}/").content.decode()
        return found

    return shown


def test_one_reason_stands_once_also_where_it_names_each_record(cloud: System, page: Page) -> None:
    bells = [cloud.feature(f"Bell {number}") for number in range(3)]
    issues = [cloud.send(ref).right_key for ref in bells]
    forget_pairs(cloud)
    assert len(_planned(cloud, bells).result["doubts"]) == 3
    shown = page().partition('id="doubts"')[2]
    assert shown.count("as its issue in Jira already") == 1
    assert f"<strong>3 records, for example:</strong> {bells[0]} shows {issues[0]} as its issue" in shown
    assert f"</summary>{', '.join(map(str, bells))}</details>" in shown


def test_a_plan_says_what_stands_above_and_is_not_sent(cloud: System, page: Page) -> None:
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
    mapping = f"/integrations/{cloud.integration.pk}/mapping"
    assert f'are not sent: see <a href="{mapping}/epic/">the page Mapping</a>.' in page()
    assert planwords.above(_planned(cloud, features[3:]).result) == ""
    types = cloud.integration.mapping["types"]
    cloud.remap(types={**types, "epic": {**types["epic"], "create": "to jira"}})
    assert _planned(cloud, features).result["above"] == {"initiative": 1}
    assert f'is not sent: see <a href="{mapping}/initiative/">the page Mapping</a>.' in page()


def test_a_plan_is_overtaken_once_records_are_sent_or_the_mapping_changed(cloud: System, page: Page) -> None:
    features = [cloud.feature("Bell", 1), cloud.feature("Horn")]
    plan = _planned(cloud, features)
    counts = "In the last plan: Aha!: 4 links to Jira; Jira: 4 to be made (1 release, 2 features, 1 requirement)."
    assert counts in page("setup")
    assert ('id="overtaken"' in page(), page().count("sent since")) == (False, 0)
    cloud.send(features[1])
    assert "2 records were sent since: make it again." in page(), "with its release"
    cloud.send(features[0])
    said = "4 records were sent since"
    assert f"{said}: make it again." in page()
    steps = page("setup")
    assert f"The last plan is overtaken. {said}: make it again." in steps
    assert counts not in steps
    lines = cloud.integration.mapping["fields"]["feature"]
    cloud.remap(fields={**cloud.integration.mapping["fields"], "feature": lines[:-1]})
    assert f"{said}, and the mapping was changed since: make it again." in page()
    plan = _planned(cloud, features)
    assert plan.result["patches"] == []
    assert 'id="overtaken"' not in page()
    plan.result.pop("mapping")  # as an earlier version kept it
    plan.save()
    assert 'id="overtaken"' not in page()


def test_a_plan_says_of_when_the_project_data_is_that_it_was_made_with(cloud: System, page: Page) -> None:
    from crosswalk.sync import planfile, service

    feature = cloud.feature("Bell")
    service.load_project_data(cloud.integration)
    cloud.pass_time(3000)
    _planned(cloud, [feature])
    assert "Project data of" not in page()
    assert "The project data is of" not in planfile.written(cloud.integration, "all", "text")
    cloud.pass_time(3000)
    _planned(cloud, [feature])
    settings = f"/integrations/{cloud.integration.pk}/settings/"
    assert re.search(rf'Project data of <time [^<]*</time> <a href="{settings}#data">Load again</a>', page())
    told = planfile.written(cloud.integration, "all", "text")
    loaded = re.search(r"^The project data is of (.{16}) UTC: `crosswalk load` reads it anew\.$", told, re.MULTILINE)
    assert loaded is not None
    assert loaded[1] < f"{cloud.now():%Y-%m-%d %H:%M}"
    service.load_project_data(cloud.integration)
    assert "The project data was loaded since: make it again." in page()
    plan = _planned(cloud, [feature])
    assert ("Project data of" in page(), 'id="overtaken"' in page()) == (False, False)
    plan.result.pop("loaded")  # as an earlier version kept it
    plan.save()
    assert ("Project data of" in page(), 'id="overtaken"' in page()) == (False, False)


def test_the_docs_tell_of_every_key_of_a_plans_file(cloud: System) -> None:
    from crosswalk.sync import planfile

    table = HOW_TO.read_text("utf-8").partition("| key | what it holds |")[2].partition("\n\n")[0]
    told = {key for row in table.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1] if row else "")}
    written = json.loads(planfile.written(cloud.integration, "all", "json"))
    assert told == written.keys() == _planned(cloud, [cloud.feature("Bell")]).result.keys()
