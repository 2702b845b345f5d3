"""What the server measures of itself beside requests and replies: its process, its store, and what is limited."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from antiphon.api.bodies import BodyReader
from antiphon.api.draining import Draining
from antiphon.api.measures import Use, process_families
from antiphon.api.metrics import queue_families
from antiphon.audio.decoder import Decoder
from antiphon.resources.record_writer import RecordWriter
from antiphon.seat import Seat
from antiphon.store.database import Database
from antiphon.store.space import DiskSpace
from antiphon.telemetry.measures import Family, counter, gauge

_RESIDENT_PAGES = 1
"""The field of /proc/self/statm."""


def process_measures(seat: Seat, draining: Draining) -> Callable[[], Sequence[Family]]:
    started_at = time.time()

    def families() -> list[Family]:
        return [
            *process_families(
                cpu_seconds=time.process_time(),
                resident_bytes=_resident_bytes(),
                started_at=started_at,
                starts=seat.starts,
            ),
            gauge(
                "antiphon_under_way", "Requests being answered, and WebSockets that are open.", ({}, draining.under_way)
            ),
            gauge("antiphon_stopping", "1 once the server has been told to stop.", ({}, int(draining.is_draining))),
        ]

    return families


def store_measures(database: Database, space: DiskSpace, writer: RecordWriter) -> Callable[[], Sequence[Family]]:
    def families() -> list[Family]:
        return [
            gauge("antiphon_store_up", "1 if the last write succeeded.", ({}, int(database.trouble is None))),
            gauge("antiphon_disk_free_bytes", "What is left of the data folder's disk.", ({}, space.free_bytes)),
            counter("antiphon_records_dropped_total", "Records that were not written.", ({}, writer.dropped)),
        ]

    return families


def decoder_measures(decoder: Decoder) -> Callable[[], Sequence[Family]]:
    return lambda: queue_families({"decoder": decoder.turns})


def uses(decoder: Decoder, bodies: BodyReader, writer: RecordWriter) -> Use:
    return lambda: {
        "decoded_seconds": (decoder.held_seconds, decoder.max_seconds),
        "large_bodies": (bodies.large_held, bodies.max_large),
        "record_bytes": (writer.waiting_bytes, writer.max_bytes),
    }


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[_RESIDENT_PAGES])
    except (OSError, ValueError, IndexError):  # Not Linux.
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
