/** A new session knows nothing: it is told the settings, and what was said before it. */

import { wordsOf } from "./spoken";
import { addEntry, send, type Effect, type Entry, type State, type Step } from "./state";
import { changes } from "./settings";
import type { NewItem } from "./wire";

/** The session is open. */
export function restore(state: State): Step {
  const session = state.session + 1;
  const told = changes(null, state.settings, false);
  const effects: Effect[] = told === null ? [] : [send({ event_id: "settings", type: "session.update", session: told })];
  const before = settled(state);
  before.entries.forEach((entry, at) => {
    for (const item of itemsOf(entry)) {
      effects.push(send({ event_id: `restore_${String(at)}`, type: "conversation.item.create", item }));
    }
  });
  const marked = before.entries.length === 0 ? before : addEntry(before, { kind: "boundary", id: `session_${String(session)}`, session });
  return {
    state: { ...marked, session, applied: state.settings, connection: { phase: "open" }, attempts: 0, isVoiceLocked: false, isExpired: false },
    effects,
  };
}

/** The conversation, once its session is gone: nothing more comes of what was under way. */
export function settled(state: State): State {
  const entries = state.entries
    .filter((entry) => !(entry.kind === "user" && entry.state === "speaking"))
    .map((entry): Entry => {
      if (entry.kind === "user" && entry.state === "recognizing") return { ...entry, state: "failed" };
      if (entry.kind === "assistant") return { ...entry, state: "done" };
      if (entry.kind === "call" && entry.output === null) return { ...entry, state: "abandoned" };
      return entry;
    });
  return { ...state, entries, applied: null, responseId: null, asked: null, isUserSpeaking: false, heldSince: null };
}

/** As items of a conversation, in words: what was not heard was not said, and a call without an answer was not made. */
function itemsOf(entry: Entry): readonly NewItem[] {
  switch (entry.kind) {
    case "user": {
      if (entry.text === null || entry.text === "") return [];
      return [{ id: entry.id, type: "message", role: "user", content: [{ type: "input_text", text: entry.text }] }];
    }
    case "assistant": {
      const text = wordsOf(entry.pieces).slice(0, entry.cut?.letters);
      return text === "" ? [] : [{ id: entry.id, type: "message", role: "assistant", content: [{ type: "text", text }] }];
    }
    case "call": {
      if (entry.output === null) return [];
      const { id, callId, name } = entry;
      return [
        { id, type: "function_call", call_id: callId, name, arguments: entry.arguments },
        { type: "function_call_output", call_id: callId, output: entry.output },
      ];
    }
    case "boundary":
      return [];
  }
}
