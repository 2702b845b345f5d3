/** The request as a program that can be pasted and run. */

import type { Clip } from "../clips";
import type { Message } from "../conversation";
import { requestFor, type Wanted } from "../request";
import type { AudioFormat } from "../settings";
import { curl } from "./curl";
import { javascript, typescript } from "./javascript";
import { Expression } from "./literal";
import type { Credential, Program } from "./program";
import { python } from "./python";

export const LANGUAGES = { python: "Python", javascript: "JavaScript", typescript: "TypeScript", curl: "curl" } as const;

export type ProgramLanguage = keyof typeof LANGUAGES;

export interface Told extends Wanted {
  readonly endpoint: string;
  readonly credential: Credential;
}

interface Writer {
  readonly write: (program: Program) => string;
  /** How a recording is read into base64. */
  readonly reading: (fileName: string) => string;
}

const WRITERS: Readonly<Record<ProgramLanguage, Writer>> = { python, javascript, typescript, curl };

export function programFor(language: ProgramLanguage, told: Told): string {
  const { write, reading } = WRITERS[language];
  const { settings, endpoint, credential, messages } = told;
  const files = filesOf(messages);
  // A program waits for the whole reply, so its speech is a file; bare samples would be none that anything plays.
  const format: AudioFormat = settings.format === "pcm16" ? "wav" : settings.format;
  const request = requestFor({ ...told, settings: { ...settings, format } }, (clip) => {
    return new Expression(reading(files.get(clip) ?? ""));
  });
  const { messages: asked, ...options } = request;
  return write({
    endpoint: endpoint.replace(/\/$/, ""),
    deployment: settings.deployment,
    credential,
    body: { ...options, messages: asked } as unknown as Program["body"],
    readsFiles: files.size > 0,
    answerFile: settings.speaks ? `answer.${format}` : null,
  });
}

/** How the program calls the file of each recording: `question.wav`, or `question-1.wav` and so on. */
export function filesOf(messages: readonly Message[]): ReadonlyMap<Clip, string> {
  const clips = messages.flatMap((message) => (message.role === "user" ? message.clips : []));
  const number = (index: number): string => (clips.length === 1 ? "" : `-${String(index + 1)}`);
  return new Map(clips.map((clip, index) => [clip, `question${number(index)}.${clip.format}`]));
}
