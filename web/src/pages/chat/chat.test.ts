import { describe, expect, it, vi } from "vitest";

vi.hoisted(() => {
  vi.stubGlobal("document", { baseURI: "http://localhost/portal/" });
});

import { ApiError } from "../../api/http";
import { Chat } from "./chat";
import type { ReplyPart } from "./completion";
import type { Wanted } from "./request";
import { DEFAULTS } from "./settings";

const samples = Int16Array.of(1);
const spoke = (piece: object): ReplyPart => ({ type: "spoke", piece: { audioId: "audio_1", ...piece } });
const REPLY: readonly ReplyPart[] = [
  spoke({ transcript: "Good day." }),
  spoke({ samples }),
  spoke({ samples }),
  spoke({ expiresAt: 4e9 }),
  { type: "ended", isCut: false },
];

function speakerDouble() {
  return { prepare: vi.fn(), start: vi.fn(), feed: vi.fn(), finish: vi.fn(), stop: vi.fn() };
}

/** A service that gives one answer after the other: the parts of a reply, or an error. */
function serviceDouble(...answers: readonly (readonly ReplyPart[] | Error)[]) {
  const asked: Wanted[] = [];
  async function* complete(wanted: Wanted): AsyncGenerator<ReplyPart> {
    const answer = answers[asked.push(wanted) - 1] ?? [];
    if (answer instanceof Error) throw answer;
    for (const part of answer) {
      await Promise.resolve();
      yield part;
    }
  }
  return { asked, complete };
}

const question = { text: "Hello?", clips: [] };
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const said = (chat: Chat): string[] => chat.current().messages.map((message) => message.text);

describe("a chat", () => {
  it("speaks a reply as it arrives", async () => {
    const speaker = speakerDouble();
    const chat = new Chat(speaker, serviceDouble(REPLY).complete);
    chat.ask(question, DEFAULTS);
    await settled();
    const replyId = chat.current().messages[1]?.id;
    expect(speaker.start.mock.calls).toEqual([[replyId, [samples], { isWhole: false }]]);
    expect(speaker.feed.mock.calls).toEqual([[replyId, samples]]);
    expect(speaker.finish).toHaveBeenCalledWith(replyId);
    expect(said(chat)).toEqual(["Hello?", "Good day."]);
  });

  it("is silent where replies are not to be spoken", async () => {
    const speaker = speakerDouble();
    new Chat(speaker, serviceDouble(REPLY).complete).ask(question, { ...DEFAULTS, isAloud: false });
    await settled();
    expect(speaker.start).not.toHaveBeenCalled();
  });

  it("repeats the words of speech that the service has forgotten, and says nothing about it", async () => {
    const service = serviceDouble(REPLY, new ApiError(400, "audio_not_found", ""), REPLY);
    const chat = new Chat(speakerDouble(), service.complete);
    chat.ask(question, DEFAULTS);
    await settled();
    chat.ask(question, DEFAULTS);
    await settled();
    expect(service.asked[2]?.messages[1]).toMatchObject({ text: "Good day.", speech: { expiresAt: null } });
    expect(said(chat)).toEqual(["Hello?", "Good day.", "Hello?", "Good day."]);
    expect(chat.current().fault).toBeNull();
  });

  it("keeps what came when it is stopped", async () => {
    const speaker = speakerDouble();
    const service = serviceDouble([spoke({ transcript: "Good " }), spoke({ transcript: "day." })]);
    const chat = new Chat(speaker, service.complete);
    chat.subscribe(() => {
      if (said(chat)[1] === "Good ") chat.stop();
    });
    chat.ask(question, DEFAULTS);
    await settled();
    expect(chat.current().messages[1]).toMatchObject({ text: "Good ", state: "stopped" });
    expect(speaker.stop).toHaveBeenCalled();
  });

  it("keeps the question of a reply that failed, for another attempt", async () => {
    const service = serviceDouble(new ApiError(500, "", ""), REPLY);
    const chat = new Chat(speakerDouble(), service.complete);
    chat.ask(question, DEFAULTS);
    await settled();
    expect(chat.current()).toMatchObject({ messages: [{ text: "Hello?" }], fault: { kind: "failed" } });
    chat.retry(DEFAULTS);
    await settled();
    expect(chat.current().fault).toBeNull();
    expect(said(chat)).toEqual(["Hello?", "Good day."]);
  });

  it("forgets everything when it is cleared, even what still arrives", async () => {
    const chat = new Chat(speakerDouble(), serviceDouble(REPLY).complete);
    chat.ask(question, DEFAULTS);
    chat.clear();
    await settled();
    expect(chat.current()).toEqual({ messages: [], fault: null });
  });
});
