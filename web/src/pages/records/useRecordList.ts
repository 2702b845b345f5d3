/** The records that fit a filter: the newest are looked for again and again, older ones come when they are asked for. */

import { useCallback, useState } from "react";

import { findRecords, type RecordFilter, type RecordSummary } from "../../api/records";
import { useLoaded } from "../../shell/useLoaded";
import { merged } from "./recordList";

/** A search opens hundreds of records: it is not repeated by itself. */
const REFRESH_MS = 15_000;

/** What was asked for behind the newest. */
interface Older {
  readonly filter: RecordFilter;
  readonly records: readonly RecordSummary[];
  readonly after: string | null;
}

export interface RecordList {
  /** Undefined before anything was found out. */
  readonly records: readonly RecordSummary[] | undefined;
  /** Whether there are older ones, or may be. */
  readonly hasMore: boolean;
  /** Whether the server keeps more than what clients store. */
  readonly isRecording: boolean;
  /** Whether what is shown does not fit the filter yet. */
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly error: unknown;
  readonly more: () => void;
  readonly reload: () => void;
  /** Those are deleted; all, where none are named. */
  readonly forget: (id?: string) => void;
}

export function useRecordList(filter: RecordFilter): RecordList {
  const load = useCallback((signal: AbortSignal) => findRecords(filter, null, signal), [filter]);
  const newest = useLoaded(load, filter.search === "" ? REFRESH_MS : null);
  const [known, setKnown] = useState<Older | null>(null);
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<unknown>(null);
  const older = known?.filter === filter ? known : null;
  const records = newest.data && merged(newest.data.records, older?.records ?? []);
  const after = (older ?? newest.data)?.after ?? null;

  const more = async (): Promise<void> => {
    setIsLoadingMore(true);
    setMoreError(null);
    try {
      const found = await findRecords(filter, after);
      setKnown({ filter, records: merged(records ?? [], found.records), after: found.after });
    } catch (thrown) {
      setMoreError(thrown);
    } finally {
      setIsLoadingMore(false);
    }
  };
  return {
    records,
    hasMore: after !== null,
    isRecording: newest.data?.is_recording ?? true,
    isLoading: newest.isLoading,
    isLoadingMore,
    error: newest.error ?? moreError,
    more: () => void more(),
    reload: newest.reload,
    forget: (id) => {
      setKnown((before) =>
        before === null || id === undefined
          ? null
          : { ...before, records: before.records.filter((record) => record.id !== id) },
      );
      newest.reload();
    },
  };
}
