"""Whole chat completions, in every combination of text and audio."""

from __future__ import annotations

import base64
import io
import time
import wave
from typing import Any

import av
import pytest
from openai.types.chat import ChatCompletion

from antiphon.dialogue.reply import ReplyFinished, Speech
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.tools import NamedTool
from antiphon.vocabulary.usage import Usage

from ..conftest import CHAT, Server, asking, recording, spoken, wav

pytestmark = pytest.mark.anyio

WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


async def test_a_spoken_answer_is_a_file_and_its_transcript(server: Server):
    response = await server.chat(spoken())
    assert response.status_code == 200
    completion = ChatCompletion.model_validate(response.json())
    message = completion.choices[0].message
    assert message.content is None
    assert message.audio is not None
    assert message.audio.transcript == "Good day, to you."
    assert message.audio.id.startswith("audio_")
    assert message.audio.expires_at == pytest.approx(time.time() + 3600, abs=60)
    with wave.open(io.BytesIO(base64.b64decode(message.audio.data))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert file.getnframes() == 24_000


async def test_the_completion_has_azures_fields_and_invents_no_content_filter(server: Server):
    body = (await server.chat(spoken())).json()
    assert body["object"] == "chat.completion"
    assert body["id"].startswith("chatcmpl-")
    assert body["model"] == "gpt-4o-audio-preview-2024-12-17"
    assert body["system_fingerprint"] == "fp_0123456789"
    assert "prompt_filter_results" not in body
    assert "content_filter_results" not in body["choices"][0]
    assert body["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("audio_format", ["wav", "mp3", "flac", "opus", "aac"])
async def test_every_format_can_be_decoded_again(server: Server, audio_format: str):
    body = (await server.chat(spoken(audio={"voice": "echo", "format": audio_format}))).json()
    data = base64.b64decode(body["choices"][0]["message"]["audio"]["data"])
    with av.open(io.BytesIO(data), "r") as container:
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert seconds == pytest.approx(1.0, abs=0.1)


async def test_pcm16_is_samples_alone(server: Server):
    body = (await server.chat(spoken(audio={"voice": "echo", "format": "pcm16"}))).json()
    assert len(base64.b64decode(body["choices"][0]["message"]["audio"]["data"])) == 48_000


async def test_a_recording_is_answered_in_text(server: Server):
    body = (await server.chat(asking({"type": "text", "text": "What is said?"}, recording()))).json()
    assert body["choices"][0]["message"]["content"] == "Good day."
    assert body["choices"][0]["message"]["audio"] is None
    parts = server.responder.requests[0].conversation[0].parts
    assert parts[0] == "What is said?"
    assert isinstance(parts[1], Speech)
    assert parts[1].audio.seconds == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("modalities", [["text", "audio"], ["audio", "text"]])
async def test_modalities_may_come_in_any_order(server: Server, modalities: list[str]):
    body = (await server.chat(spoken(modalities=modalities))).json()
    assert body["choices"][0]["message"]["audio"]["transcript"] == "Good day, to you."


async def test_usage_counts_text_and_audio(server: Server):
    usage = (await server.chat(spoken())).json()["usage"]
    assert usage["prompt_tokens"] == 19
    assert usage["prompt_tokens_details"] == {
        "audio_tokens": 10,
        "cached_tokens": 0,
        "text_tokens": 9,
        "image_tokens": 0,
    }
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_a_conversation_goes_on_by_audio_id_and_is_then_answered_in_text(server: Server):
    first = (await server.chat(spoken())).json()
    audio_id = first["choices"][0]["message"]["audio"]["id"]
    messages = [
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "audio": {"id": audio_id}},
        {"role": "user", "content": "And now?"},
    ]
    second = (await server.chat({"messages": messages, "model": "whatever"})).json()
    assert second["choices"][0]["message"]["content"] == "Good day."
    assert list(server.responder.requests[1].conversation[1].parts) == ["Good day, to you."]


async def test_several_choices_have_their_own_audio(server: Server):
    body = (await server.chat(spoken(n=3, seed=7))).json()
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]
    assert len({choice["message"]["audio"]["id"] for choice in body["choices"]}) == 3
    assert sorted(request.sampling.seed or 0 for request in server.responder.requests) == [7, 8, 9]
    assert body["usage"]["prompt_tokens"] == 19
    assert body["usage"]["completion_tokens"] == 15


