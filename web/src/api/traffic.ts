/** What each deployment was used for in the last half hour. */

import { call } from "./http";

export interface DeploymentTraffic {
  readonly name: string;
  /** By minute, the oldest first; the last one is under way. */
  readonly requests: readonly number[];
  readonly tokens: readonly number[];
}

export async function listTraffic(signal?: AbortSignal): Promise<readonly DeploymentTraffic[]> {
  const traffic = await call<{ deployments: DeploymentTraffic[] }>("portal/api/traffic", { signal: signal ?? null });
  return traffic.deployments;
}
