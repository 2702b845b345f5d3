"""An S3-compatible store of the tests' own: moto's server, in a process that can be killed."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from dataclasses import dataclass, field

from antiphon.store.blobs import Blobs

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_RUNNING = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")


@dataclass(slots=True)
class S3:
    endpoint: str
    process: subprocess.Popen[str]
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def new_bucket(self) -> str:
        name = f"bucket-{next(self._numbers)}"
        with urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT"), timeout=60):
            return name

    def blobs(self) -> Blobs:
        """Blobs in a bucket of their own."""
        return Blobs.in_bucket(f"s3://{self.new_bucket()}/some/prefix", endpoint=self.endpoint)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)


@contextlib.contextmanager
def s3() -> Generator[S3]:
    command = [sys.executable, "-m", "moto.server", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd="/"
    )
    assert process.stdout is not None
    try:
        said = ""
        while (found := _RUNNING.search(said)) is None:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield S3(found[1], process)
    finally:
        process.kill()
        process.stdout.close()
        process.wait(timeout=30)
