"""Models and deployments, as Azure and OpenAI list them."""

from __future__ import annotations

from antiphon.api.chat.completion import JsonObject
from antiphon.resources.deployments import Deployment
from antiphon.resources.models import MODELS, Model


def azure_models() -> JsonObject:
    """`GET /openai/models`: every model that can be deployed."""
    return {"object": "list", "data": [_azure_model(model) for model in MODELS]}


def azure_deployments(deployments: tuple[Deployment, ...]) -> JsonObject:
    """`GET /openai/deployments`."""
    return {"object": "list", "data": [azure_deployment(deployment) for deployment in deployments]}


def azure_deployment(deployment: Deployment) -> JsonObject:
    created = int(deployment.created_at.timestamp())
    return {
        "id": deployment.name,
        "object": "deployment",
        "model": deployment.model.name,
        "owner": "organization-owner",
        "status": "succeeded",
        "scale_settings": {"scale_type": "standard"},
        "created_at": created,
        "updated_at": created,
    }


def openai_models(deployments: tuple[Deployment, ...]) -> JsonObject:
    """`GET /v1/models`: what a client may name as its `model`; here, that is a deployment."""
    return {"object": "list", "data": [openai_model(deployment) for deployment in deployments]}


def openai_model(deployment: Deployment) -> JsonObject:
    return {
        "id": deployment.name,
        "object": "model",
        "created": int(deployment.created_at.timestamp()),
        "owned_by": "antiphon",
        "shutdown_date": None,
    }


def _azure_model(model: Model) -> JsonObject:
    created = int(model.created_at.timestamp())
    return {
        "id": model.id,
        "object": "model",
        "model": model.name,
        "version": model.version,
        "status": "succeeded",
        "lifecycle_status": model.lifecycle,
        "created_at": created,
        "updated_at": created,
        "capabilities": {
            "fine_tune": False,
            "inference": True,
            "completion": False,
            "chat_completion": "chatCompletion" in model.capabilities,
            "embeddings": False,
            "audio": "audio" in model.capabilities,
            "realtime": "realtime" in model.capabilities,
        },
    }
