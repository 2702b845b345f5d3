"""The tokens by which requests are admitted."""

from __future__ import annotations

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.estimate import estimate_tokens
from antiphon.dialogue.reply import ReplyRequest, Speech, Turn
from antiphon.engines.interfaces import Sampling
from antiphon.vocabulary.tools import Tool, ToolCall

LIMITED = Sampling(max_tokens=100)


def request(*parts: str | Speech, **options: object) -> ReplyRequest:
    return ReplyRequest(conversation=[Turn(role="user", parts=parts)], **{"sampling": LIMITED, **options})  # type: ignore[arg-type]


def test_text_counts_by_its_bytes() -> None:
    assert estimate_tokens(request("Hello, world. 123")) == 100 + 4 + 4
    assert estimate_tokens(request("日本語の質問")) == 100 + 4 + 4
    assert estimate_tokens(request("\udcff" * 4)) == 100 + 4 + 3


def test_recordings_count_by_their_seconds() -> None:
    assert estimate_tokens(request(Speech(audio=Pcm.silence(2.5, 16_000)))) == 100 + 4 + 25


def test_each_choice_may_have_as_many_tokens_and_the_prompt_counts_once() -> None:
    assert estimate_tokens(request("Hello, world. 123"), choices=3) == 300 + 8


def test_a_request_without_a_limit_counts_as_an_ordinary_reply() -> None:
    assert estimate_tokens(request("", sampling=Sampling())) == 256 + 4


def test_tools_and_their_calls_count() -> None:
    tool = Tool(name="look", description="Look.", parameters={"type": "object"})
    assert estimate_tokens(request("", tools=[tool])) > estimate_tokens(request("")) + 5
    call = Turn(role="assistant", tool_calls=[ToolCall(id="1", name="look", arguments='{"at": "dog"}')])
    assert estimate_tokens(ReplyRequest(conversation=[call], sampling=LIMITED)) == 100 + 4 + 4
