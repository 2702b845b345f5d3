/** Everything the playground knows of a conversation, what can happen to it, and what follows from that. */

import type { MicrophoneFault } from "../../../audio/microphone";
import { DEFAULTS, type Settings } from "./settings";
import type { Piece } from "./spoken";
import type { Turn, TurnStart } from "./turns";
import type { ClientEvent } from "./wire";

/** What was said or called, in order, over as many sessions as it took. */
export type Entry = UserEntry | AssistantEntry | CallEntry | BoundaryEntry;

export interface UserEntry {
  readonly kind: "user";
  readonly id: string;
  readonly session: number;
  /** Null until it was recognized; "" where no words could be made out. */
  readonly text: string | null;
  readonly state: "speaking" | "recognizing" | "done" | "failed";
}

export interface AssistantEntry {
  readonly kind: "assistant";
  readonly id: string;
  readonly session: number;
  readonly responseId: string;
  readonly pieces: readonly Piece[];
  readonly state: "streaming" | "done";
  /** Where the user interrupted it. */
  readonly cut: Cut | null;
}

export interface Cut {
  /** What was played of it, to the sample, in whole milliseconds. */
  readonly playedMs: number;
  /** From the arrival of the event to the silence; null in a call, which the server silences. */
  readonly silentAfterMs: number | null;
  /** How many letters of it were heard: our estimate until the server has told. */
  readonly letters: number;
}

export interface CallEntry {
  readonly kind: "call";
  readonly id: string;
  readonly session: number;
  readonly responseId: string;
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  readonly state: "streaming" | "waiting" | "answered" | "abandoned";
  readonly output: string | null;
}

/** A session ended here, and another one went on. */
export interface BoundaryEntry {
  readonly kind: "boundary";
  readonly id: string;
  readonly session: number;
}

/** Why there is no session although there was, or should be, one. */
export type Loss = "dropped" | "unreachable" | "expired" | "signedOut" | "deploymentGone" | "refused";

export type Connection =
  | { readonly phase: "off" }
  | { readonly phase: "connecting" | "open" }
  /** `isRetrying`: it is tried again without being asked to. */
  | { readonly phase: "lost"; readonly loss: Loss; readonly isRetrying: boolean };

export type NoticeKind = "error" | "rateLimit" | "failed" | "incomplete" | "tooShort";

export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  /** The server's own words; "" where there are none. */
  readonly detail: string;
}

export type MicrophoneState = "off" | "opening" | "on";

export interface State {
  readonly deployment: string | null;
  readonly settings: Settings;
  /** What the session goes by, as far as it was told; null before it was told anything. */
  readonly applied: Settings | null;
  readonly connection: Connection;
  /** Whether the server plays the audio, knows what was heard and truncates by itself. */
  readonly isCall: boolean;
  /** Counts the sessions that were opened. */
  readonly session: number;
  readonly attempts: number;
  readonly isExpired: boolean;
  readonly entries: readonly Entry[];
  readonly turns: Readonly<Record<string, Turn>>;
  /** The turn that is not being answered yet. */
  readonly asked: TurnStart | null;
  /** Of the response that is being made. */
  readonly responseId: string | null;
  /** Whether the session has spoken: its voice is settled from then on. */
  readonly isVoiceLocked: boolean;
  /** Messages that were not played to their end. */
  readonly sounding: readonly string[];
  /** When playback was told to fall silent, until it has. */
  readonly silencingSince: number | null;
  /** Whose audio is heard at this moment. */
  readonly playing: string | null;
  readonly isUserSpeaking: boolean;
  /** When the user began to hold the button, while they do. */
  readonly heldSince: number | null;
  readonly microphone: MicrophoneState;
  readonly microphoneFault: MicrophoneFault | null;
  readonly isMuted: boolean;
  /** Said while there was no session to say it in. */
  readonly unsent: readonly Typed[];
  readonly notices: readonly Notice[];
  readonly nextNotice: number;
}

interface Typed {
  readonly id: string;
  readonly text: string;
}

