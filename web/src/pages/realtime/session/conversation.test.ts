import { describe, expect, it } from "vitest";

import { Driven, sentOf } from "./drivenConversation";
import { wordsOf } from "./spoken";
import { EXAMPLE } from "./tools";

describe("a session", () => {
  it("is told all settings when it opens, and then only what has changed", () => {
    const driven = new Driven({ instructions: "Be brief.", voice: "alloy" }).open();
    expect(driven.sent()).toEqual([
      {
        event_id: "settings",
        type: "session.update",
        session: {
          instructions: "Be brief.",
          voice: "alloy",
          temperature: 0.8,
          turn_detection: { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 },
          input_audio_transcription: { model: "whisper-1" },
          tools: [],
        },
      },
    ]);
    driven.take({ type: "settings", settings: { ...driven.state.settings, threshold: 0.7 } });
    const turn_detection = { type: "server_vad", threshold: 0.7, prefix_padding_ms: 300, silence_duration_ms: 500 };
    expect(sentOf(driven.take({ type: "apply" }))).toEqual([{ event_id: "settings", type: "session.update", session: { turn_detection } }]);
    expect(driven.take({ type: "apply" })).toEqual([]);
  });

  it("is told everything anew after it has refused a change", () => {
    const driven = new Driven().open();
    driven.take({ type: "settings", settings: { ...driven.state.settings, temperature: 9 } });
    driven.take({ type: "apply" });
    driven.hear({ type: "error", error: { code: "invalid_value", message: "No.", event_id: "settings" } });
    expect(driven.state.notices).toMatchObject([{ kind: "error", detail: "No." }]);
    driven.take({ type: "settings", settings: { ...driven.state.settings, temperature: 1 } });
    expect(sentOf(driven.take({ type: "apply" }))).toMatchObject([{ session: { temperature: 1, tools: [] } }]);
  });

  it("keeps its voice once it has spoken, until another one begins", () => {
    const driven = new Driven({ voice: "alloy" }).open();
    driven.reply("a", "r", ["Yes."]);
    driven.take({ type: "settings", settings: { ...driven.state.settings, voice: "echo" } });
    expect(driven.take({ type: "apply" })).toEqual([]);
    driven.take({ type: "disconnect" });
    driven.effects = [];
    driven.open();
    expect(driven.sent()[0]).toMatchObject({ session: { voice: "echo" } });
  });

  it("hears a message that was typed before it was open", () => {
    const driven = new Driven();
    expect(driven.take({ type: "typed", id: "m", text: "Hello", at: 0 })).toEqual([{ type: "open", deployment: "realtime" }]);
    const sent = sentOf(driven.hear({ type: "session.created", session: {} }));
    expect(sent.map((event) => event.type)).toEqual(["session.update", "conversation.item.create", "response.create"]);
  });
});

describe("a lost connection", () => {
  it("is tried again ever more slowly, until the server answers", () => {
    const driven = new Driven().open();
    expect(driven.take({ type: "closed" })).toEqual([{ type: "retryIn", ms: 500 }]);
    expect(driven.take({ type: "retry" })).toEqual([{ type: "open", deployment: "realtime" }]);
    expect(driven.take({ type: "closed" })).toEqual([{ type: "diagnose", deployment: "realtime" }]);
    expect(driven.take({ type: "diagnosed", loss: "unreachable" })).toEqual([{ type: "retryIn", ms: 1_000 }]);
    driven.take({ type: "retry" });
    driven.hear({ type: "session.created", session: {} });
    expect(driven.state).toMatchObject({ connection: { phase: "open" }, attempts: 0 });
  });

  it.each(["deploymentGone", "signedOut", "refused"] as const)("is not tried again by itself when it is %s", (loss) => {
    const driven = new Driven();
    driven.take({ type: "connect" });
    driven.take({ type: "closed" });
    expect(driven.take({ type: "diagnosed", loss })).toEqual([]);
    expect(driven.state.connection).toEqual({ phase: "lost", loss, isRetrying: false });
  });

  it("says when the session had reached its end", () => {
    const driven = new Driven().open();
    driven.hear({ type: "error", error: { code: "session_expired", message: "30 minutes" } });
    expect(driven.take({ type: "closed" })).toEqual([]);
    expect(driven.state.connection).toMatchObject({ loss: "expired", isRetrying: false });
    expect(driven.state.notices).toEqual([]);
  });

  it("lets the new session know what was said and heard, and marks where it begins", () => {
    const driven = new Driven({ tools: [EXAMPLE] }).open();
    driven.take({ type: "typed", id: "m", text: "Hello", at: 0 });
    driven.reply("a", "r", ["One", " two."]);
    driven.done("r", "cancelled");
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    driven.take({ type: "cleared", playedMs: new Map([["a", 90]]), at: 0 });
    driven.call("c", "r2");
    driven.hear({ type: "response.function_call_arguments.done", response_id: "r2", item_id: "c", arguments: "{}" });
    driven.take({ type: "closed" });
    driven.take({ type: "retry" });
    const [settings, ...items] = sentOf(driven.hear({ type: "session.created", session: {} }));
    expect(settings).toMatchObject({ type: "session.update", session: { tools: [{ name: "get_weather" }] } });
    expect(items.map((event) => "item" in event && event.item)).toEqual([
      { id: "m", type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] },
      { id: "a", type: "message", role: "assistant", content: [{ type: "text", text: "One" }] },
    ]);
    expect(driven.state.entries.at(-1)).toMatchObject({ kind: "boundary" });
    expect(driven.entry("c")).toMatchObject({ state: "abandoned" });
  });

  it("shows no error for an item that the new session refuses", () => {
    const driven = new Driven().open();
    driven.hear({ type: "error", error: { code: "item_exists", message: "Known.", event_id: "restore_0" } });
    expect(driven.state.notices).toEqual([]);
  });

  it("goes no further after the user has stopped", () => {
    const driven = new Driven().open();
    driven.take({ type: "closed" });
    driven.take({ type: "disconnect" });
    expect(driven.take({ type: "retry" })).toEqual([]);
  });
});

describe("what goes wrong", () => {
  it("is told without ending the session", () => {
    const driven = new Driven().open();
    driven.hear({ type: "error", error: { code: "invalid_value", message: "No." } });
    expect(driven.state).toMatchObject({ connection: { phase: "open" }, notices: [{ kind: "error", detail: "No." }] });
    driven.take({ type: "dismissed", notice: driven.state.notices[0]?.id ?? -1 });
    expect(driven.state.notices).toEqual([]);
  });

  it("is told by its cause when a reply fails", () => {
    const driven = new Driven().open();
    const error = { code: "rate_limit_exceeded", message: "Too many." };
    driven.hear({ type: "response.done", response: { id: "r", status: "failed", status_details: { error } } });
    expect(driven.state.notices).toMatchObject([{ kind: "rateLimit" }]);
  });

  it("keeps the words of a reply whose pieces went missing", () => {
    const driven = new Driven().open();
    driven.reply("a", "r", ["One"]);
    driven.hear({ type: "response.audio_transcript.done", response_id: "r", item_id: "a", transcript: "One two." });
    const entry = driven.entry("a");
    expect(entry?.kind === "assistant" && wordsOf(entry.pieces)).toBe("One two.");
  });
});
