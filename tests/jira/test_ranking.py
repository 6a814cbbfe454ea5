"""The request that ranks issues is the documented one."""

from __future__ import annotations

import json

import jsonschema_rs

from crosswalk.jira.wire_agile import RANKED, rank
from tests.shared_files import shared


def test_a_rank_is_the_documented_request() -> None:
    document = json.loads(shared("fixtures/openapi/jira-cloud-software.json").read_text("utf-8"))
    request = rank([str(number) for number in range(RANKED)], "10000")
    operation = document["paths"][request.path][request.method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    jsonschema_rs.Draft4Validator({"components": document["components"], **schema}).validate(request.body)
    assert str(RANKED) in operation["description"]
