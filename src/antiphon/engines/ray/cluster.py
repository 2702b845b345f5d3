"""What is asked of Ray itself: to join a cluster, to have engines run there, and how they are. All of it blocks."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import ray
from ray import serve
from ray.serve.config import AutoscalingConfig, RequestRouterConfig
from ray.serve.handle import DeploymentHandle
from ray.serve.schema import ApplicationStatus, ApplicationStatusOverview, ReplicaState

from antiphon.engines.ray.deployment import APP_PREFIX, EngineDeployment
from antiphon.engines.ray.replica import EngineReplica

_STICKY = "ray.serve.experimental.consistent_hash_router.ConsistentHashRouter"
_STARTS = 3
"""How often a replica may fail to start before the engine is taken to be broken."""
_HEALTH_SECONDS = 2.0
"""Between looks at each replica: one that has died is replaced that much later."""
_TRIES = 5
_POLL_SECONDS = 0.1

_defining = threading.Lock()
"""Serve's definitions are not made for several threads."""


class EngineOnCluster(msgspec.Struct, frozen=True, kw_only=True):
    app: str
    status: str
    """Serve's word, such as RUNNING, DEPLOYING or UNHEALTHY."""
    message: str
    replicas: Mapping[str, int]
    """How many are in each of Serve's states, such as RUNNING or STARTING."""

    @property
    def answers(self) -> bool:
        """Whether there is a replica that takes requests."""
        return self.replicas.get(ReplicaState.RUNNING.value, 0) > 0


class NodeOfCluster(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    is_alive: bool
    resources: Mapping[str, float]
    """Ray's names, such as CPU and GPU, and how many of each there are."""


def join(address: str) -> None:
    """Make this process a driver of the cluster. In a thread other than the main one, it leaves SIGTERM alone.

    Raises `RuntimeError`, which says what to do.
    """
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()  # Ray itself tries for a minute and a half.
    except OSError as error:
        raise RuntimeError(
            f"No Ray cluster answers at {address} ({error.strerror or error}). Start one with `antiphon cluster up`."
        ) from None
    try:
        ray.init(
            address=address,
            namespace="antiphon",
            log_to_driver=False,
            configure_logging=False,
            logging_level=logging.ERROR,
        )
        _start_serve()
        logging.getLogger("ray.serve").setLevel(logging.ERROR)  # It says each time that it is connected.
    except Exception as error:
        raise RuntimeError(
            f"The Ray cluster at {address} cannot be joined: {told(error)} This machine has to be one of its nodes, "
            "which `antiphon cluster up` makes it."
        ) from error


def deploy(deployment: EngineDeployment, *, anew: bool = False) -> DeploymentHandle[Any]:
    """Have the cluster run the engine, and wait until a replica is ready.

    If it runs already, its number of replicas stays as it is unless `anew`, for servers may be older than the settings.
    Replicas that are there go on in either case. Raises `RuntimeError` if the engine cannot be started.
    """
    found = _engine(deployment.app)
    if anew or found is None or not found.answers:
        if found is not None and found.status == ApplicationStatus.DEPLOY_FAILED:
            serve.delete(deployment.app)
        with _defining:
            serve.run_many([_target(deployment)], wait_for_applications_running=False)
    while (found := _engine(deployment.app)) is None or not found.answers:
        if found is not None and found.status == ApplicationStatus.DEPLOY_FAILED:
            raise RuntimeError(found.message)
        time.sleep(_POLL_SECONDS)
    return serve.get_app_handle(deployment.app)


def remove_all_but(kept: Collection[str]) -> Sequence[str]:
    """Take engines off the cluster whose applications are not `kept`. Returns those that were."""
    removed = [app for app in serve.status().applications if app.startswith(APP_PREFIX) and app not in kept]
    for app in removed:
        serve.delete(app)
    return removed


def engines_on_cluster() -> Sequence[EngineOnCluster]:
    return [_told_of(app, found) for app, found in serve.status().applications.items() if app.startswith(APP_PREFIX)]


def nodes() -> Sequence[NodeOfCluster]:
    return [
        NodeOfCluster(
            address=node["NodeManagerAddress"],
            is_alive=node["Alive"],
            resources={name: node["Resources"][name] for name in ("CPU", "GPU") if name in node["Resources"]},
        )
        for node in ray.nodes()
    ]


def leave() -> None:
    with contextlib.suppress(Exception):  # The cluster may be gone.
        ray.shutdown()


def told(error: BaseException) -> str:
    """What an error of Ray's says, in one line of bearable length."""
    return " ".join(str(error).split())[:500] or type(error).__name__


def _engine(app: str) -> EngineOnCluster | None:
    found = serve.status().applications.get(app)
    return None if found is None else _told_of(app, found)


def _told_of(app: str, found: ApplicationStatusOverview) -> EngineOnCluster:
    replicas: Counter[str] = Counter()
    for deployment in found.deployments.values():
        replicas.update({ReplicaState(state).value: count for state, count in deployment.replica_states.items()})
    messages = [found.message, *(deployment.message for deployment in found.deployments.values())]
    return EngineOnCluster(
        app=app, status=found.status.value, message=" ".join(filter(None, messages)), replicas=replicas
    )


def _target(deployment: EngineDeployment) -> serve.RunTarget:
    settings = deployment.settings
    options: dict[str, Any] = {"num_replicas": settings.replicas or 1}
    if settings.max_replicas is not None:
        options = {
            "autoscaling_config": AutoscalingConfig(
                min_replicas=settings.min_replicas or 1,
                max_replicas=settings.max_replicas,
                target_ongoing_requests=settings.target_ongoing_requests,
            )
        }
    if deployment.keeps_conversations:
        options["request_router_config"] = RequestRouterConfig.model_validate({"request_router_class": _STICKY})
    replica: Any = serve.deployment(EngineReplica)
    engine = replica.options(
        _internal=True,
        version=deployment.app,  # Makes it the same to deploy an engine twice: Serve would choose one at random.
        name=deployment.name,
        max_ongoing_requests=settings.max_ongoing_requests,
        max_queued_requests=deployment.max_queued,
        max_constructor_retry_count=_STARTS,
        health_check_period_s=_HEALTH_SECONDS,
        ray_actor_options={"num_cpus": settings.num_cpus, "num_gpus": settings.num_gpus},
        **options,
    )
    return serve.RunTarget(engine.bind(deployment.spec), name=deployment.app, route_prefix=None)


def _start_serve() -> None:
    """Another server may be doing the same, which Serve takes for an error."""
    for attempt in range(_TRIES):
        try:
            serve.start(proxy_location="Disabled")
            return
        except Exception:
            if attempt == _TRIES - 1:
                raise
            time.sleep(1.0)
