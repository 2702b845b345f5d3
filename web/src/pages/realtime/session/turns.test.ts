import { describe, expect, it } from "vitest";

import { activityOf, isStreaming } from "./activity";
import { Driven, sentOf } from "./drivenConversation";

describe("a spoken turn", () => {
  it("is seen from its first sound to its words", () => {
    const driven = new Driven().open();
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    expect(activityOf(driven.state)).toBe("user");
    driven.hear({ type: "input_audio_buffer.speech_stopped", item_id: "u" });
    expect(driven.entry("u")).toMatchObject({ state: "recognizing", text: null });
    expect(activityOf(driven.state)).toBe("thinking");
    driven.hear({ type: "conversation.item.input_audio_transcription.completed", item_id: "u", transcript: "Hi." });
    expect(driven.entry("u")).toMatchObject({ state: "done", text: "Hi." });
  });

  it("tells how long each stage of its answer took", () => {
    const driven = new Driven().open();
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" }, 0);
    driven.hear({ type: "input_audio_buffer.speech_stopped", item_id: "u" }, 1_000, 700);
    driven.reply("a", "r", ["Yes."], 1_200);
    driven.hear({ type: "conversation.item.input_audio_transcription.completed", item_id: "u", transcript: "Hi." }, 1_500);
    expect(driven.state.turns["r"]).toMatchObject({ silenceMs: 300, firstTokenMs: 200, firstAudioMs: 200, recognizedMs: 500 });
  });

  it("stands where the server says, whatever came meanwhile", () => {
    const driven = new Driven().open();
    for (const id of ["one", "two"]) {
      driven.hear({ type: "conversation.item.created", previous_item_id: null, item: { id, type: "message", role: "user" } });
    }
    driven.hear({ type: "conversation.item.created", previous_item_id: "one", item: { id: "between", type: "message", role: "user" } });
    expect(driven.state.entries.map(({ id }) => id)).toEqual(["one", "between", "two"]);
  });
});

describe("a turn that cannot end", () => {
  it("is forgotten when the microphone is unplugged in its midst", () => {
    const driven = new Driven().open();
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    expect(sentOf(driven.take({ type: "microphone", state: "off", fault: "unplugged" }))).toMatchObject([
      { type: "input_audio_buffer.clear" },
    ]);
    expect(driven.entry("u")).toBeUndefined();
    expect(activityOf(driven.state)).toBe("ready");
  });

  it("is forgotten when the user chooses to push to talk in its midst", () => {
    const driven = new Driven().open();
    driven.hear({ type: "input_audio_buffer.speech_started", item_id: "u" });
    driven.take({ type: "settings", settings: { ...driven.state.settings, turnMode: "push_to_talk" } });
    driven.take({ type: "apply" });
    expect(driven.entry("u")).toBeUndefined();
    expect(activityOf(driven.state)).toBe("holdToTalk");
  });
});

describe("push to talk", () => {
  const settings = { turnMode: "push_to_talk" } as const;

  it("streams while it is held, and asks for an answer on release", () => {
    const driven = new Driven(settings).open();
    expect(isStreaming(driven.state)).toBe(false);
    expect(sentOf(driven.take({ type: "held", at: 0 }))).toMatchObject([{ type: "input_audio_buffer.clear" }]);
    expect(isStreaming(driven.state)).toBe(true);
    expect(sentOf(driven.take({ type: "released", at: 900 }))).toEqual([{ type: "input_audio_buffer.commit" }, { type: "response.create" }]);
    expect(isStreaming(driven.state)).toBe(false);
  });

  it("says so when it was held too shortly", () => {
    const driven = new Driven(settings).open();
    driven.take({ type: "held", at: 0 });
    expect(sentOf(driven.take({ type: "released", at: 90 }))).toMatchObject([{ type: "input_audio_buffer.clear" }]);
    expect(driven.state.notices).toMatchObject([{ kind: "tooShort" }]);
  });

  it("interrupts a reply, which the server would let go on", () => {
    const driven = new Driven(settings).open();
    driven.reply("a", "r", ["One"]);
    const effects = driven.take({ type: "held", at: 0 });
    expect(sentOf(effects).map((event) => event.type)).toEqual(["response.cancel", "input_audio_buffer.clear"]);
    expect(effects).toContainEqual({ type: "silence" });
  });

  it("is told as a turn like any other once the server has committed it", () => {
    const driven = new Driven(settings).open();
    driven.take({ type: "held", at: 0 });
    driven.take({ type: "released", at: 900 });
    driven.hear({ type: "input_audio_buffer.committed", item_id: "u" });
    driven.hear({ type: "conversation.item.created", previous_item_id: null, item: { id: "u", type: "message", role: "user" } });
    driven.reply("a", "r", ["Yes."], 1_000);
    driven.hear({ type: "conversation.item.input_audio_transcription.completed", item_id: "u", transcript: "Hi." }, 1_100);
    expect(driven.state.turns["r"]).toMatchObject({ silenceMs: null, recognizedMs: 200, firstAudioMs: 100 });
  });
});
