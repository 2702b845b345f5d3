import { describe, expect, it } from "vitest";

import { activityOf, isStreaming } from "./activity";
import { step } from "./conversation";
import { DEFAULTS, type Settings } from "./settings";
import { wordsOf } from "./spoken";
import { initialState, type Effect, type Entry, type Input, type State } from "./state";
import { EXAMPLE } from "./tools";
import type { ClientEvent, ServerEvent } from "./wire";

/** A conversation that remembers all that was to be done. */
class Driven {
  state: State;
  effects: Effect[] = [];

  constructor(settings: Partial<Settings> = {}) {
    this.state = { ...initialState({ ...DEFAULTS, ...settings }), deployment: "realtime" };
  }

  /** Returns what follows. */
  take(input: Input): readonly Effect[] {
    const { state, effects } = step(this.state, input);
    this.state = state;
    this.effects.push(...effects);
    return effects;
  }

  hear(event: ServerEvent, at = 0, lastSoundAt: number | null = null): readonly Effect[] {
    return this.take({ type: "received", event, at, lastSoundAt });
  }

  open(): this {
    this.take({ type: "connect" });
    this.hear({ type: "session.created", session: {} });
    this.take({ type: "microphone", state: "on", fault: null });
    return this;
  }

  /** The model says the words, each with 100 ms of audio. */
  reply(item: string, response: string, words: readonly string[], at = 0): void {
    this.hear({ type: "response.created", response: { id: response, status: "in_progress", status_details: null } }, at);
    this.hear({ type: "response.output_item.added", response_id: response, item: { id: item, type: "message", role: "assistant" } }, at);
    for (const delta of words) {
      this.hear({ type: "response.audio_transcript.delta", response_id: response, item_id: item, delta }, at);
      this.hear({ type: "response.audio.delta", response_id: response, item_id: item, delta: AUDIO }, at);
    }
  }

  call(item: string, response: string): void {
    this.hear({ type: "response.created", response: { id: response, status: "in_progress", status_details: null } });
    const added = { id: item, type: "function_call", name: "get_weather", call_id: `call_${item}`, arguments: "" } as const;
    this.hear({ type: "response.output_item.added", response_id: response, item: added });
    this.hear({ type: "response.function_call_arguments.delta", response_id: response, item_id: item, delta: '{"city":' });
  }

  done(response: string, status: "completed" | "cancelled" = "completed"): readonly Effect[] {
    return this.hear({ type: "response.done", response: { id: response, status, status_details: null } });
  }

  sent(): readonly ClientEvent[] {
    return sentOf(this.effects);
  }

  entry(id: string): Entry | undefined {
    return this.state.entries.find((entry) => entry.id === id);
  }
}

/** 100 ms. */
const AUDIO = "AAAA".repeat(1_600);

function sentOf(effects: readonly Effect[]): readonly ClientEvent[] {
  return effects.flatMap((effect) => (effect.type === "send" ? [effect.event] : []));
}

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

describe("a call", () => {
  it("is seen while it is written, waits, and goes on when it was answered by hand", () => {
    const driven = new Driven({ tools: [EXAMPLE] }).open();
    driven.call("c", "r");
    expect(driven.entry("c")).toMatchObject({ state: "streaming", arguments: '{"city":' });
    driven.hear({ type: "response.function_call_arguments.done", response_id: "r", item_id: "c", arguments: '{"city":"Paris"}' });
    expect(driven.done("r")).toEqual([]);
    expect(activityOf(driven.state)).toBe("tool");
    expect(sentOf(driven.take({ type: "answered", id: "c", output: "sunny", at: 0 }))).toEqual([
      { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_c", output: "sunny" } },
      { type: "response.create" },
    ]);
    expect(driven.take({ type: "answered", id: "c", output: "rainy", at: 0 })).toEqual([]);
  });

  it("is answered at once where an answer was written beforehand, and goes on when the response is done", () => {
    const driven = new Driven({ tools: [{ ...EXAMPLE, answer: "sunny" }] }).open();
    driven.call("c", "r");
    const event: ServerEvent = { type: "response.function_call_arguments.done", response_id: "r", item_id: "c", arguments: "{}" };
    expect(sentOf(driven.hear(event)).map(({ type }) => type)).toEqual(["conversation.item.create"]);
    expect(sentOf(driven.done("r"))).toEqual([{ type: "response.create" }]);
  });

  it("waits for the others of its response", () => {
    const driven = new Driven({ tools: [EXAMPLE] }).open();
    driven.call("c", "r");
    driven.call("d", "r");
    for (const id of ["c", "d"]) {
      driven.hear({ type: "response.function_call_arguments.done", response_id: "r", item_id: id, arguments: "{}" });
    }
    driven.done("r");
    expect(sentOf(driven.take({ type: "answered", id: "c", output: "1", at: 0 }))).toHaveLength(1);
    expect(sentOf(driven.take({ type: "answered", id: "d", output: "2", at: 0 }))).toHaveLength(2);
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
