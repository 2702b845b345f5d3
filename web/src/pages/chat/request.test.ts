import { describe, expect, it } from "vitest";

import type { Clip } from "./clips";
import type { Message, Reply, UserMessage } from "./conversation";
import { requestFor } from "./request";
import { DEFAULTS, type Settings } from "./settings";

const clip: Clip = { id: "c", name: null, format: "wav", bytes: Uint8Array.of(1), samples: null };
const question = (text: string, clips: readonly Clip[] = []): UserMessage => ({ role: "user", id: text, text, clips });
const spoken = (expiresAt: number | null): Reply => ({
  role: "assistant",
  id: "r",
  text: "Good day.",
  speech: { audioId: "audio_1", expiresAt, samples: [], file: null },
  state: "done",
});
const request = (messages: readonly Message[], settings: Partial<Settings> = {}): object =>
  requestFor({ settings: { ...DEFAULTS, ...settings }, messages, nowSeconds: 1000 }, () => "DATA");

describe("requestFor", () => {
  it("asks for speech with a voice", () => {
    expect(request([question("Hello?")], { voice: "sage", systemMessage: " Be brief. " })).toEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello?" },
      ],
      modalities: ["text", "audio"],
      audio: { voice: "sage", format: "pcm16" },
      temperature: 0.7,
      max_tokens: 800,
    });
  });

  it("asks for text without one", () => {
    expect(request([question("Hello?")], { speaks: false })).not.toHaveProperty("audio");
  });

  it("sends text and recordings together, and a recording alone", () => {
    const part = { type: "input_audio", input_audio: { data: "DATA", format: "wav" } };
    expect(request([question("Listen:", [clip, clip]), question(" ", [clip])])).toMatchObject({
      messages: [{ content: [{ type: "text", text: "Listen:" }, part, part] }, { content: [part] }],
    });
  });

  it("refers to a spoken reply by its id, and repeats its words once that has expired", () => {
    expect(request([spoken(2000), spoken(900), spoken(null)])).toMatchObject({
      messages: [
        { role: "assistant", audio: { id: "audio_1" } },
        { role: "assistant", content: "Good day." },
        { role: "assistant", content: "Good day." },
      ],
    });
  });
});
