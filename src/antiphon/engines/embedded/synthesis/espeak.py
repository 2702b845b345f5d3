"""`Espeak`: phonemes of text in many languages, from eSpeak NG in a separate program."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

from antiphon.engines.errors import EngineFailed
from antiphon.hardening.isolation import bare_environment

_PATIENCE_SECONDS = 5.0
"""An answer takes about a millisecond; a program that takes this long is hanging."""


class Espeak:
    """Keeps `espeak_program` running and queries it. Safe to use from several threads, which take turns."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._program: _Program | None = None

    @property
    def process_id(self) -> int | None:
        """The running program; None before the first query and after `close`."""
        return self._program.process_id if self._program else None

    def phonemes(self, text: str, voice: str) -> str:
        """The phonemes of `text` in IPA, in the language of the eSpeak voice `voice` (fr, it, pt-br, …).

        A circumflex ties the parts of a diphthong or an affricate. A program that has died is restarted.

        Raises `EngineFailed` when the program dies or hangs twice over the same text.
        """
        question = f"{voice}\t{' '.join(text.split())}\n".encode(errors="ignore")
        with self._turn:
            for _ in range(2):
                if self._program is None:
                    self._program = _Program()
                answer = self._program.answer(question)
                if answer.endswith(b"\n"):
                    return answer.decode(errors="ignore").strip()
                self._stop()
        raise EngineFailed

    def close(self) -> None:
        """Stop the program. A later query starts it again."""
        with self._turn:
            self._stop()

    def _stop(self) -> None:
        if self._program is not None:
            self._program.stop()
            self._program = None


class _Program:
    """One run of `espeak_program`. It ends when this process does, because its input ends."""

    def __init__(self) -> None:
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "antiphon.engines.embedded.synthesis.espeak_program"],
                env=bare_environment(),
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                start_new_session=True,  # Ctrl-C is meant for the server.
            )
        self._connection.settimeout(_PATIENCE_SECONDS)
        self._answers = self._connection.makefile("rb")

    @property
    def process_id(self) -> int:
        return self._process.pid

    def answer(self, question: bytes) -> bytes:
        """The answer's line; anything but a whole line if the program has died or hangs."""
        try:
            self._connection.sendall(question)
            return self._answers.readline()
        except OSError:
            return b""

    def stop(self) -> None:
        self._answers.close()
        self._connection.close()
        self._process.kill()
        self._process.wait()
