/** What can be said of an engine's health at a glance. */

import type { Engine } from "../../../api/engines";

/** "unknown": nobody has asked it for anything yet that would tell. */
export type Health = "well" | "partly" | "down" | "unknown";

/** What is going on counts for more than a test of some time ago. */
export function healthOf({ replicas, tested }: Engine): Health {
  const well = replicas.filter((replica) => replica.is_well).length;
  if (replicas.length > 0 && well === 0) return "down";
  if (well < replicas.length) return "partly";
  if (tested !== null) return tested.answers ? "well" : "down";
  return replicas.some((replica) => replica.latency_ms !== null) ? "well" : "unknown";
}
