"""Changes that are acknowledged, made by a process of its own on a disk that cannot be synced.

Arguments: a data folder, and "deny" to have every sync fail. Writes the changes that succeeded, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.identity.principals import Principals
from antiphon.identity.roles import ROLES
from antiphon.identity.secrets import ServerSecrets
from antiphon.identity.signing import SigningKeys
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal
from antiphon.tls.certificates import LocalCertificates

from ..disks import deny_syncs

Change = Callable[[], Awaitable[Any] | Any]


async def changes_on(data: DataDirectory, database: Database) -> tuple[dict[str, Change], dict[str, Change]]:
    """Those that have to be on the disk before they are acknowledged, and those that need not."""
    account = await ensure_local_account(database)
    seal, blobs = Seal.open(data.seal_key), Blobs.in_folder(data.blobs)
    deployments = Deployments(database, pool=CapacityPool(database=database))
    (deployment, *_) = await deployments.list(account.id)
    principals, roles, sessions = Principals(database), RoleAssignments(database), PortalSessions(database)
    signing = SigningKeys(database, seal)
    await signing.current()
    role = ROLES[0]
    await principals.add("leaving")
    somebody = await principals.named("leaving")
    await roles.assign(somebody.id, role)
    code, used = await sessions.create_code(), await sessions.create_code()
    signed_in = await sessions.sign_in(used)
    assert signed_in is not None
    records = Records(database, blobs, seal)
    completions = StoredCompletions(database, records)
    audio = AudioOutputs(database, blobs, seal)
    certificates = LocalCertificates(data.certificates)
    certificates.current()

    async def store(record_id: str, *, is_stored: bool) -> None:
        said = Piece(name="choice-0.wav", data=b"audio")
        await records.write_pieces(record_id, [*(Piece(name=name, data=b"{}") for name in (PROMPT, COMPLETION)), said])
        await records.add(
            NewRecord(
                id=record_id,
                account_id=account.id,
                deployment=deployment.name,
                model="m",
                principal="key1",
                operation="chatCompletion",
                prompt_tokens=0,
                completion_tokens=0,
                audio=(said.name,),
                is_stored=is_stored,
            )
        )

    for number in range(2):
        await store(f"chatcmpl-old{number}", is_stored=True)

    def later() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=30)

    durable: dict[str, Change] = {
        "a key is regenerated": lambda: AccountKeys(database).regenerate(account.id, "key1"),
        "a principal is made": lambda: principals.add("new"),
        "a role is given": lambda: roles.assign(account.id, role),
        "a role is taken back": lambda: roles.revoke(somebody.id, role),
        "a principal is removed": lambda: principals.remove("leaving"),
        "a deployment is changed": lambda: deployments.update(account.id, deployment.name, capacity=1),
        "a deployment is deleted": lambda: deployments.delete(account.id, deployment.name),
        "a session begins": lambda: sessions.sign_in(code),
        "a session ends": lambda: sessions.end(signed_in.token),
        "all sessions end": sessions.end_all,
        "a signing key is made": signing.rotate,
        "a secret is made": lambda: ServerSecrets(database, seal).get("another"),
        "a completion is stored": lambda: store("chatcmpl-new", is_stored=True),
        "a completion is relabelled": lambda: completions.relabel(account.id, "chatcmpl-old0", {"a": "b"}),
        "a completion is deleted": lambda: completions.delete(account.id, "chatcmpl-old1"),
        "a certificate is issued": certificates.renew,
        "a sealing key is made": lambda: Seal.open(data.path / "another.key"),
        "a database is made": lambda: Database.open(data.path / "another.db"),
    }
    lax: dict[str, Change] = {
        "a request is counted": lambda: RateLimits(database).admit(account.id, deployment, tokens=1),
        "a record is kept": lambda: store("chatcmpl-record", is_stored=False),
        "an audio output is kept": lambda: audio.keep(
            new_audio_id(), account_id=account.id, transcript="t", data=b"d", audio_format="wav"
        ),
        "a session is seen": lambda: PortalSessions(database, clock=later).find(signed_in.token),
    }
    return durable, lax


async def succeeded(change: Change) -> bool:
    try:
        made = change()
        if isinstance(made, Awaitable):
            made = await made
    except Exception as error:  # Whatever it is called: it was not acknowledged.
        print(type(error).__name__, str(error)[:200], file=sys.stderr)
        return False
    if isinstance(made, Database):
        await made.close()
    return True


async def main() -> None:
    data = DataDirectory(path=Path(sys.argv[1]))
    database = await Database.open(data.database)
    durable, lax = await changes_on(data, database)
    if sys.argv[2] == "deny":
        deny_syncs()
    found = {
        "lax": [name for name, change in lax.items() if await succeeded(change)],
        "durable": [name for name, change in durable.items() if await succeeded(change)],
        "all lax": list(lax),
        "all durable": list(durable),
    }
    print(json.dumps(found), flush=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
