/** Who is at it just now. */

import type { State } from "./state";

export type Activity =
  | "off"
  | "connecting"
  | "lost"
  | "user"
  | "model"
  | "thinking"
  | "tool"
  | "muted"
  | "listening"
  | "holdToTalk"
  | "ready";

export function activityOf(state: State): Activity {
  if (state.playing !== null && state.connection.phase !== "off" && !state.isUserSpeaking) return "model";
  if (state.connection.phase !== "open") return state.connection.phase;
  if (state.heldSince !== null || state.isUserSpeaking) return "user";
  if (state.responseId !== null || state.asked !== null) return "thinking";
  if (state.entries.some((entry) => entry.kind === "call" && entry.state === "waiting")) return "tool";
  if (state.microphone !== "on") return "ready";
  if (state.isMuted) return "muted";
  return state.settings.turnMode === "push_to_talk" ? "holdToTalk" : "listening";
}

/** Whether what the microphone hears goes to the server. */
export function isStreaming(state: State): boolean {
  if (state.connection.phase !== "open" || state.microphone !== "on") return false;
  return state.settings.turnMode !== "push_to_talk" || state.heldSince !== null;
}
