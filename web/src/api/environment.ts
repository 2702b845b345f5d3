/** What a shell needs for clients to find this server, as `antiphon env` prints it. */

import { call } from "./http";

export async function environmentLines(withKey: boolean, signal?: AbortSignal): Promise<readonly string[]> {
  const query = { key: withKey ? 1 : 0 };
  return (await call<{ lines: string[] }>("portal/api/environment", { query, signal: signal ?? null })).lines;
}
