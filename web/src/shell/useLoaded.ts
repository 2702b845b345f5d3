/** What a page shows of the server: loaded when the page is seen, again on demand, and as often as asked. */

import { useCallback, useEffect, useState } from "react";

import { Unreachable } from "../api/http";
import { useIsVisible } from "./pageOpen";

/** After how long a server that did not answer is asked again. */
const RETRY_MS = 3000;

export interface Loaded<T> {
  /** As it was loaded last, which an error does not take away; undefined before. */
  readonly data: T | undefined;
  /** Of the last attempt; null where it went well. */
  readonly error: unknown;
  /** Whether what is shown is not (yet) what `load` gives. */
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Attempt<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly load: unknown;
  readonly turn: number;
}

/**
 * `load` must be the same function as long as it loads the same: a `useCallback`, or one outside of the component.
 * With `everyMs` it is called again that long after each answer. While the page is hidden, nothing is loaded; when it is
 * seen again, it is. An answer that comes after `load` has changed, or the page is gone, is dropped.
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, everyMs: number | null = null): Loaded<T> {
  const [last, setLast] = useState<Attempt<T>>({ data: undefined, error: null, load: null, turn: 0 });
  const [turn, setTurn] = useState(0);
  const isVisible = useIsVisible();

  useEffect(() => {
    if (!isVisible) return;
    const abort = new AbortController();
    let timer: number | undefined;
    const again = (pauseMs: number | null): void => {
      if (pauseMs !== null) timer = window.setTimeout(attempt, pauseMs);
    };
    const attempt = (): void => {
      load(abort.signal).then(
        (data) => {
          if (abort.signal.aborted) return;
          setLast({ data, error: null, load, turn });
          again(everyMs);
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setLast((before) => ({ data: before.data, error, load, turn }));
          again(error instanceof Unreachable ? RETRY_MS : everyMs);
        },
      );
    };
    attempt();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [load, everyMs, isVisible, turn]);

  const reload = useCallback(() => {
    setTurn((before) => before + 1);
  }, []);
  return { data: last.data, error: last.error, isLoading: last.load !== load || last.turn !== turn, reload };
}
