from __future__ import annotations

import pytest
from bench.engines.area import measure_stubs

pytestmark = pytest.mark.anyio


async def test_each_stub_is_compared_with_itself_behind_a_url():
    results = await measure_stubs(3)
    assert [result.name.rpartition(": ")[2] for result in results] == 3 * [
        "in this process",
        "behind a URL",
        "added by the URL",
    ]
    assert {result.count for result in results} == {3}
    for here, there, added in zip(results[::3], results[1::3], results[2::3], strict=True):
        assert 0 < here.value < there.value
        assert added.value > 0