/** What happens. `at` is when, in milliseconds of any clock that goes evenly. */
export type Input =
  | { readonly type: "connect" | "disconnect" | "clear" | "retry" | "closed" | "apply" }
  | { readonly type: "deployment"; readonly name: string }
  | { readonly type: "settings"; readonly settings: Settings }
  | { readonly type: "diagnosed"; readonly loss: Loss }
  /** `lastSoundAt`: when the microphone last heard the user; null where that is not known. */
  | { readonly type: "received"; readonly event: { readonly type: string }; readonly at: number; readonly lastSoundAt: number | null }
  | { readonly type: "microphone"; readonly state: MicrophoneState; readonly fault: MicrophoneFault | null }
  | { readonly type: "muted"; readonly isMuted: boolean }
  | { readonly type: "typed"; readonly id: string; readonly text: string; readonly at: number }
  | { readonly type: "held" | "released" | "releasedByAccident"; readonly at: number }
  | { readonly type: "playing"; readonly id: string | null }
  | { readonly type: "played"; readonly id: string }
  | { readonly type: "cleared"; readonly playedMs: ReadonlyMap<string, number>; readonly at: number }
  | { readonly type: "answered"; readonly id: string; readonly output: string; readonly at: number }
  | { readonly type: "dismissed"; readonly notice: number };

/** What is to be done. */
export type Effect =
  | { readonly type: "send"; readonly event: ClientEvent }
  | { readonly type: "open"; readonly deployment: string }
  | { readonly type: "close" }
  | { readonly type: "diagnose"; readonly deployment: string }
  | { readonly type: "retryIn"; readonly ms: number }
  | { readonly type: "play"; readonly id: string; readonly audio: string }
  | { readonly type: "end"; readonly id: string }
  | { readonly type: "silence" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function initialState(settings: Settings = DEFAULTS): State {
  return {
    deployment: null,
    settings,
    applied: null,
    connection: { phase: "off" },
    isCall: false,
    session: 0,
    attempts: 0,
    isExpired: false,
    entries: [],
    turns: {},
    asked: null,
    responseId: null,
    isVoiceLocked: false,
    sounding: [],
    silencingSince: null,
    playing: null,
    isUserSpeaking: false,
    heldSince: null,
    microphone: "off",
    microphoneFault: null,
    isMuted: false,
    unsent: [],
    notices: [],
    nextNotice: 0,
  };
}

/** Nothing but a change of the state follows. */
export function only(state: State, changed: Partial<State> = {}): Step {
  return { state: { ...state, ...changed }, effects: [] };
}

export function send(event: ClientEvent): Effect {
  return { type: "send", event };
}

/** What follows from `next`, after what has followed already. */
export function andThen(step: Step, next: (state: State) => Step): Step {
  const following = next(step.state);
  return { state: following.state, effects: [...step.effects, ...following.effects] };
}

export function withNotice(state: State, kind: NoticeKind, detail = ""): State {
  const others = state.notices.filter((notice) => notice.kind !== kind || notice.detail !== detail);
  return { ...state, notices: [...others.slice(-2), { id: state.nextNotice, kind, detail }], nextNotice: state.nextNotice + 1 };
}

type Kind = Entry["kind"];

/** The entry of that kind and id, changed. */
export function changeEntry<K extends Kind>(
  state: State,
  kind: K,
  id: string,
  change: (entry: Extract<Entry, { kind: K }>) => Extract<Entry, { kind: K }>,
): State {
  const at = state.entries.findLastIndex((entry) => entry.kind === kind && entry.id === id);
  const entry = state.entries[at];
  if (entry === undefined) return state;
  return { ...state, entries: state.entries.with(at, change(entry as Extract<Entry, { kind: K }>)) };
}

/** Add what is new to the conversation, behind the entry that it follows, or at the end. */
export function addEntry(state: State, entry: Entry, previousId: string | null = null): State {
  if (state.entries.some((known) => known.id === entry.id)) return state;
  const at = previousId === null ? -1 : state.entries.findLastIndex((known) => known.id === previousId);
  return { ...state, entries: at === -1 ? [...state.entries, entry] : state.entries.toSpliced(at + 1, 0, entry) };
}
