/** What the settings panel sets, as the browser remembers it. */

import { rememberedJson } from "../../shell/remembered";

/** PCM16 streams; the others come whole, once the reply has ended. */
export const AUDIO_FORMATS = ["pcm16", "wav", "mp3", "flac", "opus", "aac"] as const;

export type AudioFormat = (typeof AUDIO_FORMATS)[number];

export interface Settings {
  /** "" for the first that there is. */
  readonly deployment: string;
  readonly systemMessage: string;
  readonly speaks: boolean;
  readonly voice: string;
  readonly format: AudioFormat;
  readonly temperature: number;
  readonly maxTokens: number;
  /** Whether replies sound as they come. */
  readonly isAloud: boolean;
}

export const DEFAULTS: Settings = {
  deployment: "",
  systemMessage: "",
  speaks: true,
  voice: "alloy",
  format: "pcm16",
  temperature: 0.7,
  maxTokens: 800,
  isAloud: true,
};

export const MAX_TEMPERATURE = 2;
export const MAX_MAX_TOKENS = 4096;

/** What was stored, value by value; the default stands in for what is missing or makes no sense. */
export function readSettings(stored: unknown): Settings {
  const known = typeof stored === "object" && stored !== null ? (stored as Partial<Record<keyof Settings, unknown>>) : {};
  const text = (value: unknown, otherwise: string): string => (typeof value === "string" ? value : otherwise);
  const truth = (value: unknown, otherwise: boolean): boolean => (typeof value === "boolean" ? value : otherwise);
  const number = (value: unknown, otherwise: number, least: number, most: number): number =>
    typeof value === "number" && value >= least && value <= most ? value : otherwise;
  return {
    deployment: text(known.deployment, DEFAULTS.deployment),
    systemMessage: text(known.systemMessage, DEFAULTS.systemMessage),
    speaks: truth(known.speaks, DEFAULTS.speaks),
    voice: text(known.voice, DEFAULTS.voice),
    format: AUDIO_FORMATS.find((format) => format === known.format) ?? DEFAULTS.format,
    temperature: number(known.temperature, DEFAULTS.temperature, 0, MAX_TEMPERATURE),
    maxTokens: Math.round(number(known.maxTokens, DEFAULTS.maxTokens, 1, MAX_MAX_TOKENS)),
    isAloud: truth(known.isAloud, DEFAULTS.isAloud),
  };
}

export const rememberedSettings = rememberedJson("chat.settings", readSettings);
export const rememberedDraft = rememberedJson("chat.draft", (stored) => (typeof stored === "string" ? stored : null));
