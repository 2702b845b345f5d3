/** Numbers, sizes and times as each language writes them. */

import type { Language } from "./languages";

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Such as "1.1 GB": three figures at most, decimal units as disks are sold in. */
export function formatBytes(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = SIZES[power] ?? "byte";
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value);
}

/** Rounded down: nothing is at 100 % before it is done. `fraction` is 0 to 1. */
export function formatPercent(fraction: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: "percent" }).format(Math.floor(fraction * 100) / 100);
}
