"""What the portal's pages send in queries."""

from __future__ import annotations

from starlette.requests import Request

from antiphon.parameters.errors import InvalidRequest


def flag(request: Request, name: str) -> bool | None:
    """Whether it is 1; None if it is left out. Raises `InvalidRequest` for anything other than 0 or 1."""
    match request.query_params.get(name, ""):
        case "":
            return None
        case "0":
            return False
        case "1":
            return True
        case _:
            raise InvalidRequest(f"Invalid '{name}': expected 0 or 1.", param=name, code="invalid_value")


def whole_number(request: Request, name: str, *, default: int, most: int) -> int:
    """A number from 1 to `most`. Raises `InvalidRequest`."""
    given = request.query_params.get(name) or str(default)
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(most)) and 1 <= int(given) <= most):
        raise InvalidRequest(
            f"Invalid '{name}': expected an integer from 1 to {most}.", param=name, code="invalid_value"
        )
    return int(given)


def short_text(request: Request, name: str, *, most: int) -> str:
    """The text, without surrounding spaces; "" if it is left out. Raises `InvalidRequest` for longer text."""
    given = request.query_params.get(name, "").strip()
    if len(given) > most:
        raise InvalidRequest(f"Invalid '{name}': at most {most} characters.", param=name, code="invalid_value")
    return given
