/** The engines of the server: where they run, how they are doing, and testing them. */

import { call } from "./http";

export interface Replica {
  readonly url: string;
  /** Whether it is asked; one that has failed again and again is left alone for a while. */
  readonly is_well: boolean;
  /** How many requests it is answering. */
  readonly in_flight: number;
  /** The median time to the first piece of its latest answers; null before the first. */
  readonly latency_ms: number | null;
}

export interface Tested {
  readonly answers: boolean;
  readonly first_ms: number | null;
  readonly whole_ms: number | null;
  /** What it answered, if it answers in words. */
  readonly text: string | null;
  /** Why it does not answer, in the server's words. */
  readonly error: string | null;
}

export interface Engine {
  readonly id: string;
  readonly name: string;
  /** What it does in a profile, such as "language_model". */
  readonly role: string;
  readonly kind: string;
  /** Its addresses, or "this process". */
  readonly where: string;
  /** What it computes on, such as "cpu"; null if it runs elsewhere. */
  readonly device: string | null;
  /** Why the device is not a better one, in the server's words; "" if there is nothing to say. */
  readonly note: string;
  readonly profiles: readonly string[];
  /** Empty if it runs in the server's process. */
  readonly replicas: readonly Replica[];
  /** How it did when it was last tested; null if it was not since the server's start. */
  readonly tested: Tested | null;
}

export async function listEngines(signal?: AbortSignal): Promise<readonly Engine[]> {
  return (await call<{ engines: Engine[] }>("portal/api/engines", { signal: signal ?? null })).engines;
}

/** Have an engine answer once. */
export const testEngine = (id: string): Promise<Engine> =>
  call(`portal/api/engines/${encodeURIComponent(id)}/test`, { method: "POST" });
