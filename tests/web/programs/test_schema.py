"""The API against its own description: whatever fits it is answered as it says, and never by 500."""

import json

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

EACH = 6
"""Requests that are tried of each operation and kind; more find no more in the time of a test."""


def test_everything_is_answered_as_described(server):
    from hypothesis import HealthCheck, Phase, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation.modes import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    told = server.api("GET", "/openapi.json").json
    schema = schemathesis.openapi.from_dict(told)
    headers = {"Authorization": f"Bearer {server.key('tester', *KEY)}"}
    checks = (
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    )
    tried = set()

    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=EACH,
                database=None,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @schemathesis.pytest.given_case(operation.as_strategy(generation_mode=mode))
            def check(case):
                case.call_and_validate(
                    base_url=f"http://127.0.0.1:{server.port}", headers=headers, checks=checks
                )

            check()
        tried.add(operation.label)
    assert len(tried) > 25


KEY = ("READ", "PEOPLE", "EXPORT", "JUDGE", "EVENTS", "MANAGE")
