/** Where a model can be tried, by what it can do. */

import { addressOf } from "../../shell/route";

export type Capabilities = Readonly<Record<string, string>>;

const can = (capabilities: Capabilities, what: string): boolean => capabilities[what] === "true";

export function playgroundOf(capabilities: Capabilities = {}): "chat" | "realtime" | null {
  if (can(capabilities, "realtime")) return "realtime";
  return can(capabilities, "chatCompletion") ? "chat" : null;
}

export function playgroundAddress(deployment: string, capabilities?: Capabilities): string | null {
  const playground = playgroundOf(capabilities);
  return playground === null ? null : addressOf(playground, { deployment });
}
