import { describe, expect, it } from "vitest";

import { EventLog, filtered, jsonLines } from "./eventLog";
import { Levels } from "./levels";
import { DEFAULTS, readSettings } from "./settings";
import { lettersHeard, say, sound, type Piece } from "./spoken";
import { EXAMPLE, faultsOf } from "./tools";
import { begin, lastSoundAt, segments } from "./turns";
import { audioMs } from "./wire";

describe("the words that were heard", () => {
  const pieces: readonly Piece[] = sound(say(sound(say([], "One two"), 200), " three"), 100);

  it.each([
    [0, ""],
    [50, "One"],
    [120, "One two"],
    [220, "One two three"],
    [999, "One two three"],
  ])("are, after %i ms, “%s”", (playedMs, heard) => {
    expect("One two three".slice(0, lettersHeard(pieces, playedMs))).toBe(heard);
  });
});

describe("a turn", () => {
  const start = { how: "spoken", at: 0, silenceMs: 200, itemId: null, recognizedMs: 90 } as const;

  it("has its stages in the order in which they were reached", () => {
    expect(segments({ ...begin(start), firstTokenMs: 40, firstAudioMs: 130 })).toEqual([
      { stage: "silence", ms: 200 },
      { stage: "firstToken", ms: 40 },
      { stage: "recognition", ms: 50 },
      { stage: "firstAudio", ms: 40 },
    ]);
  });

  it("begins its silence where the speaker's voice was last more than noise", () => {
    const heard = [0.001, 0.2, 0.3, 0.05, 0.01, 0.02].map((level, index) => ({ at: index * 20, level }));
    expect(lastSoundAt(heard)).toBe(60);
    expect(lastSoundAt([])).toBeNull();
  });
});

describe("a tool", () => {
  it("may be used as the example is", () => {
    expect(faultsOf(EXAMPLE, [])).toEqual([]);
  });

  it("needs a name of its own, and a schema of an object", () => {
    expect(faultsOf({ ...EXAMPLE, name: "get weather" }, [])).toEqual(["name"]);
    expect(faultsOf(EXAMPLE, [EXAMPLE])).toEqual(["taken"]);
    expect(faultsOf({ ...EXAMPLE, parameters: "{" }, [])).toEqual(["json"]);
    expect(faultsOf({ ...EXAMPLE, parameters: '{"type": "string"}' }, [])).toEqual(["schema"]);
    expect(faultsOf({ ...EXAMPLE, parameters: "[]" }, [])).toEqual(["schema"]);
  });
});

describe("settings that were stored", () => {
  it("are read again", () => {
    const settings = { ...DEFAULTS, voice: "echo", tools: [EXAMPLE] };
    expect(readSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it("have defaults for what is missing or wrong", () => {
    expect(readSettings({ temperature: "hot", turnMode: "telepathy", tools: [{ name: 1 }], instructions: "Hi" })).toEqual({
      ...DEFAULTS,
      instructions: "Hi",
    });
    expect(readSettings("nonsense")).toBeNull();
  });
});

describe("the log of events", () => {
  it("tells the microphone's stretches as one, and audio by its size", () => {
    const log = new EventLog();
    for (let count = 0; count < 3; count++) log.add("client", { type: "input_audio_buffer.append", audio: "AAAA" } as { type: string }, 0);
    log.add("server", { type: "response.audio.delta", delta: "AAAA" } as { type: string }, 0);
    const logged = seen(log);
    expect(logged.map(({ count }) => count)).toEqual([3, 1]);
    expect(logged.map(({ json }) => (JSON.parse(json) as { audio?: string; delta?: string }).audio ?? "")).toEqual(["… 3 bytes of audio", ""]);
    expect(logged[1]?.json).toContain("3 bytes of audio");
  });

  it("keeps the last five thousand", () => {
    const log = new EventLog();
    for (let at = 0; at < 7_500; at++) log.add("server", { type: "rate_limits.updated" }, at);
    const logged = seen(log);
    expect(logged).toHaveLength(5_000);
    expect(logged.at(-1)?.at).toBe(7_499);
  });

  it("is filtered by lane and by text", () => {
    const log = new EventLog();
    log.add("client", { type: "response.create" }, 0);
    log.add("server", { type: "response.created" }, 0);
    expect(filtered(seen(log), { lane: "server", text: "" })).toHaveLength(1);
    expect(filtered(seen(log), { lane: null, text: "CREATED" })).toHaveLength(1);
  });

  it("is exported as one JSON object a line", () => {
    const log = new EventLog();
    log.add("client", { type: "response.create" }, 0);
    const [line, rest] = jsonLines(seen(log)).split("\n");
    expect(JSON.parse(line ?? "")).toEqual({ at: "1970-01-01T00:00:00.000Z", lane: "client", count: 1, event: { type: "response.create" } });
    expect(rest).toBe("");
  });
});

describe("levels", () => {
  it("are grouped by when they came, so that bars do not flicker", () => {
    const levels = new Levels();
    for (const level of [0.1, 0.2, 0.3, 0.4, 0.5]) levels.add("user", level);
    expect(levels.groups("user", 2, 2).map((level) => Number(level.toFixed(1)))).toEqual([0.2, 0.4]);
    expect(levels.latest("user")).toBeCloseTo(0.5);
  });
});

describe("audio in base64", () => {
  it("lasts as long as it has samples", () => {
    expect(audioMs("AAAA".repeat(16))).toBe(1);
    expect(audioMs("AAA=")).toBeCloseTo(2 / 48);
  });
});

function seen(log: EventLog): ReturnType<EventLog["snapshot"]> {
  log.flush();
  return log.snapshot();
}
