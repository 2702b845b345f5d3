/** A length of time as people read it: 1:05. */
export function durationText(lengthMs: number): string {
  const seconds = Math.floor(lengthMs / 1000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}
