/**
 * The events of the Realtime API that the playground speaks, in its preview dialect: the GA dialect has no temperature.
 * Events that are not listed go past it, into the inspector alone.
 */

export const PATH = "openai/realtime";
/** Answers the offers of calls, in the same dialect. */
export const CALL_PATH = "openai/v1/realtimertc";
export const API_VERSION = "2025-04-01-preview";

/** Milliseconds of 24 kHz 16-bit audio in so many letters of base64. */
export function audioMs(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return ((base64.length * 3) / 4 - padding) / 48;
}

export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly parameters: unknown;
}

export const EAGERNESS = ["auto", "low", "medium", "high"] as const;
export type Eagerness = (typeof EAGERNESS)[number];

export type TurnDetection =
  | {
      readonly type: "server_vad";
      readonly threshold: number;
      readonly prefix_padding_ms: number;
      readonly silence_duration_ms: number;
    }
  | { readonly type: "semantic_vad"; readonly eagerness: Eagerness };

/** A part of the session's configuration: what is left out stays as it is. */
export interface SessionChanges {
  readonly instructions?: string;
  readonly voice?: string;
  readonly temperature?: number;
  readonly turn_detection?: TurnDetection | null;
  readonly input_audio_transcription?: { readonly model: string };
  readonly tools?: readonly FunctionTool[];
}

export type NewItem =
  | {
      readonly id: string;
      readonly type: "message";
      readonly role: "user" | "assistant";
      readonly content: readonly { readonly type: "input_text" | "text"; readonly text: string }[];
    }
  | {
      readonly id: string;
      readonly type: "function_call";
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: "function_call_output"; readonly call_id: string; readonly output: string };

export type ClientEvent = { readonly event_id?: string } & (
  | { readonly type: "session.update"; readonly session: SessionChanges }
  | { readonly type: "input_audio_buffer.append"; readonly audio: string }
  | { readonly type: "input_audio_buffer.commit" | "input_audio_buffer.clear" | "response.create" | "response.cancel" }
  | { readonly type: "output_audio_buffer.clear" }
  | { readonly type: "conversation.item.create"; readonly item: NewItem }
  | { readonly type: "conversation.item.retrieve"; readonly item_id: string }
  | {
      readonly type: "conversation.item.truncate";
      readonly item_id: string;
      readonly content_index: 0;
      readonly audio_end_ms: number;
    }
);

export interface ServerError {
  readonly code: string | null;
  readonly message: string;
  /** Of the client's event that was refused. */
  readonly event_id?: string | null;
}

export interface Item {
  readonly id: string;
  readonly type: "message" | "function_call" | "function_call_output";
  readonly role?: "user" | "assistant" | "system";
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly transcript?: string | null }[];
  readonly name?: string;
  readonly call_id?: string;
  readonly arguments?: string;
}

export interface Response {
  readonly id: string;
  readonly status: "in_progress" | "completed" | "cancelled" | "incomplete" | "failed";
  readonly status_details: { readonly reason?: string; readonly error?: ServerError } | null;
}

interface OfResponse {
  readonly response_id: string;
  readonly item_id: string;
}

export type ServerEvent =
  | { readonly type: "session.created" | "session.updated"; readonly session: { readonly expires_at?: number } }
  | { readonly type: "error"; readonly error: ServerError }
  | { readonly type: "input_audio_buffer.speech_started" | "input_audio_buffer.speech_stopped"; readonly item_id: string }
  | { readonly type: "input_audio_buffer.committed"; readonly item_id: string }
  | { readonly type: "conversation.item.created"; readonly previous_item_id: string | null; readonly item: Item }
  | { readonly type: "conversation.item.retrieved"; readonly item: Item }
  | { readonly type: "conversation.item.truncated"; readonly item_id: string; readonly audio_end_ms: number }
  | {
      readonly type: "conversation.item.input_audio_transcription.completed";
      readonly item_id: string;
      readonly transcript: string;
    }
  | {
      readonly type: "conversation.item.input_audio_transcription.failed";
      readonly item_id: string;
      readonly error: ServerError;
    }
  | { readonly type: "response.created" | "response.done"; readonly response: Response }
  | {
      readonly type: "output_audio_buffer.started" | "output_audio_buffer.stopped" | "output_audio_buffer.cleared";
      readonly response_id: string;
    }
  | { readonly type: "response.output_item.added"; readonly response_id: string; readonly item: Item }
  | ({ readonly type: "response.audio.delta" | "response.audio_transcript.delta"; readonly delta: string } & OfResponse)
  | ({ readonly type: "response.text.delta" | "response.function_call_arguments.delta"; readonly delta: string } & OfResponse)
  | ({ readonly type: "response.audio.done" } & OfResponse)
  | ({ readonly type: "response.audio_transcript.done"; readonly transcript: string } & OfResponse)
  | ({ readonly type: "response.text.done"; readonly text: string } & OfResponse)
  | ({ readonly type: "response.function_call_arguments.done"; readonly arguments: string } & OfResponse);

/** A frame as an event, whether the playground knows its type or not; null for what is none. */
export function parse(frame: string): { readonly type: string } | null {
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
      ? (value as { type: string })
      : null;
  } catch {
    return null;
  }
}
