/** Which page is open: the fragment of the address, as in `#/chat`. */

import { useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => {
    window.removeEventListener("hashchange", changed);
  };
}

/** The first part of the path, "" where there is none. */
export function useRoute(): string {
  return useSyncExternalStore(subscribe, () => /^#\/(\w*)/.exec(window.location.hash)?.[1] ?? "");
}

export function addressOf(route: string): string {
  return `#/${route}`;
}
