"""The portal's paths."""

from __future__ import annotations

from fastapi import FastAPI


def add_portal_routes(api: FastAPI) -> None:
    """Add them all. They find the `PortalServices` as `api.state.services.portal`."""
