"""A server that is killed has lost nothing of what it was told, nor of what it had answered."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import openai
import psutil
import pytest
from azure.identity import ClientSecretCredential
from openai import OpenAI

from ..waiting import until
from .running_server import RunningServer, serving

DEPLOYMENT = "voice"
THREADS = 4
ANSWERED = 6
"""How many completions are answered before the kill, while others are under way."""
SECONDS = 180
GREETING = {"role": "user", "content": "My dog is called Bello. Please say hello to him."}
ALOUD: Mapping[str, Any] = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What there was when the server was killed, and the one that was started on its data."""

    key: str
    principal: Mapping[str, str]
    stored_id: str
    audio_id: str
    answered: tuple[str, ...]
    """Completions that clients of several threads had received to their end; they were waiting for more."""
    left_behind: tuple[psutil.Process, ...]
    """Processes that the first one had started."""
    server: RunningServer

    @property
    def client(self) -> OpenAI:
        return client_of(self.server, self.key)


def client_of(server: RunningServer, key: str) -> OpenAI:
    return OpenAI(base_url=f"{server.url}/openai/v1", api_key=key, max_retries=0)


def create(client: OpenAI, message: Any, **options: Any) -> Any:
    return client.chat.completions.create(model=DEPLOYMENT, messages=[message], store=True, **ALOUD, **options)


class Answers:
    """Of clients that ask on and on."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._ids: list[str] = []

    def ask_on(self, client: OpenAI, *, stream: bool) -> None:
        """Until there is no server."""
        while True:
            try:
                answer = create(client, {"role": "user", "content": "Say only: Yes."}, stream=stream, max_tokens=20)
                completion_id = list(answer)[-1].id if stream else answer.id
            except (openai.APIConnectionError, httpx.TransportError):
                return
            with self._news:
                self._ids.append(completion_id)
                self._news.notify_all()

    def wait_for(self, count: int) -> None:
        with self._news:
            assert self._news.wait_for(lambda: len(self._ids) >= count, SECONDS), self._ids

    def ids(self) -> tuple[str, ...]:
        return tuple(self._ids)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, models: None) -> Generator[Killed]:
    data = tmp_path_factory.mktemp("killed")
    answers = Answers()
    with serving(data) as first, ThreadPoolExecutor(THREADS) as threads:
        try:
            first.run("deployments", "create", DEPLOYMENT, "--model", "gpt-4o-audio-preview", "--capacity", "1000")
            principal = first.told("principals", "add", "robot")
            first.run("roles", "assign", "robot", "Cognitive Services OpenAI User")
            wait_for_deployment(first)
            client = client_of(first, first.key)
            greeted = create(client, GREETING, metadata={"kind": "greeting"})
            asking = [threads.submit(answers.ask_on, client, stream=number % 2 == 1) for number in range(THREADS)]
            answers.wait_for(ANSWERED)
            left_behind = tuple(psutil.Process(first.process.pid).children(recursive=True))
        finally:
            first.process.kill()
            first.process.wait()
        for thread in asking:
            thread.result()
    with serving(data) as second:
        yield Killed(
            key=first.key,
            principal=principal,
            stored_id=greeted.id,
            audio_id=greeted.choices[0].message.audio.id,
            answered=answers.ids(),
            left_behind=left_behind,
            server=second,
        )


def wait_for_deployment(server: RunningServer) -> None:
    """A running server follows within two seconds."""
    client = client_of(server, server.key)
    until(lambda: DEPLOYMENT in [model.id for model in client.models.list()])


def test_keys_are_the_same(killed: Killed):
    assert killed.server.key == killed.key
    assert DEPLOYMENT in [model.id for model in killed.client.models.list()]


def test_a_conversation_goes_on_by_audio_id(killed: Killed):
    messages: list[Any] = [
        GREETING,
        {"role": "assistant", "audio": {"id": killed.audio_id}},
        {"role": "user", "content": "What is my dog called?"},
    ]
    completion = killed.client.chat.completions.create(model=DEPLOYMENT, messages=messages)
    assert "Bello" in str(completion.choices[0].message.content)


def test_a_stored_completion_is_found_with_what_was_said(killed: Killed):
    (found,) = killed.client.chat.completions.list(metadata={"kind": "greeting"})
    assert found.id == killed.stored_id
    audio = killed.client.chat.completions.retrieve(found.id).choices[0].message.audio
    assert audio is not None
    assert audio.data
    assert [each.content for each in killed.client.chat.completions.messages.list(found.id)] == [GREETING["content"]]


def test_every_completion_that_was_answered_is_listed(killed: Killed):
    assert len(killed.answered) >= ANSWERED
    listed = {completion.id for completion in killed.client.chat.completions.list(limit=100)}
    assert set(killed.answered) <= listed


def test_a_principal_signs_in(killed: Killed):
    credential = ClientSecretCredential(
        killed.principal["tenant"],
        killed.principal["client_id"],
        killed.principal["client_secret"],
        authority=killed.server.tls_url,
        disable_instance_discovery=True,
        connection_verify=str(killed.server.data / "tls" / "ca.pem"),
    )
    token = credential.get_token("https://cognitiveservices.azure.com/.default").token
    answer = httpx.get(f"{killed.server.url}/openai/v1/models", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_records_are_listed(killed: Killed):
    records = {record["id"]: record for record in killed.server.told("records", "list", "--limit", "1000")}
    assert {killed.stored_id, *killed.answered} <= records.keys()
    record = records[killed.stored_id]
    assert (record["deployment"], record["principal"], record["stored"]) == (DEPLOYMENT, "key1", True)


def test_no_process_is_left_behind(killed: Killed):
    assert psutil.wait_procs(killed.left_behind, timeout=10)[1] == []
