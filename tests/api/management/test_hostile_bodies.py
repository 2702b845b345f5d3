"""A client's fault is never called the server's, whatever stands in a body of resource management."""

from __future__ import annotations

from typing import Any

import pytest

from ...hostile_json import hostile_variants
from .conftest import ACCOUNTS, LOCAL, Management, account, deployment

pytestmark = pytest.mark.anyio

ROLE = f"{LOCAL}/providers/Microsoft.Authorization/roleAssignments/8b9f4f1e-0000-4000-8000-000000000000"
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a deployment": (f"{LOCAL}/deployments/voice", deployment(capacity=10, tags={"a": "b"})),
    "an account": (f"{ACCOUNTS}/other", account()),
    "a role": (ROLE, {"properties": {"roleDefinitionId": "x", "principalId": "y", "principalType": "User"}}),
}


@pytest.mark.parametrize(("path", "body"), BODIES.values(), ids=BODIES.keys())
async def test_no_value_of_a_body_is_a_fault_of_the_server(management: Management, path: str, body: dict[str, Any]):
    for label, text in hostile_variants(body):
        for method in ("PUT", "PATCH"):
            response = await management.client.request(method, f"{path}?api-version=2024-10-01", content=text.encode())
            assert response.status_code < 500, (method, label)
