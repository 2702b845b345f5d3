import { describe, expect, it } from "vitest";

import { canBeReferredTo, converse, EMPTY, upToLastQuestion, type Change, type Conversation, type UserMessage } from "./conversation";

const question = (id: string, text = id): UserMessage => ({ role: "user", id, text, clips: [] });
const asked = (id: string, replacing: string | null = null): Change => ({
  type: "asked",
  message: question(id),
  replyId: `re-${id}`,
  replacing,
});
const wrote = (id: string, text: string): Change => ({ type: "wrote", replyId: `re-${id}`, text });
const ended = (id: string): Change => ({ type: "ended", replyId: `re-${id}`, isCut: false });
const after = (...changes: readonly Change[]): Conversation => changes.reduce(converse, EMPTY);
const said = (conversation: Conversation): string[] => conversation.messages.map((message) => message.text);
const fault = { kind: "unreachable" } as const;

describe("a conversation", () => {
  it("grows by a question and, word by word, its reply", () => {
    const conversation = after(asked("a"), wrote("a", "Go"), wrote("a", "od"), ended("a"));
    expect(said(conversation)).toEqual(["a", "Good"]);
    expect(conversation.messages.at(-1)).toMatchObject({ state: "done", speech: null });
  });

  it("collects what is said and when it can no longer be referred to", () => {
    const spoke = (piece: object): Change => ({ type: "spoke", replyId: "re-a", piece: { audioId: "audio_1", ...piece } });
    const samples = Int16Array.of(1, 2);
    const conversation = after(
      asked("a"),
      spoke({ transcript: "Good " }),
      spoke({ samples }),
      spoke({ transcript: "day." }),
      spoke({ samples }),
      spoke({ expiresAt: 100 }),
      ended("a"),
    );
    expect(conversation.messages.at(-1)).toMatchObject({
      text: "Good day.",
      speech: { audioId: "audio_1", expiresAt: 100, samples: [samples, samples] },
    });
  });

  it("keeps what came before it was stopped, and nothing that comes later", () => {
    const conversation = after(asked("a"), wrote("a", "Go"), { type: "stopped", replyId: "re-a" }, wrote("a", "od"), ended("a"));
    expect(conversation.messages.at(-1)).toMatchObject({ text: "Go", state: "stopped" });
  });

  it("has no reply where it was stopped before a word", () => {
    expect(said(after(asked("a"), { type: "stopped", replyId: "re-a" }))).toEqual(["a"]);
  });

  it("keeps the question when its reply fails, and what there is of the reply", () => {
    expect(after(asked("a"), { type: "failed", replyId: "re-a", fault })).toMatchObject({
      messages: [{ text: "a" }],
      fault,
    });
    const broken = after(asked("a"), wrote("a", "Go"), { type: "failed", replyId: "re-a", fault });
    expect(said(broken)).toEqual(["a", "Go"]);
  });

  it("forgets a fault with the next attempt", () => {
    const failed = after(asked("a"), { type: "failed", replyId: "re-a", fault });
    expect(converse(failed, { type: "retried", replyId: "again" })).toMatchObject({
      messages: [{ id: "a" }, { id: "again", text: "", state: "arriving" }],
      fault: null,
    });
  });

  it("tells no fault of a reply that was cleared away", () => {
    expect(after(asked("a"), { type: "cleared" }, { type: "failed", replyId: "re-a", fault })).toEqual(EMPTY);
  });

  it("drops the last reply to get another", () => {
    const conversation = after(asked("a"), wrote("a", "Good"), ended("a"), { type: "retried", replyId: "again" });
    expect(conversation.messages.map((message) => message.id)).toEqual(["a", "again"]);
  });

  it("drops what followed a question that is edited", () => {
    const two = after(asked("a"), wrote("a", "A"), ended("a"), asked("b"), wrote("b", "B"), ended("b"));
    expect(converse(two, asked("c", "a")).messages.map((message) => message.id)).toEqual(["c", "re-c"]);
    expect(converse(two, asked("c", "b")).messages.map((message) => message.id)).toEqual(["a", "re-a", "c", "re-c"]);
  });

  it("no longer refers to speech that the service has forgotten", () => {
    const piece = { audioId: "audio_1", transcript: "Good", expiresAt: 100 };
    const conversation = after(asked("a"), { type: "spoke", replyId: "re-a", piece }, ended("a"), { type: "forgotten" });
    expect(conversation.messages.at(-1)).toMatchObject({ text: "Good", speech: { audioId: "audio_1", expiresAt: null } });
  });
});

describe("what a request sends", () => {
  it("ends with the last question", () => {
    const conversation = after(asked("a"), wrote("a", "A"), ended("a"), asked("b"), wrote("b", "B"));
    expect(upToLastQuestion(conversation.messages).map((message) => message.id)).toEqual(["a", "re-a", "b"]);
    expect(upToLastQuestion([])).toEqual([]);
  });
});

describe("speech", () => {
  const speech = { audioId: "audio_1", samples: [], file: null };

  it("can be referred to until shortly before it expires", () => {
    expect(canBeReferredTo({ ...speech, expiresAt: 1000 }, 900)).toBe(true);
    expect(canBeReferredTo({ ...speech, expiresAt: 1000 }, 990)).toBe(false);
  });

  it("can not be referred to unless all of it came", () => {
    expect(canBeReferredTo({ ...speech, expiresAt: null }, 0)).toBe(false);
  });
});