async def test_tool_calls_take_the_place_of_audio(server: Server):
    server.responder.script = [
        ToolCallDelta(index=0, id="call_1", name="weather"),
        ToolCallDelta(index=0, arguments='{"city":'),
        ToolCallDelta(index=0, arguments='"Rome"}'),
        ToolCallEnded(index=0),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    body = (
        await server.chat(spoken(tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "weather"}}))
    ).json()
    choice = body["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["audio"] is None
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"] == [
        {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}
    ]
    assert server.responder.requests[0].tool_choice == NamedTool(name="weather")


async def test_only_those_tools_are_offered_that_are_allowed(server: Server):
    other = {"type": "function", "function": {"name": "other"}}
    allowed = {"mode": "required", "tools": [{"type": "function", "function": {"name": "weather"}}]}
    choice = {"type": "allowed_tools", "allowed_tools": allowed}
    assert (await server.chat(spoken(tools=[WEATHER, other], tool_choice=choice))).status_code == 200
    request = server.responder.requests[0]
    assert ([tool.name for tool in request.tools], request.tool_choice) == (["weather"], "required")
    status, error = await server.error(spoken(tools=[other], tool_choice=choice))
    assert (status, error["param"]) == (400, "tool_choice")


async def test_tool_results_reach_the_responder(server: Server):
    messages = [
        {"role": "user", "content": [recording()]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "Sunny"},
    ]
    assert (await server.chat({"messages": messages, "tools": [WEATHER]})).status_code == 200
    call, result = server.responder.requests[0].conversation[1:]
    assert call.tool_calls[0].name == "weather"
    assert (result.role, result.tool_call_id, list(result.parts)) == ("tool", "c1", ["Sunny"])


