/** The conversation: what was asked and answered, and what happens to it. Nothing here touches the page or the network. */

import type { Clip } from "./clips";
import type { Fault } from "./faults";
import type { AudioFormat } from "./settings";

/** What a user sends: text, recordings and files, any of them together. */
export interface Question {
  readonly text: string;
  readonly clips: readonly Clip[];
}

export interface UserMessage extends Question {
  readonly role: "user";
  readonly id: string;
}

/** The speech of a reply. */
export interface Speech {
  /** By which later requests refer to it. */
  readonly audioId: string;
  /** Unix seconds; null until all of it has come: what broke off can not be referred to. */
  readonly expiresAt: number | null;
  /** At 24 kHz, in the pieces in which it came. */
  readonly samples: readonly Int16Array[];
  /** The file itself, where it came as one. */
  readonly file: { readonly format: AudioFormat; readonly bytes: Uint8Array<ArrayBuffer> } | null;
}

export interface Reply {
  readonly role: "assistant";
  readonly id: string;
  /** What it says, spoken or written. */
  readonly text: string;
  readonly speech: Speech | null;
  /** "cut" is ended by the limit of tokens; "stopped" by the user, or by a fault. */
  readonly state: "arriving" | "done" | "cut" | "stopped";
}

export type Message = UserMessage | Reply;

export interface Conversation {
  readonly messages: readonly Message[];
  /** Why there is no reply to the last question, or not all of one. */
  readonly fault: Fault | null;
}

export const EMPTY: Conversation = { messages: [], fault: null };

export type Change =
  /** A question is sent; what follows the message that it replaces is dropped. */
  | { readonly type: "asked"; readonly message: UserMessage; readonly replyId: string; readonly replacing: string | null }
  /** The last question is sent again; what was answered to it is dropped. */
  | { readonly type: "retried"; readonly replyId: string }
  | { readonly type: "wrote"; readonly replyId: string; readonly text: string }
  | { readonly type: "spoke"; readonly replyId: string; readonly piece: SpeechPiece }
  | { readonly type: "ended"; readonly replyId: string; readonly isCut: boolean }
  | { readonly type: "stopped"; readonly replyId: string }
  | { readonly type: "failed"; readonly replyId: string; readonly fault: Fault }
  /** The service has forgotten the speech that was referred to. */
  | { readonly type: "forgotten" }
  | { readonly type: "faultDismissed" }
  | { readonly type: "cleared" };

/** Some of a reply's speech; each piece has what came with it. */
export interface SpeechPiece {
  readonly audioId: string;
  readonly transcript?: string;
  readonly samples?: Int16Array;
  readonly expiresAt?: number;
  readonly file?: Speech["file"];
}

export function converse(conversation: Conversation, change: Change): Conversation {
  const { messages } = conversation;
  switch (change.type) {
    case "asked": {
      const kept = change.replacing === null ? messages : before(messages, change.replacing);
      return { messages: [...kept, change.message, newReply(change.replyId)], fault: null };
    }
    case "retried":
      return { messages: [...upToLastQuestion(messages), newReply(change.replyId)], fault: null };
    case "wrote":
      return withReply(conversation, change.replyId, (reply) => ({ ...reply, text: reply.text + change.text }));
    case "spoke":
      return withReply(conversation, change.replyId, (reply) => ({
        ...reply,
        text: reply.text + (change.piece.transcript ?? ""),
        speech: withPiece(reply.speech, change.piece),
      }));
    case "ended":
      return withReply(conversation, change.replyId, (reply) => ({ ...reply, state: change.isCut ? "cut" : "done" }));
    case "stopped":
      return withoutEmpty(withReply(conversation, change.replyId, stopped), change.replyId);
    case "failed": {
      // Where the reply is gone, so is what its fault would be told about.
      if (!messages.some((message) => message.id === change.replyId)) return conversation;
      const after = withoutEmpty(withReply(conversation, change.replyId, stopped), change.replyId);
      return { ...after, fault: change.fault };
    }
    case "forgotten":
      return { ...conversation, messages: messages.map(forgotten) };
    case "faultDismissed":
      return { ...conversation, fault: null };
    case "cleared":
      return EMPTY;
  }
}

/** The messages before the one of that id; all, if there is none. */
export function before(messages: readonly Message[], id: string): readonly Message[] {
  const at = messages.findIndex((message) => message.id === id);
  return at === -1 ? messages : messages.slice(0, at);
}

/** What a request sends that asks for an answer to the last question. */
export function upToLastQuestion(messages: readonly Message[]): readonly Message[] {
  return messages.slice(0, messages.findLastIndex((message) => message.role === "user") + 1);
}

/** Whether the speech can be referred to, for as long as a request may take to arrive. */
export function canBeReferredTo(speech: Speech, nowSeconds: number): boolean {
  return speech.expiresAt !== null && nowSeconds + 30 < speech.expiresAt;
}

export function isEmpty(question: Question): boolean {
  return question.text.trim() === "" && question.clips.length === 0;
}

function newReply(id: string): Reply {
  return { role: "assistant", id, text: "", speech: null, state: "arriving" };
}

function withReply(conversation: Conversation, id: string, change: (reply: Reply) => Reply): Conversation {
  // What arrives after the end, or for a reply that was dropped, came too late.
  const applies = (message: Message): message is Reply =>
    message.role === "assistant" && message.id === id && message.state === "arriving";
  if (!conversation.messages.some(applies)) return conversation;
  return { ...conversation, messages: conversation.messages.map((each) => (applies(each) ? change(each) : each)) };
}

function withPiece(speech: Speech | null, piece: SpeechPiece): Speech {
  const known = speech ?? { audioId: piece.audioId, expiresAt: null, samples: [], file: null };
  return {
    audioId: piece.audioId,
    expiresAt: piece.expiresAt ?? known.expiresAt,
    samples: piece.samples === undefined ? known.samples : [...known.samples, piece.samples],
    file: piece.file ?? known.file,
  };
}

function stopped(reply: Reply): Reply {
  return { ...reply, state: "stopped" };
}

function withoutEmpty(conversation: Conversation, id: string): Conversation {
  const isNothing = (message: Message): boolean =>
    message.id === id && message.role === "assistant" && message.text === "" && message.speech === null;
  return { ...conversation, messages: conversation.messages.filter((message) => !isNothing(message)) };
}

function forgotten(message: Message): Message {
  if (message.role === "user" || message.speech === null) return message;
  return { ...message, speech: { ...message.speech, expiresAt: null } };
}
