/** The languages of the page, and how its words are looked up. */

export const LANGUAGES = { en: "English", fr: "Français", it: "Italiano" } as const;

export type Language = keyof typeof LANGUAGES;

/** The words of one part of the page, by key; `{name}` stands for a value. */
export type Words = Readonly<Record<string, string>>;

/** The same keys in another language: what is missing or left over does not compile. */
export type Translation<W extends Words> = Readonly<Record<keyof W, string>>;

/** The words of one part of the page in every language; English says which keys there are. */
export type Translated<W extends Words> = Readonly<Record<Language, Translation<W>>>;

export type Values = Readonly<Record<string, string | number>>;

/** Put values in the place of their names: `fill("{n} files", { n: 2 })`. */
export function fill(pattern: string, values: Values = {}): string {
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(LANGUAGES, code);
}

/** The first of the browser's languages that the page speaks. */
export function preferredLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const code = tag.slice(0, 2).toLowerCase();
    if (isLanguage(code)) return code;
  }
  return "en";
}
