"""What a process in the sandbox can still do, and what not."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from antiphon.audio.decoder import Decoder
from antiphon.audio.pcm import Pcm
from antiphon.hardening.isolation import bare_environment

from ..audio.conftest import WriteFile, humming, write_file
from ..audio.test_decode import UPLOADS

__all__ = ["humming", "write_file"]

ATTEMPTS = {
    "read a file": "open(secret).read()",
    "read a file of its own program": "open(json.__file__).read()",
    "write a file": "open(folder + '/new', 'w')",
    "list a folder": "os.listdir(folder)",
    "delete a file": "os.unlink(secret)",
    "rename a file": "os.rename(secret, secret + '2')",
    "look at a file": "os.stat(secret)",
    "read the server's environment": "open(f'/proc/{os.getppid()}/environ').read()",
    "open a socket": "socket.socket()",
    "open a datagram's socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open a socket of this machine": "socket.socket(socket.AF_UNIX)",
    "open a pair of sockets": "socket.socketpair()",
    "open a pipe": "os.pipe()",
    "fork": "os.fork()",
    "start a thread": "threading.Thread(target=print).start()",
    "start a program": "os.execv('/bin/true', ['true'])",
    "spawn a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "end the server": "os.kill(parent, 15)",
    "ask after the server": "os.kill(parent, 0)",
    "raise its limits": "call('setrlimit', 4, ctypes.byref((ctypes.c_long * 2)(0, 0)))",
    "become somebody else": "os.setuid(1)",
    "move": "os.chdir('/')",
    "make a file in memory": "os.memfd_create('x')",
    "trace the server": "call('ptrace', 16, parent, 0, 0)",
    "read the server's memory": "call('process_vm_readv', parent, 0, 0, 0, 0, 0)",
    "set up io_uring": "os_error(ctypes.CDLL(None, use_errno=True).syscall(425, 1, 0))",
    "call the 32-bit world's numbers": "os_error(ctypes.CDLL(None, use_errno=True).syscall(0x40000000 | 2, 0, 0))",
}
PROGRAM = """
import ctypes, json, os, socket, sys, threading
from antiphon.hardening.sandbox import enter_sandbox

folder, attempts = sys.argv[1], json.loads(sys.argv[2])
secret, parent = folder + "/secret", os.getppid()
library = ctypes.CDLL(None, use_errno=True)

def os_error(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "")

def call(name, *arguments):
    os_error(getattr(library, name)(*arguments))

codes = {name: compile(attempt, "attempt", "eval") for name, attempt in attempts.items()}
entered = enter_sandbox()
results = {}
for name, code in codes.items():
    try:
        eval(code)
        results[name] = "done"
    except PermissionError:
        results[name] = "refused"
    except RuntimeError as error:
        results[name] = "refused" if "start new thread" in str(error) else repr(error)
    except Exception as error:
        results[name] = repr(error)
print(json.dumps({"entered": entered, "results": results, "sum": sum(range(1000)), "memory": len(bytearray(1 << 24))}))
"""


def sandboxed() -> bool:
    """Whether this kernel can do it."""
    status = Path("/proc/self/status")
    return status.exists() and "Seccomp_filters:" in status.read_text() and os.uname().machine in ("x86_64", "aarch64")


def the_decoder() -> psutil.Process:
    (process,) = (child for child in psutil.Process().children() if "antiphon.audio.decoder_process" in child.cmdline())
    return process


needs_seccomp = pytest.mark.skipif(not sandboxed(), reason="the kernel has no seccomp")


@needs_seccomp
def test_nothing_can_be_opened_started_or_reached_but_work_goes_on(tmp_path: Path):
    (tmp_path / "secret").write_text("what was said")
    command = [sys.executable, "-P", "-c", PROGRAM, str(tmp_path), json.dumps(ATTEMPTS)]
    ran = subprocess.run(command, capture_output=True, text=True)
    told = json.loads(ran.stdout)
    assert told["entered"]
    assert told["results"] == dict.fromkeys(ATTEMPTS, "refused")
    assert (told["sum"], told["memory"]) == (499_500, 1 << 24)
    assert os.listdir(tmp_path) == ["secret"]


@needs_seccomp
@pytest.mark.anyio
async def test_every_kind_of_file_is_decoded_in_the_sandbox(write_file: WriteFile, humming: Pcm):
    decoder = Decoder(processes=1)
    try:
        for container, codec, options in UPLOADS.values():
            file = write_file(container, codec, humming, **options)
            decoded = await decoder.decode(file, declared_format="wav", sample_rate=16_000)
            assert decoded.seconds == pytest.approx(humming.seconds, abs=0.2)
        status = await asyncio.to_thread(Path(f"/proc/{the_decoder().pid}/status").read_text)
    finally:
        await decoder.close()
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status


@pytest.mark.parametrize("name", ["ANTIPHON_SEAL_KEY", "AZURE_CLIENT_SECRET", "HF_TOKEN", "SOMETHING_ELSE"])
def test_a_program_is_not_told_what_the_server_is_told(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "secret")
    assert name not in bare_environment()
    assert bare_environment(**{name: "given"})[name] == "given"


@pytest.mark.anyio
async def test_the_decoder_has_none_of_the_servers_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ANTIPHON_SEAL_KEY", "a-secret-of-the-server")
    decoder = Decoder(processes=1)
    try:
        await asyncio.wait_for(decoder.start(), 60)
        environment = the_decoder().environ()
    finally:
        await decoder.close()
    assert "a-secret-of-the-server" not in environment.values()
    assert not [name for name in environment if name.startswith("ANTIPHON_")]
