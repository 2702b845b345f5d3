/** Days as a field of type date has them, such as "2026-03-01", in the user's own time zone. */

/** When the day begins, in Unix seconds; null for what is no day. */
export function startOfDay(day: string): number | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  const begins = new Date(Number(year), Number(month) - 1, Number(date));
  return Number.isNaN(begins.getTime()) ? null : begins.getTime() / 1000;
}

export function dayOf(date: Date): string {
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  return `${String(date.getFullYear())}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The day that was so many days before. */
export function daysBefore(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days);
}
