/** What follows from an event of the server's. */

import * as calls from "./calls";
import { askWhatWasHeard, interrupt, mayPlay, noteCut, noteWhatWasHeard } from "./interruption";
import { restore } from "./restoring";
import { say, sound, wordsOf } from "./spoken";
import { addEntry, changeEntry, only, send, andThen, withNotice, type Effect, type State, type Step, type UserEntry } from "./state";
import { begin, reach, recognize } from "./turns";
import { audioMs, type Item, type Response, type ServerError, type ServerEvent } from "./wire";

/** Ours, about which the user need not know that the server refused them. */
const OF_NO_CONSEQUENCE = /^(restore|truncate|retrieve|cancel|clear)/;

export function receive(state: State, event: ServerEvent, at: number, lastSoundAt: number | null): Step {
  switch (event.type) {
    case "session.created":
      return andThen(restore(state), (opened) => sendUnsent(opened, at));
    case "error":
      return only(refused(state, event.error));
    case "input_audio_buffer.speech_started":
      return begunSpeaking(addEntry({ ...state, isUserSpeaking: true }, user(state, event.item_id, "speaking")), at);
    case "input_audio_buffer.speech_stopped": {
      const silenceMs = lastSoundAt === null ? null : at - lastSoundAt;
      const heard = changeEntry(state, "user", event.item_id, (entry) => ({ ...entry, state: "recognizing" }));
      const asked = { how: "spoken", at, silenceMs, itemId: event.item_id, recognizedMs: null } as const;
      return only(heard, { isUserSpeaking: false, asked });
    }
    case "input_audio_buffer.committed":
      // By hand: only now it has an id.
      return only(state, { asked: state.asked && { ...state.asked, itemId: state.asked.itemId ?? event.item_id } });
    case "conversation.item.created":
      return only(created(state, event.item, event.previous_item_id));
    case "conversation.item.input_audio_transcription.completed":
      return only(recognized(state, event.item_id, event.transcript, at));
    case "conversation.item.input_audio_transcription.failed": {
      const failed = changeEntry(state, "user", event.item_id, (entry) => ({ ...entry, state: "failed" }));
      return only(withNotice(failed, "error", event.error.message));
    }
    case "conversation.item.truncated":
      return state.isCall ? noteCut(state, event.item_id, event.audio_end_ms) : askWhatWasHeard(state, event.item_id);
    case "output_audio_buffer.started":
      return only(played(state, event.response_id, at));
    case "output_audio_buffer.stopped":
    case "output_audio_buffer.cleared":
      return only(state, { playing: null });
    case "conversation.item.retrieved":
      return noteWhatWasHeard(state, event.item);
    case "response.created": {
      const turns = state.asked === null ? state.turns : { ...state.turns, [event.response.id]: begin(state.asked) };
      return only(state, { responseId: event.response.id, asked: null, turns });
    }
    case "response.output_item.added":
      return only(begun(state, event.item, event.response_id));
    case "response.audio_transcript.delta":
    case "response.text.delta":
      return only(
        changeEntry(reached(state, event.response_id, at), "assistant", event.item_id, (entry) => ({
          ...entry,
          pieces: say(entry.pieces, event.delta),
        })),
      );
    case "response.audio.delta":
      return hear(state, event.item_id, event.response_id, event.delta, at);
    case "response.audio.done":
      return { state, effects: mayPlay(state, event.item_id) ? [{ type: "end", id: event.item_id }] : [] };
    case "response.audio_transcript.done":
      return only(finished(state, event.item_id, event.transcript));
    case "response.text.done":
      return only(finished(state, event.item_id, event.text));
    case "response.function_call_arguments.delta":
      return only(
        changeEntry(reached(state, event.response_id, at), "call", event.item_id, (entry) => ({
          ...entry,
          arguments: entry.arguments + event.delta,
        })),
      );
    case "response.function_call_arguments.done":
      return calls.take(state, event.item_id, event.arguments, at);
    case "response.done":
      return done(state, event.response, at);
    default:
      return only(state);
  }
}

/** Say what was typed as soon as there is a session, and what was interrupted by it is cut. */
export function sendUnsent(state: State, at: number): Step {
  if (state.connection.phase !== "open" || state.silencingSince !== null || state.unsent.length === 0) return only(state);
  const items = state.unsent.map(({ id, text }): Effect => {
    const item = { id, type: "message", role: "user", content: [{ type: "input_text", text }] } as const;
    return send({ type: "conversation.item.create", item });
  });
  const said = state.unsent.reduce(
    (next, { id, text }) => addEntry(next, { kind: "user", id, session: state.session, text, state: "done" }),
    state,
  );
  return {
    state: { ...said, unsent: [], asked: { how: "typed", at, silenceMs: null, itemId: null, recognizedMs: null } },
    effects: [...items, send({ type: "response.create" })],
  };
}

