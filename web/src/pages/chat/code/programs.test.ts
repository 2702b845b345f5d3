import { describe, expect, it, vi } from "vitest";

import type { Clip } from "../clips";
import type { Message, UserMessage } from "../conversation";
import { DEFAULTS, type Settings } from "../settings";
import type { Credential } from "./program";
import { filesOf, LANGUAGES, programFor, type ProgramLanguage } from "./programs";

const NASTY = `'single' "double" \\ back\\slash $HOME \`date\` \${x} %s {y} \n\r\t\0 é 😀 \u2028 END </script> '''`;

const clip = (id: string, format: Clip["format"] = "wav"): Clip => ({
  id,
  name: null,
  format,
  bytes: Uint8Array.of(1),
  samples: null,
});
const question = (text: string, clips: readonly Clip[] = []): UserMessage => ({ role: "user", id: text, text, clips });

function program(
  language: ProgramLanguage,
  messages: readonly Message[],
  settings: Partial<Settings> = {},
  credential: Credential = "key",
): string {
  return programFor(language, {
    endpoint: "http://localhost:8080/",
    credential,
    settings: { ...DEFAULTS, deployment: "gpt-4o-audio-preview", ...settings },
    messages,
    nowSeconds: 0,
  });
}

/** What the program in JavaScript asks for, by running it with a client that only listens. */
async function asked(source: string): Promise<{ client: unknown; body: unknown }> {
  const create = vi.fn(() => ({ choices: [{ message: { content: "", audio: { transcript: "", data: "" } } }] }));
  const client = vi.fn(function (this: object) {
    Object.assign(this, { chat: { completions: { create } } });
  });
  const AsyncFunction = (async () => undefined).constructor as new (...source: string[]) => (...values: unknown[]) => Promise<void>;
  const run = new AsyncFunction("AzureOpenAI", "process", "readFile", "writeFile", "Buffer", "console", source.replace(/^import .*$/gm, ""));
  const nothing = (): void => undefined;
  await run(client, { env: {} }, (path: string) => `read ${path}`, nothing, { from: nothing }, { log: nothing });
  return { client: client.mock.calls[0]?.[0 as never], body: create.mock.calls[0]?.[0 as never] };
}

describe("a program", () => {
  it("asks in JavaScript for what the page would, whatever the text", async () => {
    const { body } = await asked(program("javascript", [question(NASTY)], { systemMessage: NASTY, maxTokens: 5 }));
    expect(body).toEqual({
      model: "gpt-4o-audio-preview",
      modalities: ["text", "audio"],
      audio: { voice: "alloy", format: "wav" },
      temperature: 0.7,
      max_tokens: 5,
      messages: [
        { role: "system", content: NASTY.trim() },
        { role: "user", content: NASTY },
      ],
    });
  });

  it("reads recordings from files", async () => {
    const { body } = await asked(program("javascript", [question("What is said?", [clip("a"), clip("b", "mp3")])]));
    expect(body).toMatchObject({
      messages: [
        {
          content: [
            { type: "text", text: "What is said?" },
            { type: "input_audio", input_audio: { data: "read question-1.wav", format: "wav" } },
            { type: "input_audio", input_audio: { data: "read question-2.mp3", format: "mp3" } },
          ],
        },
      ],
    });
  });

  it("has its strings escaped in the shell", () => {
    const source = program("curl", [question(NASTY, [clip("a")])], { deployment: "it's" });
    expect(source).toContain("'http://localhost:8080/openai/deployments/it'\\''s/chat/completions?api-version=2025-01-01-preview'");
    expect(source).toContain("\\$HOME");
    expect(source).toContain("\\`date\\`");
    expect(source).toContain("back\\\\\\\\slash");
    expect(source).toContain(`"data": "$(base64 < question.wav | tr -d '\\n')"`);
  });

  it.each(Object.keys(LANGUAGES) as ProgramLanguage[])("never has a key in it, in %s", (language) => {
    expect(program(language, [question("Hello?")])).toContain("AZURE_OPENAI_API_KEY");
    expect(program(language, [question("Hello?")], {}, "keyless")).not.toContain("AZURE_OPENAI_API_KEY");
  });

  it("prints a reply in text, and keeps one in speech as a file", () => {
    const spoken = program("python", [question("Hello?")], { format: "mp3" });
    expect(spoken).toContain('"format": "mp3"');
    expect(spoken).toContain('open("answer.mp3", "wb")');
    const written = program("python", [question("Hello?")], { speaks: false });
    expect(written).toContain("print(message.content)");
    expect(written).not.toContain("base64");
  });
});

describe("filesOf", () => {
  it("numbers the files where there are several", () => {
    const [a, b] = [clip("a"), clip("b", "webm")];
    expect([...filesOf([question("x", [a])]).values()]).toEqual(["question.wav"]);
    expect([...filesOf([question("x", [a]), question("y", [b])]).values()]).toEqual(["question-1.wav", "question-2.webm"]);
  });
});
