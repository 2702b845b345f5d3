from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from antiphon.compose.authorization import Authorization, open_authorization
from antiphon.errors import ConfigurationError
from antiphon.identity.keys import AccountKeys
from antiphon.identity.tokens import LOCAL_TENANT
from antiphon.resources.accounts import Accounts
from antiphon.settings import IdentitySettings
from antiphon.store.database import Database
from antiphon.store.errors import SealBroken
from antiphon.store.sealing import Seal

pytestmark = pytest.mark.anyio

TENANT = "11111111-2222-4333-8444-555555555555"


async def opened(folder: Path, settings: IdentitySettings, *, key: bytes = bytes(32)) -> Authorization:
    async with AsyncExitStack() as resources, await Database.open(folder / "antiphon.db") as database:
        return await open_authorization(
            database, Seal(key), Accounts(database), AccountKeys(database), settings, resources
        )


async def test_the_settings_say_whose_tokens_are_accepted(tmp_path: Path) -> None:
    settings = IdentitySettings(tenants=(TENANT.upper(),), audiences=("api://mine",), imds=True)
    authorization = await opened(tmp_path, settings)
    trusted = authorization.data.authorizer.tokens._issuers
    assert set(trusted) > {f"https://sts.windows.net/{TENANT}/", f"https://login.microsoftonline.com/{TENANT}/v2.0"}
    assert "api://mine" in authorization.data.authorizer.plane.audiences
    assert authorization.authority.managed_identity.serves_instance_metadata


async def test_the_local_tenant_is_no_tenant_of_entra(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=LOCAL_TENANT):
        await opened(tmp_path, IdentitySettings(tenants=(LOCAL_TENANT,)))


async def test_processes_have_the_same_identity_header(tmp_path: Path) -> None:
    both = [await opened(tmp_path, IdentitySettings()) for _ in range(2)]
    assert len({authorization.authority.managed_identity.identity_header for authorization in both}) == 1
    assert both[0].authority.managed_identity.identity_header not in repr(both[0])


async def test_a_data_folder_sealed_with_another_key_is_told_at_the_start(tmp_path: Path) -> None:
    await opened(tmp_path, IdentitySettings())
    with pytest.raises(SealBroken, match=r"Restore that key"):
        await opened(tmp_path, IdentitySettings(), key=b"x" * 32)
