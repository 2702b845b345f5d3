"""Bodies: what the largest recordings cost, and those that should cost next to nothing."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from bench.chat_client import ChatClient, RequestFailed, chat_client, user_speaking
from bench.hostile import SESSION_DESCRIPTION, flac_bomb, fuzzed_wavs
from bench.process_tree import Cost, ProcessTree
from bench.results import Result, median_of, worst_of
from bench.server import Server

_LARGEST_BYTES = 20_000_000
_TOO_LARGE_BYTES = 24_000_000
"""32 MB as base64."""
_SAMPLE_RATE = 48_000
_CHANNELS = 2
_CHUNK_BYTES = 65_536

_HOSTILE_CPU_TARGET_S = 1.0
_HOSTILE_MEMORY_TARGET_MB = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    name: str
    bodies: Iterable[bytes | Iterator[bytes]]
    status: int
    """What the server should answer."""
    is_hostile: bool = True


def measure(server: Server, *, quick: bool) -> list[Result]:
    """Send one body after the other. Raises `RequestFailed` when one is not answered as it should be."""
    times = 1 if quick else 3
    with chat_client(server) as client:
        speech = _stereo(client.say("Tell me a short story about a lighthouse.", voice="alloy"))
        cases = (
            _Case(name="text, called a WAV file", bodies=[_request(SESSION_DESCRIPTION)] * times, status=400),
            _Case(name="fuzzed WAV files", bodies=map(_request, fuzzed_wavs(5 * times)), status=400),
            _Case(name="FLAC bomb", bodies=[_request(flac_bomb(), "flac")] * times, status=400),
            _Case(name="32 MB", bodies=[_request(bytes(_TOO_LARGE_BYTES))] * times, status=413),
            _Case(
                name="32 MB, size not declared",
                bodies=(_in_chunks(_request(bytes(_TOO_LARGE_BYTES))) for _ in range(times)),
                status=413,
            ),
            _Case(
                name="20 MB of silence",
                bodies=[_request(_wav(np.zeros(_LARGEST_BYTES // 2, np.int16)))] * times,
                status=400,
                is_hostile=False,
            ),
            _Case(
                name=f"20 MB of speech ({_LARGEST_BYTES / (2 * _CHANNELS * _SAMPLE_RATE):.0f} s)",
                # Rotated, so that the server does not remember to have heard it.
                bodies=(_request(_wav(np.roll(speech, 2 * index))) for index in range(min(times, 2))),
                status=200,
                is_hostile=False,
            ),
        )
        return [result for case in cases for result in _costs(case, client, server.processes)]


def _costs(case: _Case, client: ChatClient, processes: ProcessTree) -> Sequence[Result]:
    costs = [_cost(case, body, client, processes) for body in case.bodies]
    return [
        median_of(f"{case.name}: until the answer", "s", [cost.wall_s for cost in costs]),
        worst_of(
            f"{case.name}: CPU time",
            "s",
            [cost.cpu_s for cost in costs],
            target=_HOSTILE_CPU_TARGET_S if case.is_hostile else None,
        ),
        worst_of(
            f"{case.name}: memory on top",
            "MB",
            [cost.extra_bytes / 1e6 for cost in costs],
            target=_HOSTILE_MEMORY_TARGET_MB if case.is_hostile else None,
        ),
    ]


def _cost(case: _Case, body: bytes | Iterator[bytes], client: ChatClient, processes: ProcessTree) -> Cost:
    response, cost = processes.cost_of(lambda: client.post(body))
    if response.status_code != case.status:
        raise RequestFailed(f"{case.name}: the answer was {response.status_code}, not {case.status}: {response.text}")
    return cost


def _request(recording: bytes, audio_format: str = "wav") -> bytes:
    """A body that asks for the shortest possible answer, in text, since it is the recording's cost that counts."""
    return msgspec.json.encode({"messages": [user_speaking(recording, audio_format)], "max_completion_tokens": 1})


def _in_chunks(body: bytes) -> Iterator[bytes]:
    """The body without telling its size first."""
    return (body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES))


def _stereo(speech: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """The samples of a WAV file of 24 kHz mono over and over, at twice the rate and in both channels, to 20 MB."""
    with wave.open(io.BytesIO(speech)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return np.resize(np.repeat(samples, 2 * _CHANNELS), _LARGEST_BYTES // 2)


def _wav(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> bytes:
    """Interleaved samples as a file such as a recorder writes, a little less than 20 MB with its header."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(_CHANNELS)
        file.setsampwidth(2)
        file.setframerate(_SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return data.getvalue()
