/** Calls of the user's functions: answered by hand, or at once where the user has written an answer beforehand. */

import { changeEntry, only, send, andThen, type CallEntry, type State, type Step } from "./state";

/** A call is complete. */
export function take(state: State, id: string, args: string, at: number): Step {
  const known = callOf(state, id);
  // Told twice, by `arguments.done` and by the response: what was answered already stays so.
  if (known === undefined || known.state !== "streaming") return only(state);
  const waiting = changeEntry(state, "call", id, (entry) => ({ ...entry, arguments: args, state: "waiting" }));
  const canned = state.settings.tools.find((tool) => tool.name === known.name)?.answer ?? "";
  return canned === "" ? only(waiting) : answer(waiting, id, canned, at);
}

export function answer(state: State, id: string, output: string, at: number): Step {
  const call = callOf(state, id);
  if (call?.state !== "waiting") return only(state);
  const answered = changeEntry(state, "call", id, (entry) => ({ ...entry, output, state: "answered" }));
  const item = { type: "function_call_output", call_id: call.callId, output } as const;
  const told: Step = { state: answered, effects: [send({ type: "conversation.item.create", item })] };
  return andThen(told, (next) => goOn(next, call.responseId, at));
}

/** Once a response is done and all of its calls are answered, the model goes on. */
export function goOn(state: State, responseId: string, at: number): Step {
  const calls = state.entries.filter((entry) => entry.kind === "call" && entry.responseId === responseId);
  const isComplete = calls.length > 0 && calls.every((call) => call.kind === "call" && call.state === "answered");
  if (!isComplete || state.responseId !== null) return only(state);
  return {
    state: { ...state, asked: { how: "answered", at, silenceMs: null, itemId: null, recognizedMs: null } },
    effects: [send({ type: "response.create" })],
  };
}

function callOf(state: State, id: string): CallEntry | undefined {
  return state.entries.find((entry): entry is CallEntry => entry.kind === "call" && entry.id === id);
}
