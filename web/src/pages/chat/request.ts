/** The request that asks for a reply: the one that is sent, and the one that "View code" shows. */

import type { Clip, ClipFormat } from "./clips";
import { canBeReferredTo, type Message } from "./conversation";
import type { AudioFormat, Settings } from "./settings";

export const API_VERSION = "2025-01-01-preview";

export function addressOfCompletions(deployment: string): string {
  return `openai/deployments/${encodeURIComponent(deployment)}/chat/completions`;
}

/** `D` is what stands for the data of a recording: base64, or whatever makes it. */
export interface ChatRequest<D> {
  readonly messages: readonly RequestMessage<D>[];
  readonly modalities: readonly ("text" | "audio")[];
  readonly audio?: { readonly voice: string; readonly format: AudioFormat };
  readonly temperature: number;
  readonly max_tokens: number;
}

type RequestMessage<D> =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string | readonly ContentPart<D>[] }
  | { readonly role: "assistant"; readonly content: string }
  | { readonly role: "assistant"; readonly audio: { readonly id: string } };

type ContentPart<D> =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "input_audio"; readonly input_audio: { readonly data: D; readonly format: ClipFormat } };

export interface Wanted {
  readonly settings: Settings;
  readonly messages: readonly Message[];
  readonly nowSeconds: number;
}

export function requestFor<D>({ settings, messages, nowSeconds }: Wanted, dataOf: (clip: Clip) => D): ChatRequest<D> {
  const instructions = settings.systemMessage.trim();
  const system: RequestMessage<D>[] = instructions === "" ? [] : [{ role: "system", content: instructions }];
  return {
    messages: [...system, ...messages.map((message) => requestMessage(message, nowSeconds, dataOf))],
    ...(settings.speaks
      ? { modalities: ["text", "audio"], audio: { voice: settings.voice, format: settings.format } }
      : { modalities: ["text"] }),
    temperature: settings.temperature,
    max_tokens: settings.maxTokens,
  };
}

function requestMessage<D>(message: Message, nowSeconds: number, dataOf: (clip: Clip) => D): RequestMessage<D> {
  if (message.role === "assistant") {
    const { speech } = message;
    return speech !== null && canBeReferredTo(speech, nowSeconds)
      ? { role: "assistant", audio: { id: speech.audioId } }
      : { role: "assistant", content: message.text };
  }
  if (message.clips.length === 0) return { role: "user", content: message.text };
  const text: ContentPart<D>[] = message.text.trim() === "" ? [] : [{ type: "text", text: message.text }];
  const clips = message.clips.map((clip): ContentPart<D> => ({
    type: "input_audio",
    input_audio: { data: dataOf(clip), format: clip.format },
  }));
  return { role: "user", content: [...text, ...clips] };
}
