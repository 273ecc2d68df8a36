"""The API against its own description: everything is answered as it says, nothing by 500."""

import json

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

EACH = 8
"""Requests that are tried of each operation and kind; more find no more in the time of a test."""


def test_everything_is_answered_as_described(server):
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation.modes import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    told = server.api("GET", "/openapi.json").json
    schema = schemathesis.openapi.from_dict(told)
    # A key each, so that none asks for more than its share.
    keys = json.loads(server.inside(KEYS))
    checks = (
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    )
    tried = set()

    for result in schema.get_all_operations():
        operation = result.ok()
        headers = {"Authorization": f"Bearer {keys.pop()}"}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=EACH,
                database=None,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case):
                answer = case.call(base_url=f"http://127.0.0.1:{server.port}", headers=headers)
                # gunicorn itself reads no longer addresses.
                assert answer.status_code != 429
                if answer.status_code != 414:
                    case.validate_response(answer, checks=checks)

            check()
        tried.add(operation.label)
    assert len(tried) > 25


KEYS = """
from tieline.web.api.keys import make
may = ["READ", "PEOPLE", "EXPORT", "JUDGE", "EVENTS", "MANAGE"]
print(json.dumps([make(f"tester_{n}", may, by="a test")[1] for n in range(40)]))
"""
