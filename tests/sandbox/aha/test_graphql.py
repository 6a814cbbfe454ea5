"""GraphQL v2: served as the vendor's schema says, and by the same rules as REST."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, build_schema

from crosswalk_sandbox.aha.graphql.server import TABLES, schema
from tests.sandbox.aha.conftest import Aha
from tests.shared_files import shared


def ask(aha: Aha, query: str, code: int = 200, **variables: object) -> Any:
    answer = aha.http.post("/api/v2/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == code, answer.text
    return answer.json()


def data(aha: Aha, query: str, **variables: object) -> Any:
    found = ask(aha, query, **variables)
    assert "errors" not in found, found["errors"]
    return found["data"]


def test_every_type_field_argument_and_value_is_the_vendors() -> None:
    vendor = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text(), assume_valid=True)
    odd = []
    for name, own in schema().type_map.items():
        if name.startswith("__"):
            continue
        theirs = vendor.type_map.get(name)
        if not isinstance(theirs, type(own)):
            odd.append(name)
        if isinstance(own, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
            odd += [f"{name}.{value}" for value in own.values if value not in theirs.values]
        if isinstance(own, GraphQLObjectType) and isinstance(theirs, GraphQLObjectType):
            for field, definition in own.fields.items():
                said = theirs.fields.get(field)
                if said is None or str(said.type) != str(definition.type):
                    odd.append(f"{name}.{field}: {definition.type}")
                    continue
                arguments = {key: str(value.type) for key, value in said.args.items()}
                odd += [
                    f"{name}.{field}({key}: {value.type})"
                    for key, value in definition.args.items()
                    if arguments.get(key) != str(value.type)
                ]
        if isinstance(own, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
            inputs = {key: str(value.type) for key, value in theirs.fields.items()}
            odd += [f"{name}.{key}" for key, value in own.fields.items() if inputs.get(key) != str(value.type)]
    assert odd == []


def test_every_field_that_is_served_is_answered_by_something() -> None:
    missing = [
        f"{name}.{field}"
        for name, table in TABLES.items()
        for field in schema().type_map[name].fields
        if field not in table
    ]
    assert missing == []


LEFT_OUT = frozenset(
    words
    for line in (
        "bookmarksRecordPositions currentSchedulingTeams currentSchedulingTeamsCount dependenciesCount drillInUrl",
        "durationInTeamWorkflowStatus epoch extensionFields ideas ideasCount iteration iterationId manualRiskComment",
        "prioritizedBacklogRank programIncrement programIncrementId researchFolder riskFactors riskFactorsCount",
        "schedulingTeams schedulingTeamsCount scoreFacts scoringSystemId screenDefinition showFeatureRemainingEstimate",
        "tasks team teamId teamLocation teamWorkflowStatus teamWorkflowStatusId terminology",
    )
    for words in line.split()
)
"""What of a record GraphQL does not show here: tools/sandbox_words.py tells it in words."""


@pytest.mark.parametrize(
    "name", ["Feature", "Epic", "Requirement", "Release", "ReleasePhase", "Initiative", "Comment", "Workflow"]
)
def test_every_field_of_a_record_is_served_or_left_out_by_name(name: str) -> None:
    vendor = build_schema(shared("fixtures/openapi/aha-graphql.graphql").read_text(), assume_valid=True)
    theirs, own = vendor.type_map[name], schema().type_map[name]
    assert isinstance(theirs, GraphQLObjectType)
    assert isinstance(own, GraphQLObjectType)
    missing = theirs.fields.keys() - own.fields.keys() - ({"permissions"} if name == "Workflow" else set())
    assert missing <= LEFT_OUT
    assert not own.fields.keys() & LEFT_OUT


def test_what_people_watch_score_plan_and_may_do(aha: Aha) -> None:
    alice = {"watchers": ["alice@example.com"], "score_facts": [{"name": "Benefit", "value": 7}]}
    aha.put("/features/FAB-1", {"feature": alice})
    phase = {"name": "Beta", "phase_type": "milestone", "release_id": "FAB-R-1", "start_on": "2026-12-01"}
    key = aha.http.post("/api/v1/release_phases", json={"release_phase": phase}).json()["release_phase"]["id"]
    aha.put("/features/FAB-1", {"feature": {"release_phase": key}})
    parent = aha.http.get("/api/v1/initiatives/FAB-S-1").json()["initiative"]["id"]
    aha.put("/initiatives/FAB-S-2", {"initiative": {"parent_id": parent}})
    found = data(
        aha,
        """{
      feature(id: "FAB-1") { score watchersCount watchers { name } releasePhase { id name type startOn }
        permissions { show update destroy duplicate } requirements { releasePhaseId integrationLinksCount } }
      release(id: "FAB-R-1") { releasePhasesCount releasePhases { featuresCount features { referenceNum } } }
      initiative(id: "FAB-S-2") { parent { referenceNum } originalEstimate { text } }
      above: initiative(id: "FAB-S-1") { childrenCount children { referenceNum } }
      releasePhases(filters: {}) { totalCount nodes { release { referenceNum } } }
    }""",
    )
    feature = found["feature"]
    assert (feature["score"], feature["watchersCount"], feature["watchers"]) == (7.0, 1, [{"name": "Alice Ng"}])
    assert feature["releasePhase"] == {"id": key, "name": "Beta", "type": "Milestone", "startOn": "2026-12-01"}
    assert feature["permissions"] == dict.fromkeys(("show", "update", "destroy", "duplicate"), True)
    assert found["release"] == {
        "releasePhasesCount": 1,
        "releasePhases": [{"featuresCount": 1, "features": [{"referenceNum": "FAB-1"}]}],
    }
    assert found["initiative"] == {"parent": {"referenceNum": "FAB-S-1"}, "originalEstimate": None}
    assert found["above"] == {"childrenCount": 1, "children": [{"referenceNum": "FAB-S-2"}]}
    assert found["releasePhases"] == {"totalCount": 1, "nodes": [{"release": {"referenceNum": "FAB-R-1"}}]}
    reader = {"Authorization": f"Bearer {aha.credentials['reviewer_token']}"}
    asked = {"query": '{ feature(id: "FAB-1") { permissions { show update } } }'}
    may = aha.http.post("/api/v2/graphql", json=asked, headers=reader).json()["data"]["feature"]["permissions"]
    assert may == {"show": True, "update": False}


EVERYTHING = """
query ($p: ID!) {
  features(filters: {projectId: $p}, order: [{name: updatedAt, direction: DESC}], per: 200) {
    totalCount totalPages currentPage isLastPage
    nodes {
      id referenceNum name path position progress tagList startDate dueDate commentsCount
      description { htmlBody markdownBody attachments { fileName contentType fileSize downloadUrl } }
      workflowStatus { id name internalMeaning color position workflow { name } } workflowKind { id name }
      assignedToUser { id name email initials } createdByUser { name }
      release { referenceNum name releaseDate daysToRelease parkingLot } epic { referenceNum }
      initiative { referenceNum } goals { name } project { referencePrefix }
      requirements { referenceNum name position feature { id } release { id } workflowStatus { name } }
      comments { body user { email } commentable { ... on Feature { referenceNum } } }
      customFieldValues { key value humanValue customFieldOptions { name color } }
      integrationLinks { integration { id name serviceName version } integrationId name url }
      childRecordLinks { linkType childRecord { ... on Feature { name } } }
      originalEstimate { text value units } tags { name color }
    }
  }
}
"""


def test_one_call_reads_features_with_all_that_hangs_on_them(aha: Aha) -> None:
    aha.post("/features/FAB-1/comments", {"comment": {"body": "Hello"}})
    stem = f"/features/FAB-1/integrations/{aha.credentials['integration_id']}/fields"
    for name, value in (("key", "ROAD-1"), ("url", "https://jira.example.com/browse/ROAD-1")):
        aha.post(stem, {"integration_field": {"name": name, "value": value}})
    page = data(aha, EVERYTHING, p="FAB")["features"]
    assert (page["totalCount"], page["totalPages"], page["isLastPage"]) == (12, 1, True)
    assert [node["id"] for node in page["nodes"]]
    feature = next(node for node in page["nodes"] if node["referenceNum"] == "FAB-1")
    rest = aha.feature()
    assert feature["id"] == rest["id"]
    assert feature["description"]["htmlBody"] == rest["description"]["body"]
    assert [r["referenceNum"] for r in feature["requirements"]] == [r["reference_num"] for r in rest["requirements"]]
    assert feature["workflowStatus"]["internalMeaning"] == "NOT_STARTED"
    assert feature["comments"][0]["commentable"] == {"referenceNum": "FAB-1"}
    assert feature["integrationLinks"][0]["name"] == "ROAD-1"


def test_lists_are_scoped_paged_and_clamped(aha: Aha) -> None:
    query = "query($f: FeatureFilters!, $n: Int) { features(filters: $f, per: $n) { nodes { id } totalPages } }"
    assert "Must pass a project ID" in ask(aha, query, f={})["errors"][0]["message"]
    assert "errors" in ask(aha, query, f={"projectId": 7})
    assert "errors" in ask(aha, "{ features(filters: {projectId: 7}) { totalCount } }")
    assert len(data(aha, query, f={"projectId": "FAB"}, n=1)["features"]["nodes"]) == 10
    assert len(data(aha, query, f={"projectId": "FAB"}, n=5000)["features"]["nodes"]) == 12
    assert data(aha, query, f={"id": ["FAB-2"]})["features"]["nodes"] == [{"id": aha.feature("FAB-2")["id"]}]
    shipped = '{projectId: "FAB", workflowMeaning: [SHIPPED]}'
    done = f"query {{ features(filters: {shipped}) {{ nodes {{ workflowStatus {{ name }} }} }} }}"
    assert {n["workflowStatus"]["name"] for n in data(aha, done)["features"]["nodes"]} <= {"Shipped"}
    for plural in ("epics", "requirements", "releases", "initiatives"):
        assert data(aha, f'{{ {plural}(filters: {{projectId: "FAB"}}) {{ nodes {{ id path }} }} }}')[plural]["nodes"]


def test_several_aliased_mutations_in_one_request(aha: Aha) -> None:
    query = """mutation {
      a: createFeature(placement: TOP, attributes: {name: "A", release: {id: "FAB-R-1"}, tagList: "x,y",
          originalEstimate: "2d 1h"}) {
        feature { referenceNum position tagList originalEstimate { text } } errors { attributes { name } } }
      b: updateFeature(id: "FAB-1", attributes: {workflowStatus: {category: "done"}, description: "<b>x</b>",
          assignedToUser: {email: "bruno@example.com"}}) {
        feature { workflowStatus { name } assignedToUser { name } description { htmlBody } }
        errors { attributes { name } } }
      c: createFeature(attributes: {name: "", release: {id: "FAB-R-1"}}) {
        feature { id } errors { attributes { name fullMessages codes messages } } }
      d: createRequirement(attributes: {name: "R", feature: {id: "FAB-2"}}) {
        requirement { referenceNum } errors { attributes { name } } }
      e: createComment(attributes: {commentable: {id: "FAB-1", typename: Feature}, body: "<p>Hi</p>"}) {
        comment { body } errors { attributes { name } } }
      f: setCustomFieldValue(attributes: {record: {id: "FAB-1", typename: Feature}, key: "jira_url",
          value: "https://x.example"}) {
        customFieldValue { key value } errors { attributes { name } } }
      g: createRecordLink(attributes: {parentRecord: {id: "FAB-1", type: Feature},
          childRecord: {id: "FAB-2", type: Feature}, linkType: DEPENDS_ON}) {
        recordLink { linkType } errors { attributes { name } } }
      h: deleteFeature(id: "FAB-3") { feature { referenceNum } errors { attributes { name } } }
    }"""
    got = data(aha, query)
    assert (got["a"]["feature"]["position"], got["a"]["feature"]["originalEstimate"]["text"]) == (1, "2d 1h")
    assert got["b"]["feature"]["workflowStatus"]["name"] == "Ready to ship"
    assert got["b"]["feature"]["description"]["htmlBody"] == "<p><strong>x</strong></p>"
    refused = {
        "name": "name",
        "fullMessages": ["Name can't be blank"],
        "codes": ["blank"],
        "messages": ["can't be blank"],
    }
    assert got["c"] == {"feature": None, "errors": {"attributes": [refused]}}
    assert got["d"]["requirement"]["referenceNum"].startswith("FAB-2-")
    assert got["f"]["customFieldValue"] == {"key": "jira_url", "value": "https://x.example"}
    assert aha.get("/features/FAB-1/record_links")["record_links"][0]["link_type_id"] == 20
    aha.get("/features/FAB-3", 404)
    named = aha.http.get("/_sandbox/requests").json()["by_operation"]
    assert any("createFeature" in name for name in named), named


PLACE = """mutation ($records: [PlaceableRecordInput!]!, $placement: RecordPlacementInput!) {
  placeRecordsInPosition(attributes: {bookmarkType: "Bookmarks::FeaturesBoard", bookmarkId: "1", secondaryScopeId: "1",
    records: $records, placement: $placement}) {
    bookmarksRecordPositions { recordId position } errors { attributes { fullMessages } }
  }
}"""


def test_records_are_placed_among_their_siblings(aha: Aha) -> None:
    def order() -> list[str]:
        first = 'filters: {releaseId: "FAB-R-1"}, order: [{name: position, direction: ASC}]'
        query = f"{{ features({first}) {{ nodes {{ referenceNum }} }} }}"
        return [node["referenceNum"] for node in data(aha, query)["features"]["nodes"]]

    before = order()
    last = {"id": before[-1], "typename": "Feature"}
    first = {"id": before[0], "typename": "Feature"}
    data(aha, PLACE, records=[last], placement={"position": "BEFORE", "record": first})
    assert order() == [before[-1], *before[:-1]]
    data(aha, PLACE, records=[last], placement={"position": "BOTTOM"})
    assert order() == before
    away = {"id": "FAB-1", "typename": "Epic"}
    assert ask(aha, PLACE, records=[away], placement={"position": "TOP"})["errors"][0]["message"] == "Record not found."
    shown = "feature { position } errors { attributes { name } }"
    update = 'mutation { updateFeature(id: "%s", attributes: {position: 1}) { ' + shown + " } }"
    assert data(aha, update % before[-1])["updateFeature"]["feature"]["position"] == 1
    assert order()[0] == before[-1]


def test_a_requirement_moves_to_another_feature(aha: Aha) -> None:
    shown = "requirement { id referenceNum } errors { attributes { name } }"
    query = 'mutation { updateRequirement(id: "FAB-1-1", attributes: {feature: {id: "FAB-2"}}) { ' + shown + " } }"
    moved = data(aha, query)["updateRequirement"]["requirement"]
    assert moved["referenceNum"].startswith("FAB-2-")
    assert aha.get(f"/requirements/{moved['id']}")["requirement"]["feature"]["reference_num"] == "FAB-2"


def test_a_reader_may_ask_but_not_write(aha: Aha) -> None:
    aha.http.headers["Authorization"] = f"Bearer {aha.credentials['reviewer_token']}"
    assert data(aha, "{ user { name } account { domain } }")["user"]["name"] == "Dana Weiss"
    write = 'mutation { deleteFeature(id: "FAB-1") { feature { id } } }'
    assert "permission" in ask(aha, write, 403)["error"]
    aha.http.headers["Authorization"] = "Bearer nonsense"
    ask(aha, "{ user { name } }", 401)


DEEP = '{ feature(id: "FAB-1") { ' + "release { features { " * 12 + "id" + " } }" * 12 + " } }"
AROUND = (
    '{ features(filters: {projectId: "FAB"}) { nodes { '
    + "release { features { " * 7
    + "requirements { id }"
    + " } }" * 7
    + " } } }"
)
TWICE = "query a { user { id } } query a { user { id } }"
LOOP = "{ user { ...a } } fragment a on User { ...a }"


@pytest.mark.parametrize(
    "query",
    [
        "{", "", "x" * 500_000, "{ nothing }", DEEP, LOOP, AROUND, TWICE,
        "{ user { name } } { user { id } }",
        "{ " + "user { name } " * 300 + "}", "{ feature(id: " + "[" * 5000 + "]" * 5000 + ") { id } }",
        '{ feature(id: "FAB-99") { id } }',
        "subscription { user { id } }", 'mutation { updateFeature(id: "FAB-99", attributes: {}) { feature { id } } }',
    ],
)  # fmt: skip
def test_a_query_that_can_not_be_answered_is_no_fault_of_the_server(aha: Aha, query: str) -> None:
    answer = aha.http.post("/api/v2/graphql", json={"query": query}, timeout=60)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        assert answer.json()["errors"][0]["message"]


def test_introspection_is_on(aha: Aha) -> None:
    found = data(
        aha, "{ __schema { queryType { name } types { name fields { name type { kind ofType { name } } } } } }"
    )
    assert found["__schema"]["queryType"] == {"name": "Query"}


def test_sixty_aliased_mutations_in_one_request_and_the_headers_of_the_limit(limited: Aha) -> None:
    one = 'updateFeature(id: "FAB-1", attributes: {name: "%d"}) { feature { name } errors { attributes { name } } }'
    query = "mutation { " + " ".join(f"m{n}: {one % n}" for n in range(60)) + " }"
    answer = limited.http.post("/api/v2/graphql", json={"query": query})
    assert [answer.json()["data"][f"m{n}"]["feature"]["name"] for n in range(60)] == [str(n) for n in range(60)]
    rest = limited.http.get("/api/v1/me")
    for name in ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"):
        assert answer.headers[name].isdecimal()
        assert rest.headers[name].isdecimal()
    assert int(rest.headers["x-ratelimit-remaining"]) == int(answer.headers["x-ratelimit-remaining"]) - 1
    codes = [limited.http.post("/api/v2/graphql", json={"query": "{ user { id } }"}).status_code for _ in range(20)]
    assert codes.count(429) == 2


STATUS = """mutation ($w: ID!) {
  a: createWorkflowStatus(attributes: {name: "Blocked", position: 2, internalMeaning: IN_PROGRESS, color: 255,
      workflow: {id: $w}}) { workflowStatus { id name position color internalMeaning } errors { attributes { name } } }
  b: createWorkflowStatus(attributes: {name: "Shipped", workflow: {id: $w}}) {
    workflowStatus { id } errors { attributes { fullMessages } } }
}"""


def test_workflow_statuses_are_made_changed_and_removed_by_administrators(aha: Aha) -> None:
    flow = aha.get("/products/FAB/workflows")["workflows"][0]
    got = data(aha, STATUS, w=str(flow["id"]))
    made = got["a"]["workflowStatus"]
    assert (made["name"], made["position"], made["color"], made["internalMeaning"]) == (
        "Blocked",
        2,
        255,
        "IN_PROGRESS",
    )
    assert got["b"]["errors"]["attributes"][0]["fullMessages"] == ["Name has already been taken"]
    shown = aha.get(f"/workflows/{flow['id']}")["workflow"]["workflow_statuses"]
    assert [(one["name"], one["position"]) for one in shown][:3] == [
        ("Under consideration", 1),
        ("Blocked", 2),
        ("Ready to develop", 3),
    ]
    aha.put("/features/FAB-1", {"feature": {"workflow_status": "Blocked"}})
    drop = f'mutation {{ deleteWorkflowStatus(id: "{made["id"]}") {{ errors {{ attributes {{ messages }} }} }} }}'
    assert data(aha, drop)["deleteWorkflowStatus"]["errors"]["attributes"]
    rename = f'updateWorkflowStatus(id: "{made["id"]}", attributes: {{name: "Waiting", internalMeaning: DONE}})'
    data(aha, f"mutation {{ {rename} {{ errors {{ attributes {{ name }} }} }} }}")
    status = aha.feature()["workflow_status"]
    assert (status["name"], status["complete"]) == ("Waiting", True)
    aha.put("/features/FAB-1", {"feature": {"workflow_status": "Shipped"}})
    assert data(aha, drop)["deleteWorkflowStatus"]["errors"]["attributes"] == []
    aha.account.users[0].administers = ()
    assert "permission" in ask(aha, STATUS, 403, w=str(flow["id"]))["error"]


VALUES = {
    "jira_url": ("https://x.example", "https://x.example", "https://x.example"),
    "customer_tier": ("Courier", "Courier", "Courier"),
    "acceptance_criteria": ("<b>Rings</b>", "<p><strong>Rings</strong></p>", "<p><strong>Rings</strong></p>"),
    "confidence": (7, 7.0, "7.0"),
    "promised_on": ("2026-12-24", "2026-12-24", "2026-12-24"),
    "platforms": (["City", "Cargo"], ["City", "Cargo"], "City, Cargo"),
    "cost_model": ({"665": 777.5}, {"665": 777.5}, "665: 777.5"),
}
SET = """mutation ($key: String!, $value: JSON) {
  setCustomFieldValue(attributes: {record: {id: "FAB-2", typename: Feature}, key: $key, value: $value}) {
    customFieldValue { key value humanValue customFieldOptions { name hidden } } errors { attributes { fullMessages } }
  }
}"""


@pytest.mark.parametrize("key", VALUES)
def test_custom_field_values_of_every_type(aha: Aha, key: str) -> None:
    given, value, human = VALUES[key]
    got = data(aha, SET, key=key, value=given)["setCustomFieldValue"]
    assert got["errors"]["attributes"] == []
    assert (got["customFieldValue"]["value"], got["customFieldValue"]["humanValue"]) == (value, human)
    gone = data(aha, SET, key=key, value=None)["setCustomFieldValue"]
    assert gone == {"customFieldValue": None, "errors": {"attributes": []}}
    assert key not in [one["key"] for one in aha.feature("FAB-2")["custom_fields"]]


def test_an_attachment_field_shows_its_files_and_takes_no_value(aha: Aha) -> None:
    value = next(one for one in aha.feature()["custom_fields"] if one["type"] == "attachment")
    upload = {"attachment[data]": ("plan.txt", b"x", "text/plain")}
    assert aha.http.post(f"/api/v1/custom_field_values/{value['id']}/attachments", files=upload).status_code == 200
    query = '{ feature(id: "FAB-1") { customFieldValues(keys: ["design_files"]) { value humanValue } } }'
    assert data(aha, query)["feature"]["customFieldValues"] == [{"value": None, "humanValue": "plan.txt"}]
    refused = data(aha, SET, key="design_files", value="x")["setCustomFieldValue"]
    assert refused["errors"]["attributes"]


def test_goals_are_written_and_releases_pursue_initiatives(aha: Aha) -> None:
    shown = "goal { referenceNum name workflowStatus { name } } errors { attributes { name } }"
    create = 'createGoal(attributes: {name: "G", project: {id: "FAB"}, successMetric: {name: "Riders"}})'
    made = data(aha, f"mutation {{ {create} {{ {shown} }} }}")["createGoal"]["goal"]
    update = f'updateGoal(id: "{made["referenceNum"]}", attributes: {{workflowStatus: {{name: "In progress"}}}})'
    assert data(aha, f"mutation {{ {update} {{ {shown} }} }}")["updateGoal"]["goal"]["workflowStatus"] == {
        "name": "In progress"
    }
    assert aha.get(f"/goals/{made['referenceNum']}")["goal"]["success_metric"]["name"] == "Riders"
    listed = '{ goals(filters: {projectId: "FAB"}, order: [{name: position, direction: DESC}]) { nodes { name } } }'
    assert data(aha, listed)["goals"]["nodes"][0] == {"name": "G"}
    pursue = 'updateRelease(id: "FAB-R-1", attributes: {addInitiatives: [{id: "FAB-S-1"}]})'
    data(aha, f"mutation {{ {pursue} {{ errors {{ attributes {{ name }} }} }} }}")
    assert [one["reference_num"] for one in aha.get("/releases/FAB-R-1")["release"]["initiatives"]] == ["FAB-S-1"]


def test_a_workspace_without_a_role_is_not_there_and_one_to_view_is_not_written(aha: Aha) -> None:
    user = aha.account.users[0]
    product = aha.account.products[0]
    user.roles[product.id] = 50
    name = 'updateFeature(id: "FAB-1", attributes: {name: "x"}) { feature { name } }'
    ask(aha, f"mutation {{ {name} }}", 403)
    aha.put("/features/FAB-1", {"feature": {"name": "x"}}, 403)
    assert aha.feature()["name"] != "x"
    user.roles[product.id] = 0
    assert aha.get("/features/FAB-1", 404) == {"error": "Record not found."}
    assert aha.get("/features")["features"] == []
    assert ask(aha, '{ feature(id: "FAB-1") { id } }')["errors"][0]["message"] == "Record not found."
    assert aha.get("/products")["products"] == []
