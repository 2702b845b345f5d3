/** A reply as it comes from the service, streamed or whole. */

import { ApiError, fetchFrom, Unreachable } from "../../api/http";
import { fromBase64, samplesOf, toBase64 } from "../../audio/pcm";
import { decoded } from "./clips";
import type { SpeechPiece } from "./conversation";
import { eventsOf } from "./eventStream";
import { addressOfCompletions, API_VERSION, requestFor, type Wanted } from "./request";
import type { AudioFormat } from "./settings";

export type ReplyPart =
  | { readonly type: "wrote"; readonly text: string }
  | { readonly type: "spoke"; readonly piece: SpeechPiece }
  | { readonly type: "ended"; readonly isCut: boolean };

/** Rejects with `ApiError` and `Unreachable`, also in the midst; an abort of `signal` is a `DOMException`. */
export async function* completion(wanted: Wanted, signal: AbortSignal): AsyncGenerator<ReplyPart> {
  const { deployment, speaks, format } = wanted.settings;
  const body = requestFor(wanted, (clip) => toBase64(clip.bytes));
  const isStreamed = !speaks || format === "pcm16";
  const response = await fetchFrom(addressOfCompletions(deployment), {
    method: "POST",
    body: { ...body, stream: isStreamed },
    query: { "api-version": API_VERSION },
    signal,
  });
  try {
    if (isStreamed) yield* streamed(response);
    else yield* whole((await response.json()) as WholeCompletion, format);
  } catch (error) {
    // The connection broke: fetch says so with a TypeError.
    throw error instanceof TypeError ? new Unreachable() : error;
  }
}

interface StreamedAudio {
  readonly id?: string;
  readonly transcript?: string;
  readonly data?: string;
  readonly expires_at?: number;
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta: { readonly content?: string | null; readonly audio?: StreamedAudio };
    readonly finish_reason: string | null;
  }[];
  readonly error?: { readonly code?: string; readonly message?: string };
}

interface WholeCompletion {
  readonly choices: readonly {
    readonly message: {
      readonly content: string | null;
      readonly audio?: Required<StreamedAudio> | null;
    };
    readonly finish_reason: string;
  }[];
}

async function* streamed(response: Response): AsyncGenerator<ReplyPart> {
  if (response.body === null) throw new Unreachable();
  let finished: string | null = null;
  let audioId: string | undefined;
  for await (const event of eventsOf(response.body)) {
    if (event === "[DONE]") break;
    const { choices: [choice] = [], error } = JSON.parse(event) as Chunk;
    if (error !== undefined) throw new ApiError(500, error.code ?? "", error.message ?? "");
    if (choice === undefined) continue;
    audioId = choice.delta.audio?.id ?? audioId;
    yield* partsOf(choice.delta, audioId);
    finished = choice.finish_reason ?? finished;
  }
  // A stream that breaks off says nothing of why it ended.
  if (finished === null) throw new Unreachable();
  yield { type: "ended", isCut: finished === "length" };
}

/** `audioId` is the one that the reply's first piece of audio came with. */
export function* partsOf(
  { content, audio }: { content?: string | null; audio?: StreamedAudio },
  audioId: string | undefined,
): Generator<ReplyPart> {
  if (content) yield { type: "wrote", text: content };
  if (audio === undefined || audioId === undefined) return;
  yield {
    type: "spoke",
    piece: {
      audioId,
      ...(audio.transcript === undefined ? {} : { transcript: audio.transcript }),
      ...(audio.data === undefined ? {} : { samples: samplesOf(fromBase64(audio.data)) }),
      ...(audio.expires_at === undefined ? {} : { expiresAt: audio.expires_at }),
    },
  };
}

async function* whole(body: WholeCompletion, format: AudioFormat): AsyncGenerator<ReplyPart> {
  const choice = body.choices[0];
  if (choice === undefined) throw new Unreachable();
  const { content, audio } = choice.message;
  if (content) yield { type: "wrote", text: content };
  if (audio) {
    const bytes = fromBase64(audio.data);
    const samples = await decoded(bytes);
    yield {
      type: "spoke",
      piece: {
        audioId: audio.id,
        transcript: audio.transcript,
        expiresAt: audio.expires_at,
        file: { format, bytes },
        ...(samples === null ? {} : { samples }),
      },
    };
  }
  yield { type: "ended", isCut: choice.finish_reason === "length" };
}
