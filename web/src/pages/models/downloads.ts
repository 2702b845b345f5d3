/** What can be done about a model, and what has become of downloads since one last looked. */

import type { CatalogueModel } from "../../api/models";

/** What a row says of its model. */
export type Standing = CatalogueModel["state"] | "pulling" | "failed";

export function standingOf({ state, pull }: CatalogueModel): Standing {
  if (pull === null) return state;
  return pull.error === null ? "pulling" : "failed";
}

/** How much is there, 0 to 1. The catalogue's size stands in where the download has not told its own yet. */
export function partOf({ pull, bytes }: CatalogueModel): number {
  const total = pull?.total_bytes || bytes;
  return total === 0 ? 0 : Math.min(1, (pull?.done_bytes ?? 0) / total);
}

/** Whether a download would not fit on the disk. What is there already of it is not known, and counts as nothing. */
export function lacksRoom(model: CatalogueModel, freeBytes: number): boolean {
  return standingOf(model) === "missing" && model.bytes > freeBytes;
}

export interface Outcome {
  readonly name: string;
  readonly isDone: boolean;
}

/** The downloads that have ended between two looks. */
export function outcomesOf(before: readonly CatalogueModel[], now: readonly CatalogueModel[]): readonly Outcome[] {
  const pulling = new Set(before.filter((model) => standingOf(model) === "pulling").map(({ name }) => name));
  return now
    .filter((model) => pulling.has(model.name) && standingOf(model) !== "pulling")
    .map((model) => ({ name: model.name, isDone: standingOf(model) === "whole" }));
}
