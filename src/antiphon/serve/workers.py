"""`Workers`: several processes that serve the same ports, and the parent that looks after them.

- The parent takes the ports, and every worker accepts connections from the same two listeners. If one dies, what waits
  to be accepted is taken by the others.
- Workers are forked, before the parent has started a thread, opened a file of the store or touched a GPU. So they share
  the memory of the program, and the keys that resume TLS sessions.
- The first worker starts alone, since it creates what a new data folder lacks and downloads missing models; the others
  follow when it is ready. If it cannot start, the server does not.
- A worker that dies is replaced: at once after it has served for a while, otherwise after a pause that doubles.
- The worker with fewest connections takes the next one: sessions last long, and chance alone would not spread them.
- Signals reach the parent alone, which passes them on. Workers that have lost their parent come to their end as well.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from antiphon.errors import AntiphonError
from antiphon.seat import Seat
from antiphon.serve.loads import Loads

_log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_SETTLED_SECONDS = 60.0
"""After how long a worker's death says nothing about the next one's chances."""
_READY = b"+"
_MAX_MESSAGE_BYTES = 64 * 1024
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class WorkerFailed(AntiphonError):
    """The first worker could not start. The message says why, in its own words."""


class Parent:
    """A worker's end of the line to its parent."""

    def __init__(self, line: socket.socket, number: int, loads: Loads) -> None:
        self._line = line
        self._number = number
        self._loads = loads

    def has_least(self, connections: int) -> bool:
        """Tell the others how many connections this worker has; return whether none of them has fewer."""
        self._loads.tell(self._number, connections)
        return self._loads.is_least(self._number)

    def is_told_ready(self) -> None:
        """The worker serves."""
        with contextlib.suppress(OSError):  # The parent is gone, which `gone` tells.
            self._line.send(_READY)

    def is_told_failure(self, message: str) -> None:
        with contextlib.suppress(OSError):
            self._line.send(message.encode()[:_MAX_MESSAGE_BYTES])

    @property
    def gone(self) -> socket.socket:
        """Becomes readable when the parent has ended."""
        return self._line


@dataclass(slots=True)
class _Worker:
    """A seat, and the process in it."""

    number: int
    pid: int | None = None
    line: socket.socket | None = None
    starts: int = 0
    started_at: float = 0.0
    is_ready: bool = False
    pause_seconds: float = 0.0
    starts_at: float | None = None
    """When the next process is due; None while there is one."""
    failure: str = ""


