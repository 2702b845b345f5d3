/** What outlives a page that fails and is shown anew: conversations, and what is being written. */

import { createContext, use, useState, type Dispatch, type SetStateAction } from "react";

/** By the name that a page gives to what it keeps. */
export const KeptContext = createContext<Map<string, unknown> | null>(null);

/** What `create` makes when it is first asked for, and the same from then on. */
export function useKept<T>(name: string, create: () => T): T {
  const kept = use(KeptContext);
  if (kept === null) throw new Error("KeptContext is missing");
  const [value] = useState(() => {
    if (!kept.has(name)) kept.set(name, create());
    return kept.get(name) as T;
  });
  return value;
}

/** `useState`, whose last value is what the next page begins with. */
export function useKeptState<T>(name: string, initial: () => T): [T, Dispatch<SetStateAction<T>>] {
  const box = useKept(name, () => ({ value: initial() }));
  const [value, setValue] = useState(box.value);
  const [set] = useState(() => (next: SetStateAction<T>) => {
    setValue((before) => {
      const after = next instanceof Function ? next(before) : next;
      box.value = after;
      return after;
    });
  });
  return [value, set];
}
