/** What was asked and answered: finding, reading, exporting and deleting it. */

import { call, fetchFrom } from "./http";

export type Operation = "chatCompletion" | "realtime" | "audioSpeech" | "audioTranscription" | "audioTranslation";

export interface RecordSummary {
  readonly id: string;
  /** Unix seconds. */
  readonly created_at: number;
  readonly expires_at: number;
  readonly deployment: string;
  readonly model: string;
  /** "key1", "key2", "portal", or an object id. */
  readonly principal: string;
  readonly operation: Operation;
  /** Whether the client asked to keep it. */
  readonly is_stored: boolean;
  /** The client's own metadata. */
  readonly labels: Readonly<Record<string, string>>;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  /** Names of its recordings. */
  readonly audio: readonly string[];
  readonly excerpt: string;
}

export interface WholeRecord extends RecordSummary {
  readonly prompt: unknown;
  readonly completion: unknown;
}

export interface RecordFilter {
  /** Words that were said, all of them. */
  readonly search: string;
  readonly deployment: string;
  readonly operation: Operation | "";
  readonly storedOnly: boolean;
}

export interface FoundRecords {
  readonly records: readonly RecordSummary[];
  /** Where to go on; null at the end. A search looks into so many records at a time, and may have found none of them. */
  readonly after: string | null;
  /** Whether what is asked and answered is kept, beyond what clients store. */
  readonly is_recording: boolean;
}

export interface PurgeScope {
  readonly deployment?: string;
  /** Unix seconds. */
  readonly before?: number;
}

const RECORDS = "portal/api/records";
const AT_A_TIME = 50;
const addressOf = (id: string): string => `${RECORDS}/${encodeURIComponent(id)}`;

function queryOf({ search, deployment, operation, storedOnly }: RecordFilter): Record<string, string> {
  return { search: search.trim(), deployment, operation, stored: storedOnly ? "1" : "" };
}

/** Those that fit, the newest first; from behind `after`. */
export const findRecords = (filter: RecordFilter, after: string | null, signal?: AbortSignal): Promise<FoundRecords> =>
  call(RECORDS, { query: { ...queryOf(filter), limit: AT_A_TIME, after }, signal: signal ?? null });

export const readRecord = (id: string, signal?: AbortSignal): Promise<WholeRecord> =>
  call(addressOf(id), { signal: signal ?? null });

export async function readAudio(id: string, name: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetchFrom(`${addressOf(id)}/audio/${encodeURIComponent(name)}`, { signal: signal ?? null });
  return response.blob();
}

/** JSON lines, as the server writes them. */
export const exportRecords = (filter: RecordFilter, signal?: AbortSignal): Promise<Response> =>
  fetchFrom(`${RECORDS}/export`, { query: queryOf(filter), signal: signal ?? null });

export const deleteRecord = (id: string): Promise<void> => call(addressOf(id), { method: "DELETE" });

/** Returns how many were deleted. */
export async function purgeRecords(scope: PurgeScope): Promise<number> {
  return (await call<{ deleted: number }>(`${RECORDS}/purge`, { method: "POST", body: scope })).deleted;
}