@dataclass(slots=True)
class Workers:
    """`work` serves in a worker until told to stop; it raises `AntiphonError` for what the operator has to fix."""

    count: int
    work: Callable[[Seat, Parent], None]
    kill_after_seconds: float
    """How long workers may take to come to their end."""
    _workers: list[_Worker] = field(default_factory=list[_Worker])
    _folder: Path = Path()
    _signals: list[int] = field(default_factory=list[int])
    _loads: Loads = field(init=False)
    _has_served: bool = False
    """Whether the first worker has ever been ready."""

    def run(self) -> None:
        """Serve until told to stop. Raises `WorkerFailed`."""
        self._loads = Loads(self.count)
        self._workers = [_Worker(number) for number in range(1, self.count + 1)]
        with tempfile.TemporaryDirectory(prefix="antiphon-") as folder, self._watching() as selector:
            self._folder = Path(folder)
            gc.collect()
            gc.freeze()  # Looking for garbage would write to the memory that is shared with the workers.
            self._start(self._workers[0])
            try:
                self._look_after(selector)
                self._stop(selector)
            finally:
                self._kill()

    # --- while the server runs ---------------------------------------------------------------------------------------

    def _look_after(self, selector: selectors.BaseSelector) -> None:
        """Until a signal comes."""
        while not self._signals:
            due = [worker.starts_at for worker in self._workers if worker.starts_at is not None]
            self._wait(selector, None if not due else max(0.0, min(due) - time.monotonic()))
            for worker in self._buried():
                self._plan_another(worker)
            for worker in self._workers:
                if worker.starts_at is not None and worker.starts_at <= time.monotonic() and not self._signals:
                    self._start(worker)

    def _plan_another(self, worker: _Worker) -> None:
        if not self._has_served:
            raise WorkerFailed(worker.failure or "The server could not start; its log tells more.")
        if time.monotonic() - worker.started_at >= _SETTLED_SECONDS:
            worker.pause_seconds = 0.0
        else:
            doubled = max(2 * worker.pause_seconds, _FIRST_PAUSE_SECONDS)
            worker.pause_seconds = min(doubled, _LONGEST_PAUSE_SECONDS)
        worker.starts_at = time.monotonic() + worker.pause_seconds
        _log.warning("Worker %d starts again in %g s", worker.number, worker.pause_seconds)

    def _start(self, worker: _Worker) -> None:
        worker.starts += 1
        worker.started_at, worker.starts_at, worker.is_ready, worker.failure = time.monotonic(), None, False, ""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # Until it is settled whose handlers take them.
        pid = os.fork()
        if not pid:
            seat = Seat(number=worker.number, count=self.count, starts=worker.starts, folder=self._folder)
            self._be_a_worker(seat, ours, theirs)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        theirs.close()
        ours.setblocking(False)
        worker.pid, worker.line = pid, ours

    def _be_a_worker(self, seat: Seat, ours: socket.socket, theirs: socket.socket) -> None:
        """In the new process. It never returns: what the parent has to clean up is none of its business."""
        code = 1
        try:
            os.setpgrp()  # A terminal sends its signals to the parent's group.
            signal.set_wakeup_fd(-1)
            for number in (*_SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            for line in (ours, *(worker.line for worker in self._workers)):
                if line is not None:
                    line.close()
            parent = Parent(theirs, seat.number, self._loads)
            try:
                self.work(seat, parent)
                code = 0
            except AntiphonError as error:
                parent.is_told_failure(error.message)
            except OSError as error:
                where = "" if error.filename is None else f"{error.filename}: "
                parent.is_told_failure(f"{where}{error.strerror or error}.")
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else 1
            except BaseException:
                _log.exception("Worker %d failed", seat.number)
        finally:
            sys.stdout.flush()
            logging.shutdown()
            os._exit(code)

    # --- what is seen of the workers ---------------------------------------------------------------------------------

    @contextmanager
    def _watching(self) -> Generator[selectors.BaseSelector]:
        """Signals, the deaths of children among them, wake the selector."""
        waking, woken = socket.socketpair()
        waking.setblocking(False)
        woken.setblocking(False)
        handlers = {number: signal.signal(number, self._take_signal) for number in _SIGNALS}
        handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._wake)
        before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        try:
            with selectors.DefaultSelector() as selector, waking, woken:
                selector.register(woken, selectors.EVENT_READ)
                yield selector
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _take_signal(self, number: int, _: FrameType | None) -> None:
        self._signals.append(number)

    def _wake(self, number: int, _: FrameType | None) -> None:
        """Having a handler is what makes a signal wake the selector."""

    def _wait(self, selector: selectors.BaseSelector, seconds: float | None) -> None:
        """Until something has happened, and what workers say has been taken note of."""
        lines = [(worker, worker.line) for worker in self._workers if worker.line is not None]
        for worker, line in lines:
            selector.register(line, selectors.EVENT_READ, (worker, line))
        try:
            ready = [key for key, _ in selector.select(seconds)]
        finally:
            for _, line in lines:
                selector.unregister(line)
        for key in ready:
            if key.data is None:
                os.read(key.fd, 4096)
            else:
                self._listen_to(*key.data)

    def _listen_to(self, worker: _Worker, line: socket.socket) -> None:
        """A line that ends is closed: the death of its process is noticed by itself."""
        said = b""
        with contextlib.suppress(OSError):
            said = line.recv(_MAX_MESSAGE_BYTES)
        if said == _READY:
            self._welcome(worker)
        elif said:
            worker.failure = said.decode(errors="replace")
        else:
            line.close()
            worker.line = None

    def _welcome(self, worker: _Worker) -> None:
        worker.is_ready = True
        _log.info("Worker %d (process %d) is ready", worker.number, worker.pid)
        if not self._has_served:
            self._has_served = True
            for other in self._workers[1:]:
                self._start(other)

    def _buried(self) -> list[_Worker]:
        """The workers whose processes have ended since the last look, each reported."""
        found: list[_Worker] = []
        for worker in self._workers:
            if worker.pid is None:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if not pid:
                continue
            while worker.line is not None:
                self._listen_to(worker, worker.line)  # Its last words.
            worker.pid = None
            self._loads.leave(worker.number)
            found.append(worker)
            if self._has_served and not self._signals:
                _log.error("Worker %d (process %d) %s", worker.number, pid, _end(status, worker.failure))
        return found

    # --- the end -----------------------------------------------------------------------------------------------------

    def _stop(self, selector: selectors.BaseSelector) -> None:
        """Pass signals on, and wait for the workers to end."""
        passed_on, kills_at = 0, time.monotonic() + self.kill_after_seconds
        while any(worker.pid is not None for worker in self._workers):
            if time.monotonic() >= kills_at:
                _log.error("Some workers have not ended in time, and are killed")
                return
            for _ in self._signals[passed_on:]:
                passed_on += 1
                self._signal(signal.SIGTERM)
            self._wait(selector, kills_at - time.monotonic())
            self._buried()

    def _signal(self, number: signal.Signals) -> None:
        for worker in self._workers:
            if worker.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker.pid, number)

    def _kill(self) -> None:
        """Whatever happens, no worker outlives its parent."""
        self._signal(signal.SIGKILL)
        for worker in self._workers:
            if worker.pid is not None:
                os.waitpid(worker.pid, 0)
                worker.pid = None


def _end(status: int, failure: str) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    because = f": {failure}" if failure else ""
    return f"has ended with {code}{because}"
