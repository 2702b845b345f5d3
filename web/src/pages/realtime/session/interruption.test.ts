import { describe, expect, it } from "vitest";

import { AUDIO, Driven, sentOf } from "./drivenConversation";
import type { ServerEvent } from "./wire";

describe("an interruption", () => {
  function interrupted(): Driven {
    const driven = new Driven().open();
    driven.reply("a", "r", ["One two", " three four."]);
    driven.take({ type: "playing", id: "a" });
    return driven;
  }

  it("silences playback at once, and then truncates at what was played", () => {
    const driven = interrupted();
    expect(driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" }, 500)).toEqual([{ type: "silence" }]);
    expect(driven.take({ type: "cleared", playedMs: new Map([["a", 120.9]]), at: 512 })).toEqual([
      {
        type: "send",
        event: { event_id: "truncate_a", type: "conversation.item.truncate", item_id: "a", content_index: 0, audio_end_ms: 120 },
      },
    ]);
    expect(driven.entry("a")).toMatchObject({ cut: { playedMs: 120, silentAfterMs: 12, letters: "One two three".length } });
  });

  it("plays nothing more of what it cut, neither before nor after playback is silent", () => {
    const driven = interrupted();
    const late: ServerEvent = { type: "response.audio.delta", response_id: "r", item_id: "a", delta: AUDIO };
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    expect(driven.hear(late)).toEqual([]);
    driven.take({ type: "cleared", playedMs: new Map([["a", 120]]), at: 0 });
    expect(driven.hear(late)).toEqual([]);
    expect(driven.hear({ type: "response.audio.done", response_id: "r", item_id: "a" })).toEqual([]);
  });

  it("strikes what the server says was not heard", () => {
    const driven = interrupted();
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    driven.take({ type: "cleared", playedMs: new Map([["a", 120]]), at: 0 });
    expect(sentOf(driven.hear({ type: "conversation.item.truncated", item_id: "a", audio_end_ms: 120 }))).toMatchObject([
      { type: "conversation.item.retrieve", item_id: "a" },
    ]);
    const content = [{ type: "audio", transcript: "One two" }];
    driven.hear({ type: "conversation.item.retrieved", item: { id: "a", type: "message", role: "assistant", content } });
    expect(driven.entry("a")).toMatchObject({ cut: { letters: "One two".length } });
  });

  it("strikes all of a reply whose sound had not begun", () => {
    const driven = new Driven().open();
    driven.reply("a", "r", ["One."]);
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    expect(sentOf(driven.take({ type: "cleared", playedMs: new Map(), at: 0 }))).toMatchObject([{ audio_end_ms: 0 }]);
    expect(driven.entry("a")).toMatchObject({ cut: { letters: 0 } });
  });

  it("leaves alone what was heard to its end", () => {
    const driven = interrupted();
    driven.take({ type: "played", id: "a" });
    driven.take({ type: "playing", id: null });
    expect(driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" })).toEqual([]);
  });

  it("happens by typing as well: what is cut is cut before the new turn", () => {
    const driven = interrupted();
    expect(driven.take({ type: "typed", id: "m", text: "Stop", at: 0 })).toEqual([
      { type: "send", event: { event_id: "cancel", type: "response.cancel" } },
      { type: "silence" },
    ]);
    const sent = sentOf(driven.take({ type: "cleared", playedMs: new Map([["a", 50]]), at: 0 }));
    expect(sent.map((event) => event.type)).toEqual(["conversation.item.truncate", "conversation.item.create", "response.create"]);
  });

  it("does not truncate what an earlier session has said", () => {
    const driven = interrupted();
    driven.take({ type: "closed" });
    driven.take({ type: "retry" });
    driven.hear({ type: "session.created", session: {} });
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    expect(driven.take({ type: "cleared", playedMs: new Map([["a", 120]]), at: 0 })).toEqual([]);
    expect(driven.entry("a")).toMatchObject({ cut: { playedMs: 120 } });
  });
});
