import { describe, expect, it } from "vitest";

import { Driven } from "./drivenConversation";

function answering(): Driven {
  const driven = new Driven({ transport: "webrtc" }).open();
  driven.hear({ type: "response.created", response: { id: "r", status: "in_progress", status_details: null } });
  driven.hear({ type: "response.output_item.added", response_id: "r", item: { id: "i", type: "message", role: "assistant" } });
  driven.hear({ type: "response.audio_transcript.delta", response_id: "r", item_id: "i", delta: "One two three." });
  driven.hear({ type: "output_audio_buffer.started", response_id: "r" });
  return driven;
}

describe("a call", () => {
  it("tells whose audio is played", () => {
    const driven = answering();
    expect(driven.state.playing).toBe("i");
    driven.hear({ type: "output_audio_buffer.stopped", response_id: "r" });
    expect(driven.state.playing).toBeNull();
  });

  it("leaves interruptions to the server, and shows what was heard", () => {
    const driven = answering();
    expect(driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" })).toEqual([]);
    driven.hear({ type: "output_audio_buffer.cleared", response_id: "r" });
    driven.hear({ type: "conversation.item.truncated", item_id: "i", audio_end_ms: 700 });
    const item = { id: "i", type: "message", role: "assistant", content: [{ type: "audio", transcript: "One two" }] } as const;
    driven.hear({ type: "conversation.item.retrieved", item });
    const entry = driven.state.entries.find((each) => each.kind === "assistant");
    expect(entry?.cut).toEqual({ playedMs: 700, silentAfterMs: null, letters: 7 });
  });

  it("clears what is played when something is typed", () => {
    const sent = answering().take({ type: "typed", id: "m", text: "Stop", at: 0 });
    expect(sent).toContainEqual({ type: "send", event: { event_id: "clear", type: "output_audio_buffer.clear" } });
  });
});
