/** What the browser keeps between visits, in its local storage; where that is forbidden, nothing is kept. */

const PREFIX = "antiphon.";

export interface Remembered<T extends string> {
  get(): T | null;
  set(value: T | null): void;
}

/** One value; what is stored but not `isValid` counts as nothing. */
export function remembered<T extends string>(name: string, isValid: (value: string) => value is T): Remembered<T> {
  return {
    get() {
      try {
        const value = localStorage.getItem(PREFIX + name);
        return value !== null && isValid(value) ? value : null;
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        if (value === null) localStorage.removeItem(PREFIX + name);
        else localStorage.setItem(PREFIX + name, value);
      } catch {
        // Private windows may forbid it; the page works without.
      }
    },
  };
}

/** One value of any shape, as JSON; `read` makes sense of what is stored, or gives null. */
export function rememberedJson<T>(
  name: string,
  read: (stored: unknown) => T | null,
): { get(): T | null; set(value: T | null): void } {
  const stored = remembered(name, (value): value is string => value !== "");
  return {
    get() {
      const text = stored.get();
      if (text === null) return null;
      try {
        return read(JSON.parse(text));
      } catch {
        return null;
      }
    },
    set(value) {
      stored.set(value === null ? null : JSON.stringify(value));
    },
  };
}
