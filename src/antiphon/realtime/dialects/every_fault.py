"""Names all that is wrong with an event, where reading it ends at the first fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from antiphon.parameters.errors import InvalidRequest

_MOST = 8
"""How many faults are named: each costs another reading of the event."""
_MISSING = "missing_required_parameter"
_STEPS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def with_every_fault(first: InvalidRequest, document: Any, read: Callable[[Any], object]) -> InvalidRequest:
    """`first`, its message followed by those of the faults that are left without what it is about, and so on.

    `document` is changed. It ends where a fault cannot be taken out: something is missing, or an element of a list is
    wrong.
    """
    faults = [first]
    error = first
    while len(faults) < _MOST and error.code != _MISSING and _take_out(document, error.param):
        try:
            read(document)
        except InvalidRequest as found:
            error = found
        else:
            break
        if error.code != _MISSING:  # It may be what has just been taken out.
            faults.append(error)
    if len(faults) == 1:
        return first
    return InvalidRequest(" ".join(map(_placed, faults)), param=first.param, code=first.code)


def _placed(fault: InvalidRequest) -> str:
    """The message, with the parameter if it does not name it: among several, nothing else tells."""
    named = fault.param is None or fault.param in fault.message
    return fault.message if named else f"In '{fault.param}': {fault.message}"


def _take_out(document: Any, param: str | None) -> bool:
    """Whether the parameter was found, and is gone."""
    steps = [int(index) if index else name for name, index in _STEPS.findall(param or "")]
    if not steps or isinstance(steps[-1], int):  # Without an element, the others would have other places.
        return False
    try:
        for step in steps[:-1]:
            document = document[step]
        del document[steps[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True
