/**
 * The playground's side of the Realtime protocol, without I/O: inputs go in, the state and effects come out.
 *
 * What holds for any sequence of inputs:
 *
 *  1. Once the user interrupts, no audio of what they interrupted is played any more.
 *  2. Each interrupted message is truncated once, where its playback stopped, and nowhere beyond what has arrived.
 *  3. The server is told of each change of the settings once, and of nothing that has not changed.
 *  4. What was said stays in sight whatever becomes of the connection; a new session is told of it.
 *  5. A call of a function is answered once.
 */

import type { MicrophoneFault } from "../../../audio/microphone";
import * as calls from "./calls";
import { cutOff, finishPlaying } from "./interruption";
import { receive, sendUnsent, takeTheFloor } from "./received";
import { settled } from "./restoring";
import { changes } from "./settings";
import { initialState, only, send, andThen, withNotice, type Effect, type Input, type Loss, type MicrophoneState, type State, type Step } from "./state";
import type { ServerEvent } from "./wire";

/** The server wants 100 ms; nobody says a word in less than this. */
const SHORTEST_HOLD_MS = 250;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;
/** Some ten minutes. */
const MOST_ATTEMPTS = 80;

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "connect":
      return state.connection.phase === "open" ? only(state) : connect({ ...state, attempts: 0 });
    case "retry":
      return state.connection.phase === "lost" && state.connection.isRetrying ? connect(state) : only(state);
    case "disconnect":
      return disconnect(state);
    case "clear":
      return andThen(disconnect(state), ({ deployment, settings, microphone, isMuted, session }) =>
        only({ ...initialState(settings), deployment, microphone, isMuted, session }),
      );
    case "deployment":
      return only(state, { deployment: input.name });
    case "settings":
      return only(state, { settings: input.settings });
    case "apply":
      return apply(state);
    case "closed":
      return closed(state);
    case "diagnosed":
      return state.connection.phase === "connecting" ? lose(state, input.loss) : only(state);
    case "received":
      return receive(state, input.event as ServerEvent, input.at, input.lastSoundAt);
    case "microphone":
      return takeMicrophone(state, input.state, input.fault);
    case "muted":
      return only(state, { isMuted: input.isMuted });
    case "typed":
      return type(state, input.id, input.text, input.at);
    case "held":
      return hold(state, input.at);
    case "released":
      return release(state, input.at);
    case "releasedByAccident":
      return forget(state);
    case "playing":
      return only(state, { playing: input.id });
    case "played":
      return finishPlaying(state, input.id);
    case "cleared":
      return andThen(cutOff(state, input.playedMs, input.at), (next) => sendUnsent(next, input.at));
    case "answered":
      return calls.answer(state, input.id, input.output, input.at);
    case "dismissed":
      return only(state, { notices: state.notices.filter((notice) => notice.id !== input.notice) });
  }
}

// --- the connection ---------------------------------------------------------------------------------------------------

function connect(state: State): Step {
  if (state.deployment === null || state.connection.phase === "connecting") return only(state);
  return {
    state: { ...state, isCall: state.settings.transport === "webrtc", connection: { phase: "connecting" } },
    effects: [{ type: "open", deployment: state.deployment }],
  };
}

function disconnect(state: State): Step {
  const effects: Effect[] = [{ type: "close" }, { type: "silence" }];
  return { state: { ...settled(state), connection: { phase: "off" }, sounding: [], silencingSince: null, playing: null }, effects };
}

function closed(state: State): Step {
  const { phase } = state.connection;
  // A browser does not tell with what a connection was refused.
  if (phase === "connecting" && state.deployment !== null) {
    return { state, effects: [{ type: "diagnose", deployment: state.deployment }] };
  }
  if (phase !== "open") return only(state);
  const ends = state.sounding.map((id): Effect => ({ type: "end", id })); // What has arrived is heard out.
  return andThen({ state: settled(state), effects: ends }, (next) => lose(next, state.isExpired ? "expired" : "dropped"));
}

function lose(state: State, loss: Loss): Step {
  const isRetrying = (loss === "dropped" || loss === "unreachable") && state.attempts < MOST_ATTEMPTS;
  const lost: State = { ...state, connection: { phase: "lost", loss, isRetrying } };
  if (!isRetrying) return only(lost);
  const ms = Math.min(FIRST_RETRY_MS * 2 ** state.attempts, LONGEST_RETRY_MS);
  return { state: { ...lost, attempts: state.attempts + 1 }, effects: [{ type: "retryIn", ms }] };
}

// --- what the user does -----------------------------------------------------------------------------------------------

/** Tell the session of what was changed in the settings. */
function apply(state: State): Step {
  if (state.connection.phase !== "open") return only(state);
  const changed = changes(state.applied, state.settings, state.isVoiceLocked);
  if (changed === null) return only(state);
  const voice = state.isVoiceLocked && state.applied !== null ? state.applied.voice : state.settings.voice;
  const isByHand = state.settings.turnMode === "push_to_talk";
  const { isUserSpeaking, entries } = isByHand ? withoutUnfinished(state) : state;
  return {
    state: { ...state, isUserSpeaking, entries, applied: { ...state.settings, voice }, heldSince: isByHand ? state.heldSince : null },
    effects: [send({ event_id: "settings", type: "session.update", session: changed })],
  };
}

/** A turn that nobody will finish: its end is not heard any more. */
function withoutUnfinished(state: State): State {
  const entries = state.entries.filter((entry) => !(entry.kind === "user" && entry.state === "speaking"));
  return { ...state, isUserSpeaking: false, entries };
}

function takeMicrophone(state: State, microphone: MicrophoneState, microphoneFault: MicrophoneFault | null): Step {
  const changed: State = { ...state, microphone, microphoneFault };
  if (microphone !== "off" || !state.isUserSpeaking || state.connection.phase !== "open") return only(changed);
  return { state: withoutUnfinished(changed), effects: [send({ event_id: "clear", type: "input_audio_buffer.clear" })] };
}

/** Say it in writing, and have it answered. It interrupts, as speaking does. */
function type(state: State, id: string, text: string, at: number): Step {
  const said: State = { ...state, unsent: [...state.unsent, { id, text }] };
  if (said.connection.phase !== "open") return connect({ ...said, attempts: 0 });
  return andThen(
    andThen(apply(said), (next) => takeTheFloor(next, at)),
    (next) => sendUnsent(next, at),
  );
}

function hold(state: State, at: number): Step {
  if (state.connection.phase !== "open" || state.microphone !== "on" || state.heldSince !== null) return only(state);
  return andThen(
    andThen(apply(state), (next) => takeTheFloor(next, at)),
    (next) => ({
      state: { ...next, heldSince: at },
      effects: [send({ event_id: "clear", type: "input_audio_buffer.clear" })],
    }),
  );
}

function release(state: State, at: number): Step {
  if (state.heldSince === null) return only(state);
  if (at - state.heldSince < SHORTEST_HOLD_MS) return andThen(forget(state), (next) => only(withNotice(next, "tooShort")));
  return {
    state: {
      ...state,
      heldSince: null,
      asked: { how: "spoken", at, silenceMs: null, itemId: null, recognizedMs: null },
      notices: state.notices.filter((notice) => notice.kind !== "tooShort"),
    },
    effects: [send({ type: "input_audio_buffer.commit" }), send({ type: "response.create" })],
  };
}

/** What was said while the button was held was not meant to be. */
function forget(state: State): Step {
  if (state.heldSince === null) return only(state);
  return { state: { ...state, heldSince: null }, effects: [send({ event_id: "clear", type: "input_audio_buffer.clear" })] };
}
