/** Whether the page around is the one that is seen. Pages that were left stay behind it, hidden. */

import { createContext, use, useSyncExternalStore } from "react";

export const PageOpenContext = createContext(true);

function subscribe(changed: () => void): () => void {
  document.addEventListener("visibilitychange", changed);
  return () => {
    document.removeEventListener("visibilitychange", changed);
  };
}

/** Whether the page is the open one, and its tab in front. */
export function useIsVisible(): boolean {
  const isInFront = useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
  return usePageOpen() && isInFront;
}

/** Whether the page is the open one. */
export function usePageOpen(): boolean {
  return use(PageOpenContext);
}
