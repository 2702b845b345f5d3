"""One attacker: `python -m bench.attacks.attacker ATTACK --port … --key … --seconds …`.

It takes what others leave of the processor, since attackers have a machine of their own.
"""

from __future__ import annotations

import argparse
import os
import time

from bench.attacks.attacks import ATTACKS
from bench.attacks.wire import Target

_LEAST_PRIORITY = 19


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.attacks.attacker")
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    os.nice(_LEAST_PRIORITY)
    until = time.monotonic() + options.seconds
    ATTACKS[options.attack](Target(port=options.port, key=options.key, until=until))


if __name__ == "__main__":
    main()
