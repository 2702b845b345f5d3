"""Labels as they are compared: clients choose them, and no database accepts every text that JSON can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def label_digest(name: str, value: str) -> str:
    """SHA-256 of a label's name and value. Stored: it must stay as it is."""
    return hashlib.sha256(json.dumps([name, value]).encode()).hexdigest()


def label_digests(labels: Mapping[str, str]) -> set[str]:
    return {label_digest(name, value) for name, value in labels.items()}
