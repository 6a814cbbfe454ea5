"""The JSON API keeps to the document it serves: schemathesis asks every endpoint with good and with faulty data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from crosswalk.store import tokens
from crosswalk.store.models import Pair
from crosswalk.store.roles import Role

CHECKED = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_every_endpoint_keeps_to_the_document(alice: Any, integration: Any, pair: Any, kind: str) -> None:
    import schemathesis  # takes a second, and every process of the tests reads this module
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS

    mode = GenerationMode(kind)
    pair()
    now = timezone.now()
    token = tokens.make(alice, "robot", Role.OWNER, now + timedelta(days=1), now)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked, seen = set(), set()

    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        asked.add(case.operation.definition.raw["operationId"])
        seen.add(answer.status_code)
        assert answer.status_code not in (403, 500)
        assert answer.status_code != 401 or mode is GenerationMode.NEGATIVE
        case.validate_response(answer, checks=[CHECKS.get_one(name) for name in CHECKED])

    quick = settings(max_examples=3, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            quick(given(case=strategy)(ask))()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.label
    if mode is GenerationMode.POSITIVE:
        assert len(asked) == 44
    assert {200, 404} <= seen if mode is GenerationMode.POSITIVE else {404, 422} & seen
    assert Pair.objects.exists()
