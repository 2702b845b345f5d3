/** What a list of deployments is given, whatever its form. */

import type { Deployment } from "../../api/resources";
import type { DeploymentTraffic } from "../../api/traffic";

export interface DeploymentListProps {
  readonly label: string;
  readonly deployments: readonly Deployment[];
  readonly trafficOf: (name: string) => DeploymentTraffic | undefined;
  readonly onChange: (deployment: Deployment) => void;
  readonly onDelete: (deployment: Deployment) => void;
}

/** Unix seconds; null where the server does not say. */
export function createdSeconds(createdAt: string | undefined): number | null {
  return createdAt === undefined ? null : Date.parse(createdAt) / 1000;
}
