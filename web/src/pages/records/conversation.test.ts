import { describe, expect, it } from "vitest";

import { conversationOf, indented } from "./conversation";

const chat = (prompt: unknown, completion: unknown, audio: readonly string[] = []) =>
  conversationOf({ operation: "chatCompletion", prompt, completion, audio });
const realtime = (prompt: unknown, completion: unknown) =>
  conversationOf({ operation: "realtime", prompt, completion, audio: [] });

describe("a chat completion", () => {
  it("is told as who said what", () => {
    const { asked, answered, isCutShort } = chat(
      {
        messages: [
          { role: "developer", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "What is said?" }] },
        ],
      },
      { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello." } }] },
    );
    expect(asked).toEqual([
      { speaker: "system", parts: [{ kind: "text", text: "Be brief." }] },
      { speaker: "user", parts: [{ kind: "text", text: "What is said?" }] },
    ]);
    expect(answered).toEqual([{ speaker: "assistant", parts: [{ kind: "text", text: "Hello." }] }]);
    expect(isCutShort).toBe(false);
  });

  it("has the recordings that were sent, by their names", () => {
    const { asked } = chat(
      { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "input-0.wav", format: "wav" } }] }] },
      {},
      ["input-0.wav"],
    );
    expect(asked[0]?.parts).toEqual([{ kind: "audio", name: "input-0.wav", transcript: null }]);
  });

  it("gives each choice what it said aloud", () => {
    const said = (index: number, transcript: string) => ({
      index,
      finish_reason: "stop",
      message: { role: "assistant", content: null, audio: { id: "a", data: "", transcript } },
    });
    const { answered } = chat({}, { choices: [said(0, "One."), said(1, "Two.")] }, ["choice-0.mp3", "choice-1.mp3"]);
    expect(answered.map(({ parts }) => parts[0])).toEqual([
      { kind: "audio", name: "choice-0.mp3", transcript: "One." },
      { kind: "audio", name: "choice-1.mp3", transcript: "Two." },
    ]);
  });

  it("has an earlier spoken reply without its sound, which is in another record", () => {
    const { asked } = chat({ messages: [{ role: "assistant", audio: { id: "audio_1" } }] }, {});
    expect(asked[0]?.parts).toEqual([{ kind: "audio", name: null, transcript: null }]);
  });

  it("has the calls of functions, and what came of them", () => {
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Turin"}' } };
    const { asked, answered } = chat(
      { messages: [{ role: "tool", tool_call_id: "call_0", content: "Sunny" }] },
      { choices: [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls: [call] } }] },
    );
    expect(asked).toEqual([{ speaker: "tool", parts: [{ kind: "result", id: "call_0", output: "Sunny" }] }]);
    expect(answered[0]?.parts).toEqual([{ kind: "call", id: "call_1", name: "weather", args: '{"city":"Turin"}' }]);
  });

  it("tells of a reply that broke off", () => {
    const broken = { choices: [{ index: 0, finish_reason: null, message: { role: "assistant", content: "He" } }] };
    expect(chat({}, broken).isCutShort).toBe(true);
  });
});

describe("a Realtime response", () => {
  it("begins with its instructions, then what was said", () => {
    const { asked, answered } = realtime(
      {
        instructions: "Be brief.",
        input: [
          { type: "message", role: "user", content: [{ type: "audio", audio: "input-0.pcm16", transcript: "Hello there." }] },
        ],
      },
      {
        status: "completed",
        output: [{ type: "message", role: "assistant", content: [{ type: "audio", audio: "output-1.pcm16", transcript: "Hi." }] }],
      },
    );
    expect(asked.map(({ speaker }) => speaker)).toEqual(["system", "user"]);
    expect(asked[1]?.parts).toEqual([{ kind: "audio", name: "input-0.pcm16", transcript: "Hello there." }]);
    expect(answered[0]?.parts).toEqual([{ kind: "audio", name: "output-1.pcm16", transcript: "Hi." }]);
  });

  it("has the calls of functions, and what came of them", () => {
    const { asked, answered } = realtime(
      { input: [{ type: "function_call_output", call_id: "c1", output: "12" }] },
      { status: "completed", output: [{ type: "function_call", call_id: "c2", name: "add", arguments: "{}" }] },
    );
    expect(asked).toEqual([{ speaker: "tool", parts: [{ kind: "result", id: "c1", output: "12" }] }]);
    expect(answered).toEqual([{ speaker: "assistant", parts: [{ kind: "call", id: "c2", name: "add", args: "{}" }] }]);
  });

  it("tells of a reply that was interrupted", () => {
    expect(realtime({}, { status: "cancelled", output: [] }).isCutShort).toBe(true);
  });
});

it("makes nothing of a record that was purged while it was read", () => {
  expect(chat(null, null)).toEqual({ asked: [], answered: [], isCutShort: false });
});

describe("indented", () => {
  it("sets JSON out in lines", () => {
    expect(indented('{"a":1}')).toBe('{\n  "a": 1\n}');
  });

  it("leaves what is no JSON as it is", () => {
    expect(indented("Sunny, 21°")).toBe("Sunny, 21°");
  });
});
