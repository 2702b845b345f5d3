/** A record's JSON as a conversation: who said what, whether it came by chat or by Realtime. */

import type { WholeRecord } from "../../api/records";

export type Speaker = "system" | "user" | "assistant" | "tool";

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "audio";
      /** The recording's name; null where it is not part of this record. */
      readonly name: string | null;
      readonly transcript: string | null;
    }
  | { readonly kind: "refusal"; readonly text: string }
  | { readonly kind: "call"; readonly id: string; readonly name: string; readonly args: string }
  | { readonly kind: "result"; readonly id: string; readonly output: string };

export interface Turn {
  readonly speaker: Speaker;
  readonly parts: readonly Part[];
}

export interface Conversation {
  readonly asked: readonly Turn[];
  /** More than one where several choices were asked for, or a Realtime response has several items. */
  readonly answered: readonly Turn[];
  /** Whether the reply broke off: its client left, it failed, or it was interrupted. */
  readonly isCutShort: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads what it knows and passes over what it does not: records may be of another version of the server. */
export function conversationOf(record: Pick<WholeRecord, "prompt" | "completion" | "operation" | "audio">): Conversation {
  const prompt = objectOf(record.prompt);
  const completion = objectOf(record.completion);
  const conversation =
    record.operation === "realtime" ? realtimeConversation(prompt, completion) : chatConversation(prompt, completion, record.audio);
  const isEmpty = ({ parts }: Turn): boolean => parts.length === 0;
  return {
    ...conversation,
    asked: conversation.asked.filter((turn) => !isEmpty(turn)),
    answered: conversation.answered.filter((turn) => !isEmpty(turn)),
  };
}

// --- chat ------------------------------------------------------------------------------------------------------------

function chatConversation(prompt: Json, completion: Json, audio: readonly string[]): Conversation {
  const choices = objectsOf(completion["choices"]);
  const answered = choices.map((choice, place): Turn => {
    const index = typeof choice["index"] === "number" ? choice["index"] : place;
    const recording = audio.find((name) => name.startsWith(`choice-${String(index)}.`)) ?? null;
    return chatTurn(objectOf(choice["message"]), recording);
  });
  return {
    asked: objectsOf(prompt["messages"]).map((message) => chatTurn(message, null)),
    answered,
    isCutShort: choices.some((choice) => (choice["finish_reason"] ?? null) === null),
  };
}

function chatTurn(message: Json, recording: string | null): Turn {
  if (message["role"] === "tool") {
    const parts = chatContent(message["content"]);
    const output = parts.map((part) => (part.kind === "text" ? part.text : "")).join("\n");
    return { speaker: "tool", parts: [{ kind: "result", id: textOf(message["tool_call_id"]), output }] };
  }
  const parts = chatContent(message["content"]);
  if (isObject(message["audio"])) {
    const transcript = message["audio"]["transcript"];
    parts.push({ kind: "audio", name: recording, transcript: typeof transcript === "string" ? transcript : null });
  }
  if (typeof message["refusal"] === "string") parts.push({ kind: "refusal", text: message["refusal"] });
  for (const call of objectsOf(message["tool_calls"])) {
    const called = objectOf(call["function"]);
    parts.push({ kind: "call", id: textOf(call["id"]), name: textOf(called["name"]), args: textOf(called["arguments"]) });
  }
  return { speaker: speakerOf(message["role"]), parts };
}

function chatContent(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  return objectsOf(content).flatMap((part): Part[] => {
    switch (part["type"]) {
      case "text":
        return [{ kind: "text", text: textOf(part["text"]) }];
      case "refusal":
        return [{ kind: "refusal", text: textOf(part["refusal"]) }];
      case "input_audio":
        // The name of the recording stands in the place of its data.
        return [{ kind: "audio", name: textOf(objectOf(part["input_audio"])["data"]), transcript: null }];
      default:
        return [];
    }
  });
}

// --- Realtime --------------------------------------------------------------------------------------------------------

function realtimeConversation(prompt: Json, completion: Json): Conversation {
  const instructions = textOf(prompt["instructions"]);
  const system: Turn = { speaker: "system", parts: instructions ? [{ kind: "text", text: instructions }] : [] };
  return {
    asked: [system, ...objectsOf(prompt["input"]).map(realtimeTurn)],
    answered: objectsOf(completion["output"]).map(realtimeTurn),
    isCutShort: completion["status"] !== "completed",
  };
}

function realtimeTurn(item: Json): Turn {
  switch (item["type"]) {
    case "function_call": {
      const { call_id: id, name, arguments: args } = item;
      return { speaker: "assistant", parts: [{ kind: "call", id: textOf(id), name: textOf(name), args: textOf(args) }] };
    }
    case "function_call_output":
      return {
        speaker: "tool",
        parts: [{ kind: "result", id: textOf(item["call_id"]), output: textOf(item["output"]) }],
      };
    default:
      return { speaker: speakerOf(item["role"]), parts: objectsOf(item["content"]).flatMap(realtimePart) };
  }
}

function realtimePart(part: Json): Part[] {
  if (part["type"] === "text") return [{ kind: "text", text: textOf(part["text"]) }];
  if (part["type"] !== "audio") return [];
  const { audio, transcript } = part;
  return [
    {
      kind: "audio",
      name: typeof audio === "string" ? audio : null,
      transcript: typeof transcript === "string" && transcript !== "" ? transcript : null,
    },
  ];
}

// --- JSON of which nothing is known ----------------------------------------------------------------------------------

function speakerOf(role: unknown): Speaker {
  if (role === "user" || role === "assistant" || role === "tool") return role;
  return "system"; // "developer" is its newer name.
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** JSON that a model or a program wrote, indented where it is JSON at all. */
export function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
