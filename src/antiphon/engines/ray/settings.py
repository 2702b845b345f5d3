"""What `[engines.NAME]` may have besides its kind's own settings once `placement = "ray"` puts it on the cluster."""

from __future__ import annotations

from typing import Annotated

import msgspec

_Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1024)]


class RaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many replicas an engine has, and what each of them gets of its machine."""

    replicas: _Count | None = None
    """A fixed number; 1 if nothing else is said."""
    min_replicas: _Count | None = None
    """With `max_replicas`: as many replicas as the queue needs, but at least this many."""
    max_replicas: _Count | None = None
    target_ongoing_requests: Annotated[float, msgspec.Meta(gt=0)] = 2.0
    """How many requests each replica should have at a time: beyond that, replicas are added, and below it removed."""
    max_ongoing_requests: _Count = 8
    """How many requests are sent to a replica at a time, whether it works on them or they wait there."""
    num_cpus: _Share = 1.0
    """Processors that each replica occupies. Above 1, in whole ones; below, several share one."""
    num_gpus: _Share = 0.0
    """GPUs likewise: 0.5 lets two replicas share one."""
    silent_seconds: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    """How long a replica may be silent, before its answer begins and in the middle of it."""

    def __post_init__(self) -> None:
        if (self.min_replicas is None) != (self.max_replicas is None):
            raise ValueError("min_replicas and max_replicas belong together")
        if self.min_replicas is None or self.max_replicas is None:
            return
        if self.replicas is not None:
            raise ValueError("replicas is a fixed number, which min_replicas and max_replicas contradict")
        if self.min_replicas > self.max_replicas:
            raise ValueError("min_replicas is greater than max_replicas")
