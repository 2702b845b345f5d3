"""One attacker: `python -m bench.attacks.attacker ATTACK --port … --key … --seconds … [--load …]`."""

from __future__ import annotations

import argparse
import time

from bench.attacks.attacks import ATTACKS
from bench.attacks.wire import Target


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.attacks.attacker")
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--load", type=float, default=1.0)
    options = parser.parse_args()
    until = time.monotonic() + options.seconds
    ATTACKS[options.attack](Target(port=options.port, key=options.key, until=until, load=options.load))


if __name__ == "__main__":
    main()
