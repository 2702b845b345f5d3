"""Accounts and deployments as Azure Resource Manager shows them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request

from antiphon.api.chat.completion import JsonObject
from antiphon.api.own_address import own_prefix
from antiphon.resources.accounts import Account
from antiphon.resources.deployments import Deployment
from antiphon.resources.hosts import AccountHosts
from antiphon.resources.models import FORMAT, Model

PROVIDER = "Microsoft.CognitiveServices"
ACCOUNT_TYPE = f"{PROVIDER}/accounts"
ACCOUNT_SKU = "S0"

_ENDPOINTS = ("OpenAI Language Model Instance API", "OpenAI Realtime API")
"""The names under which Azure's tools look up an account's endpoint."""
_LOCALHOST = "localhost"
_REQUESTS_SECONDS = 10
_TOKENS_SECONDS = 60
_REQUESTS_PER_CAPACITY = 6
"""Per minute, for each thousand tokens a minute."""


def account_id(account: Account) -> str:
    return (
        f"/subscriptions/{account.subscription_id}/resourceGroups/{account.resource_group}/providers/{PROVIDER}"
        f"/accounts/{account.name}"
    )


def account_json(account: Account, hosts: AccountHosts, request: Request) -> JsonObject:
    endpoint = f"{account_endpoint(account, hosts, request)}/"
    body: JsonObject = {
        **_resource(account),
        "systemData": _system_data(account.created_at),
        "properties": {
            "endpoint": endpoint,
            "endpoints": dict.fromkeys(_ENDPOINTS, endpoint),
            "provisioningState": "Succeeded",
            "internalId": account.id,
            "customSubDomainName": account.name.lower(),
            "disableLocalAuth": account.disable_local_auth,
            "publicNetworkAccess": "Enabled",
            "networkAcls": {"defaultAction": "Allow", "virtualNetworkRules": [], "ipRules": []},
            "dateCreated": _time(account.created_at),
            "callRateLimit": {"rules": []},
            "capabilities": [],
            "privateEndpointConnections": [],
            "isMigrated": False,
        },
    }
    return body | {"etag": _etag(body)}


def resource_json(account: Account) -> JsonObject:
    """The account as one resource among others."""
    return {**_resource(account), "createdTime": _time(account.created_at), "provisioningState": "Succeeded"}


def _resource(account: Account) -> JsonObject:
    return {
        "id": account_id(account),
        "name": account.name,
        "type": ACCOUNT_TYPE,
        "kind": account.kind,
        "location": account.location,
        "sku": {"name": ACCOUNT_SKU},
        "tags": dict(account.tags),
    }


def deployment_json(account: Account, deployment: Deployment) -> JsonObject:
    body: JsonObject = {
        "id": f"{account_id(account)}/deployments/{deployment.name}",
        "name": deployment.name,
        "type": f"{PROVIDER}/accounts/deployments",
        "sku": {"name": deployment.sku_name, "capacity": deployment.capacity},
        "tags": dict(deployment.tags),
        "systemData": _system_data(deployment.created_at),
        "properties": {
            "model": model_reference(deployment.model),
            "versionUpgradeOption": deployment.version_upgrade_option,
            "raiPolicyName": deployment.rai_policy_name,
            "profile": deployment.profile,
            "currentCapacity": deployment.capacity,
            "capabilities": capabilities_json(deployment.model),
            "rateLimits": rate_limits(deployment.capacity),
            "provisioningState": "Succeeded",
        },
    }
    return body | {"etag": _etag(body)}


def model_reference(model: Model) -> JsonObject:
    return {"format": FORMAT, "name": model.name, "version": model.version}


def capabilities_json(model: Model) -> JsonObject:
    return dict.fromkeys(sorted(model.capabilities), "true")


def rate_limits(capacity: int) -> list[Any]:
    """The rate limits of a deployment with that capacity."""
    requests = capacity * _REQUESTS_PER_CAPACITY * _REQUESTS_SECONDS // 60
    return [
        {"key": "request", "renewalPeriod": _REQUESTS_SECONDS, "count": requests},
        {"key": "token", "renewalPeriod": _TOKENS_SECONDS, "count": capacity * 1000},
    ]


def account_endpoint(account: Account, hosts: AccountHosts, request: Request) -> str:
    """An endpoint that the caller can reach: with the scheme, port and prefix of the request."""
    url = request.url
    try:
        asked, port = url.hostname or _LOCALHOST, url.port
    except ValueError:  # The Host header is not a valid host.
        asked, port = _LOCALHOST, None
    host = hosts.host_of(account.name, asked=asked)
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}{'' if port is None else f':{port}'}{own_prefix(request)}"


def _system_data(created_at: datetime) -> JsonObject:
    return {"createdAt": _time(created_at), "lastModifiedAt": _time(created_at)}


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _etag(body: JsonObject) -> str:
    """Changes whenever what is shown does, and only then."""
    return f'"{hashlib.sha256(msgspec.json.encode(body)).hexdigest()[:32]}"'
