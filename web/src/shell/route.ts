/** Which page is open, and with what: the fragment of the address, as in `#/chat?deployment=voice`. */

import { useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => {
    window.removeEventListener("hashchange", changed);
  };
}

/** The first part of the path, "" where there is none. */
export function routeOf(hash: string): string {
  return /^#\/(\w*)/.exec(hash)?.[1] ?? "";
}

/** The value of a parameter behind the path; null where there is none. */
export function parameterOf(hash: string, name: string): string | null {
  const start = hash.indexOf("?");
  return start < 0 ? null : new URLSearchParams(hash.slice(start)).get(name);
}

export function addressOf(route: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return query ? `#/${route}?${query}` : `#/${route}`;
}

export function useRoute(): string {
  return useSyncExternalStore(subscribe, () => routeOf(window.location.hash));
}

/** A parameter of the page `route`; null while another page is open. */
export function useRouteParameter(route: string, name: string): string | null {
  return useSyncExternalStore(subscribe, () => {
    const { hash } = window.location;
    return routeOf(hash) === route ? parameterOf(hash, name) : null;
  });
}
