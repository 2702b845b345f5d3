/** What the user sets of a session, and which changes of it the server has to be told. */

import type { Tool } from "./tools";
import { functionsOf } from "./tools";
import { EAGERNESS, type Eagerness, type SessionChanges, type TurnDetection } from "./wire";

export const TURN_MODES = ["server_vad", "semantic_vad", "push_to_talk"] as const;
/** Who says when a turn is over: silence, how finished it sounds, or the user's finger. */
export type TurnMode = (typeof TURN_MODES)[number];

export const TRANSPORTS = ["websocket", "webrtc"] as const;
/** How audio travels: in the events of a WebSocket, or by itself, as in a call. */
export type Transport = (typeof TRANSPORTS)[number];

export interface Settings {
  readonly transport: Transport;
  readonly instructions: string;
  /** Null until it is known which there are. */
  readonly voice: string | null;
  readonly temperature: number;
  readonly turnMode: TurnMode;
  readonly threshold: number;
  readonly prefixPaddingMs: number;
  readonly silenceDurationMs: number;
  readonly eagerness: Eagerness;
  readonly tools: readonly Tool[];
}

export const DEFAULTS: Settings = {
  transport: "websocket",
  instructions: "",
  voice: null,
  temperature: 0.8,
  turnMode: "server_vad",
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceDurationMs: 500,
  eagerness: "auto",
  tools: [],
};

/** The server hears with the recognizer of its profile, whatever the name; clients of Azure give this one. */
const TRANSCRIPTION = { model: "whisper-1" };

function turnDetectionOf(settings: Settings): TurnDetection | null {
  switch (settings.turnMode) {
    case "push_to_talk":
      return null;
    case "semantic_vad":
      return { type: "semantic_vad", eagerness: settings.eagerness };
    case "server_vad":
      return {
        type: "server_vad",
        threshold: settings.threshold,
        prefix_padding_ms: settings.prefixPaddingMs,
        silence_duration_ms: settings.silenceDurationMs,
      };
  }
}

function sessionOf(settings: Settings): SessionChanges {
  return {
    instructions: settings.instructions,
    ...(settings.voice === null ? {} : { voice: settings.voice }),
    temperature: settings.temperature,
    turn_detection: turnDetectionOf(settings),
    input_audio_transcription: TRANSCRIPTION,
    tools: functionsOf(settings.tools),
  };
}

/**
 * What to tell a session that goes by `applied` (null: by its own defaults) so that it goes by `wanted`; null when
 * nothing has changed. The voice is left out once it `isVoiceLocked`: the server would refuse all of the update.
 */
export function changes(applied: Settings | null, wanted: Settings, isVoiceLocked: boolean): SessionChanges | null {
  const before: SessionChanges = applied === null ? {} : sessionOf(applied);
  const changed = Object.entries(sessionOf(wanted)).filter(
    ([name, value]) =>
      !(name === "voice" && isVoiceLocked) &&
      JSON.stringify(value) !== JSON.stringify(before[name as keyof SessionChanges]),
  );
  return changed.length === 0 ? null : Object.fromEntries(changed);
}

/** Settings as they were stored by this or an earlier version of the page; what is missing or wrong has its default. */
export function readSettings(stored: unknown): Settings | null {
  if (typeof stored !== "object" || stored === null) return null;
  const read = { ...DEFAULTS } as Record<string, unknown>;
  for (const [name, value] of Object.entries(stored)) {
    const fallback = read[name];
    const isKnown = name === "voice" ? typeof value === "string" : typeof value === typeof fallback;
    if (isKnown && Array.isArray(value) === Array.isArray(fallback)) read[name] = value;
  }
  const settings = read as unknown as Settings;
  return {
    ...settings,
    transport: TRANSPORTS.includes(settings.transport) ? settings.transport : DEFAULTS.transport,
    turnMode: TURN_MODES.includes(settings.turnMode) ? settings.turnMode : DEFAULTS.turnMode,
    eagerness: EAGERNESS.includes(settings.eagerness) ? settings.eagerness : DEFAULTS.eagerness,
    tools: settings.tools.filter((tool) => typeof tool.name === "string" && typeof tool.parameters === "string"),
  };
}