async def test_functions_of_the_time_before_tools_are_called_and_answered(server: Server):
    server.responder.script = [
        ToolCallDelta(index=0, id="call_1", name="weather", arguments='{"city":"Rome"}'),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    messages = [
        {"role": "user", "content": "In Rome?"},
        {"role": "assistant", "content": None, "function_call": {"name": "weather", "arguments": "{}"}},
        {"role": "function", "name": "weather", "content": "Sunny"},
    ]
    functions = [{"name": "weather", "parameters": {"type": "object", "properties": {}}}]
    body = (await server.chat(spoken(messages=messages, functions=functions, function_call={"name": "weather"}))).json()
    assert body["choices"][0]["finish_reason"] == "function_call"
    message = body["choices"][0]["message"]
    assert message["function_call"] == {"name": "weather", "arguments": '{"city":"Rome"}'}
    assert "tool_calls" not in message
    request = server.responder.requests[0]
    assert request.tool_choice == NamedTool(name="weather")
    assert not request.parallel_tool_calls
    call, result = request.conversation[1:]
    assert call.tool_calls[0].id == result.tool_call_id
    assert list(result.parts) == ["Sunny"]


async def test_an_answer_names_its_function(server: Server):
    messages = [{"role": "user", "content": "Hi"}, {"role": "function", "content": "Sunny"}]
    status, error = await server.error(spoken(messages=messages))
    assert (status, error["param"]) == (400, "messages.[1].name")
    assert error["message"] == "Missing parameter 'name': messages with role 'function' must have a 'name'."


@pytest.mark.parametrize("options", [
    {"tools": []},
    {"tools": [], "tool_choice": "auto"},
    {"tools": [], "tool_choice": "none"},
    {"tools": None, "tool_choice": None},
    {"functions": [], "function_call": "auto"},
    {"audio": {"voice": {"id": "alloy"}, "format": "wav"}},
    {"messages": [{"role": "user", "content": ""}]},
    {"messages": [{"role": "user", "content": " \n"}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
    {"user_security_context": {"application_name": "a", "end_user_id": "b"}},
    {"prompt_cache_options": {"mode": "explicit"}, "prompt_cache_key": "k", "prompt_cache_retention": "24h"},
    {"safety_identifier": "s", "verbosity": "low", "service_tier": "auto", "reasoning_effort": "low", "user": "u"},
    {"prediction": {"type": "content", "content": "Good day"}},
    {"data_sources": [], "web_search_options": None, "moderation": None},
])  # fmt: skip
async def test_what_is_of_no_use_here_does_no_harm(server: Server, options: dict[str, Any]):
    assert (await server.chat(spoken(**options))).status_code == 200


async def test_whole_numbers_may_have_a_point(server: Server):
    options = {"max_tokens": 40.0, "seed": 7.0, "n": 2.0, "store": True}
    assert (await server.chat(spoken(**options))).status_code == 200
    sampling = server.responder.requests[0].sampling
    assert (sampling.max_tokens, sampling.seed) == (40, 7)
    assert len(server.responder.requests) == 2


@pytest.mark.parametrize("line", [4, 64, 76])
@pytest.mark.parametrize("separator", ["\r\n", "\n", "\n ", "\t"])
async def test_base64_may_have_line_breaks(server: Server, line: int, separator: str):
    data = wav(0.1)
    lines = separator.join(data[start : start + line] for start in range(0, len(data), line))
    for sent in (lines, lines + separator, data + separator, separator + data):
        assert (await server.chat(asking(recording(sent)))).status_code == 200
    parts = [part for request in server.responder.requests for part in request.conversation[0].parts]
    assert len({part.audio.samples.tobytes() for part in parts if isinstance(part, Speech)}) == 1


async def test_options_reach_the_responder(server: Server):
    await server.chat(
        asking(recording(), temperature=0.3, top_p=0.9, max_completion_tokens=50, stop="END", seed=4,
               frequency_penalty=0.5, presence_penalty=-0.5, logprobs=True, top_logprobs=2, logit_bias={"5": -100})
    )  # fmt: skip
    sampling = server.responder.requests[0].sampling
    assert (sampling.temperature, sampling.top_p, sampling.max_tokens) == (0.3, 0.9, 50)
    assert (list(sampling.stop), sampling.seed, sampling.top_logprobs) == (["END"], 4, 2)
    assert (sampling.frequency_penalty, sampling.presence_penalty, sampling.logit_bias) == (0.5, -0.5, {5: -100})


async def test_what_was_said_is_kept_for_an_hour(server: Server):
    audio = (await server.chat(spoken())).json()["choices"][0]["message"]["audio"]
    assert await server.audio_outputs.transcript(server.account_id, audio["id"]) == audio["transcript"]
    assert await server.audio_outputs.data(server.account_id, audio["id"]) == base64.b64decode(audio["data"])


@pytest.mark.parametrize("path", ["/openai/v1/chat/completions", "/v1/chat/completions"])
async def test_v1_routes_take_the_deployment_from_the_body(server: Server, path: str):
    response = await server.client.post(path, json=spoken(model="GPT-4o-audio-preview"))
    assert response.status_code == 200
    assert response.headers["x-ms-deployment-name"] == "gpt-4o-audio-preview"


@pytest.mark.parametrize("path", ["/openai/v1/chat/completions", "/v1/chat/completions"])
@pytest.mark.parametrize("version", ["2024-10-01", "2024-12-17", "2025-06-03"])
async def test_v1_routes_take_a_model_with_its_version_for_its_only_deployment(server: Server, path: str, version: str):
    response = await server.client.post(path, json=spoken(model=f"gpt-4o-audio-preview-{version}"))
    assert response.status_code == 200
    assert response.headers["x-ms-deployment-name"] == "gpt-4o-audio-preview"


async def test_azures_route_takes_deployments_alone(server: Server):
    url = CHAT.replace("gpt-4o-audio-preview", "gpt-4o-audio-preview-2024-12-17", 1)
    assert (await server.client.post(url, json=spoken())).status_code == 404


async def test_responses_carry_azures_headers(server: Server):
    response = await server.client.post("/v1/chat/completions", json=spoken(model="gpt-4o-audio-preview"),
                                        headers={"x-ms-client-request-id": "mine"})  # fmt: skip
    assert response.headers["apim-request-id"] == response.headers["x-request-id"]
    assert response.headers["x-ms-client-request-id"] == "mine"
    assert response.headers["content-type"] == "application/json; charset=utf-8"
