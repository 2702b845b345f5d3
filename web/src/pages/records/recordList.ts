/** The list of records as it is known: what was found first, and what was asked for behind it. */

import type { RecordFilter, RecordSummary } from "../../api/records";

export const EVERY_RECORD: RecordFilter = { search: "", deployment: "", operation: "", storedOnly: false };

export function isFiltered({ search, deployment, operation, storedOnly }: RecordFilter): boolean {
  return search.trim() !== "" || deployment !== "" || operation !== "" || storedOnly;
}

/** All of both, each once, the newest first. What `newer` says of a record counts. */
export function merged(newer: readonly RecordSummary[], older: readonly RecordSummary[]): readonly RecordSummary[] {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))].sort((one, other) => other.created_at - one.created_at);
}

/** The deployments to choose from: those there are, and those that are gone but have records. */
export function deploymentsOf(existing: readonly string[], records: readonly RecordSummary[]): readonly string[] {
  return [...new Set([...existing, ...records.map(({ deployment }) => deployment)])].sort((one, other) =>
    one.localeCompare(other),
  );
}
