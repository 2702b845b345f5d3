/** The weights that engines run on: which of the catalogue's are on the server's disk, and fetching those that are not. */

import { call } from "./http";

export interface Pull {
  readonly done_bytes: number;
  readonly total_bytes: number;
  /** Why it failed and what to do, in the server's words; null while it goes on. */
  readonly error: string | null;
}

export interface CatalogueModel {
  readonly name: string;
  /** Whose it is, in which format. */
  readonly title: string;
  /** Where its authors describe it. */
  readonly homepage: string;
  /** What it is for, such as "language model". */
  readonly purpose: string;
  /** An SPDX identifier. */
  readonly license: string;
  readonly bytes: number;
  /** "unverified": all of it is there, and nobody has compared it with the catalogue since it was written. */
  readonly state: "whole" | "unverified" | "incomplete" | "missing";
  /** The profiles that run on it. */
  readonly profiles: readonly string[];
  readonly pull: Pull | null;
}

export interface ModelFolder {
  readonly directory: string;
  readonly free_bytes: number;
  readonly models: readonly CatalogueModel[];
}

export const listModels = (signal?: AbortSignal): Promise<ModelFolder> =>
  call("portal/api/models", { signal: signal ?? null });

/** The server goes on fetching whether or not the page stays open. */
export const pullModel = (name: string): Promise<void> =>
  call(`portal/api/models/${encodeURIComponent(name)}/pull`, { method: "POST" });
