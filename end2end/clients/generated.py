"""Requests that the document of the API generates: what tests of it share."""

import os

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# HAKO_TEST_MORE=10 looks ten times as long.
MORE = int(os.environ.get("HAKO_TEST_MORE", "1"))


def operations_of(document) -> list:
    return [result.ok() for result in document.get_all_operations()]


def is_management(operation) -> bool:
    return operation.path.startswith("/api/v1/mapi/")


def takes_anything(operation) -> bool:
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def name_of(case: schemathesis.Case) -> str:
    return case.operation.definition.raw["operationId"].removesuffix("_by_query")


def is_success(status: int) -> bool:
    return 200 <= status < 300


def bounded(examples: int):
    """Always the same requests, and no more than these."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
