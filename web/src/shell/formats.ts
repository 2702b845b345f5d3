/** Numbers, dates and sizes as the page's language writes them. */

import { useMemo } from "react";

import type { Language } from "../text/languages";
import { useLanguage } from "../text/LanguageProvider";

/** The browser's own variety of the language, such as en-GB, which knows the order of day and month. */
export function localeOf(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
}

export interface Formats {
  readonly number: (value: number) => string;
  /** Short, for narrow places: 12K, 3.4M. */
  readonly short: (value: number) => string;
  /** A part of one: 0.25 is 25%. */
  readonly percent: (part: number) => string;
  readonly date: (unixSeconds: number) => string;
  readonly dateTime: (unixSeconds: number) => string;
  /** As seen from now: 5 minutes ago, in 2 days. */
  readonly relative: (unixSeconds: number) => string;
  /** 1.2 GB, in steps of 1000, as disks count. */
  readonly bytes: (bytes: number) => string;
}

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["week", 7 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function formatsOf(locale: string, now: () => number = () => Date.now() / 1000): Formats {
  const number = new Intl.NumberFormat(locale);
  // In Britain a million is 1m, which is too much like a thousandth.
  const short = new Intl.NumberFormat(locale.startsWith("en") ? "en-US" : locale, {
    notation: "compact",
    maximumFractionDigits: 1,
  });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (value) => number.format(value),
    short: (value) => short.format(value),
    percent: (part) => percent.format(part),
    date: (unixSeconds) => date.format(unixSeconds * 1000),
    dateTime: (unixSeconds) => dateTime.format(unixSeconds * 1000),
    relative(unixSeconds) {
      const seconds = unixSeconds - now();
      const [unit, length] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
      return relative.format(Math.trunc(seconds / length), unit);
    },
    bytes(bytes) {
      const step = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
      const unit = BYTE_UNITS[step] ?? "byte";
      const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: step > 2 ? 1 : 0 } as const;
      return new Intl.NumberFormat(locale, options).format(bytes / 1000 ** step);
    },
  };
}

export function useFormats(): Formats {
  const { language } = useLanguage();
  return useMemo(() => formatsOf(localeOf(language, navigator.languages)), [language]);
}
