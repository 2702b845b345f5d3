"""llama.cpp's own server, as it would run on another machine: `python -m bench.engines.llama_server PORT MODEL`."""

from __future__ import annotations

import signal
import sys
from typing import Any

from antiphon.engines.embedded.llama.library import load_library

KEY = "llama-key"


def main(port: int, model: str) -> None:
    llama_cpp: Any = load_library()
    parameters = llama_cpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.api_keys = [KEY]
    parameters.n_parallel = 2
    parameters.n_ctx = 8192
    parameters.use_jinja = True
    parameters.enable_reasoning = 0
    parameters.ui = False
    parameters.verbosity = -1
    for pool in (parameters.cpuparams, parameters.cpuparams_batch):
        pool.n_threads = 2
        pool.poll = 0
    serving = llama_cpp.Server(parameters)
    print(f"llama.cpp serves at {serving.listening_address}", file=sys.stderr)
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