/** Stop the reply that is being made or heard, where the server does not do so by itself. */
export function takeTheFloor(state: State, at: number): Step {
  const cancelled: Step =
    state.responseId === null
      ? only(state)
      : { state, effects: [send({ event_id: "cancel", type: "response.cancel" })] };
  return andThen(cancelled, (next) => interrupt(next, at));
}

/** The user speaks: in a call, the server has silenced what is heard. */
function begunSpeaking(state: State, at: number): Step {
  return state.isCall ? only(state) : interrupt(state, at);
}

function user(state: State, id: string, stage: UserEntry["state"]): UserEntry {
  return { kind: "user", id, session: state.session, text: null, state: stage };
}

function refused(state: State, error: ServerError): State {
  if (error.code === "session_expired") return { ...state, isExpired: true };
  if (error.event_id != null && OF_NO_CONSEQUENCE.test(error.event_id)) return state;
  if (error.event_id === "settings") return withNotice({ ...state, applied: null }, "error", error.message);
  if (error.code === "input_audio_buffer_commit_empty") return withNotice({ ...state, asked: null }, "tooShort");
  return withNotice({ ...state, asked: null }, "error", error.message);
}

function created(state: State, item: Item, previousId: string | null): State {
  if (item.type !== "message" || item.role !== "user") return state;
  return addEntry(state, user(state, item.id, "recognizing"), previousId);
}

function recognized(state: State, id: string, transcript: string, at: number): State {
  const known = changeEntry(state, "user", id, (entry) => ({ ...entry, text: transcript, state: "done" }));
  const asked = known.asked?.itemId === id ? { ...known.asked, recognizedMs: at - known.asked.at } : known.asked;
  return { ...known, asked, turns: recognize(known.turns, id, at) };
}

/** The model begins to say or to call something. */
function begun(state: State, item: Item, responseId: string): State {
  const { id } = item;
  if (item.type === "function_call") {
    const { call_id: callId = "", name = "", arguments: args = "" } = item;
    const { session } = state;
    return addEntry(state, { kind: "call", id, session, responseId, callId, name, arguments: args, state: "streaming", output: null });
  }
  const sounding = state.isCall ? state.sounding : [...state.sounding, id];
  return addEntry({ ...state, sounding }, { kind: "assistant", id, session: state.session, responseId, pieces: [], state: "streaming", cut: null });
}

function reached(state: State, responseId: string, at: number): State {
  return { ...state, turns: reach(state.turns, responseId, "firstTokenMs", at) };
}

/** The server begins to play a response. */
function played(state: State, responseId: string, at: number): State {
  const entry = state.entries.find((each) => each.kind === "assistant" && each.responseId === responseId);
  return { ...state, turns: reach(state.turns, responseId, "firstAudioMs", at), isVoiceLocked: true, playing: entry?.id ?? null };
}

function hear(state: State, id: string, responseId: string, audio: string, at: number): Step {
  const isPlayed = mayPlay(state, id);
  const heard = changeEntry(state, "assistant", id, (entry) =>
    entry.cut === null ? { ...entry, pieces: sound(entry.pieces, audioMs(audio)) } : entry,
  );
  return {
    state: {
      ...heard,
      turns: reach(state.turns, responseId, "firstAudioMs", at),
      isVoiceLocked: true,
    },
    effects: isPlayed ? [{ type: "play", id, audio }] : [],
  };
}

/** All words of a message are known. They are those of its pieces, unless some went missing. */
function finished(state: State, id: string, text: string): State {
  return changeEntry(state, "assistant", id, (entry) => ({
    ...entry,
    state: "done",
    pieces: wordsOf(entry.pieces) === text ? entry.pieces : [...entry.pieces.map(({ ms }) => ({ text: "", ms })), { text, ms: 0 }],
  }));
}

function done(state: State, response: Response, at: number): Step {
  const isCurrent = state.responseId === response.id;
  const entries = state.entries.map((entry) =>
    entry.kind === "assistant" && entry.responseId === response.id ? { ...entry, state: "done" as const } : entry,
  );
  const over = { ...state, entries, responseId: isCurrent ? null : state.responseId };
  const { status, status_details: details } = response;
  if (status === "failed") {
    const kind = details?.error?.code === "rate_limit_exceeded" ? "rateLimit" : "failed";
    return only(withNotice(over, kind, details?.error?.message));
  }
  if (status === "incomplete") return only(withNotice(over, "incomplete", details?.reason));
  return status === "completed" ? calls.goOn(over, response.id, at) : only(over);
}
