"""The execution options that tell the databases' own modules what a transaction is for."""

from __future__ import annotations

WRITES = "antiphon_writes"
"""Of connections whose transactions write."""

LAX = "antiphon_lax"
"""Of transactions that a power cut, but not the death of the process, may undo."""

ALONE = "antiphon_alone"
"""Of transactions that run one after another, in all processes. SQLite's writing transactions always do."""

REBUILDS = "antiphon_rebuilds"
"""Of transactions that may replace tables that rows refer to."""
