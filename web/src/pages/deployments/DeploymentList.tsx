/** The deployments: a table where there is room for one, else cards. */

import type { ReactNode } from "react";
import { useSyncExternalStore } from "react";

import type { Deployment } from "../../api/resources";
import type { DeploymentTraffic } from "../../api/traffic";
import { DeploymentCards } from "./DeploymentCards";
import { DeploymentTable } from "./DeploymentTable";

export interface DeploymentListProps {
  readonly label: string;
  readonly deployments: readonly Deployment[];
  readonly trafficOf: (name: string) => DeploymentTraffic | undefined;
  readonly onChange: (deployment: Deployment) => void;
  readonly onDelete: (deployment: Deployment) => void;
}

const narrow = window.matchMedia("(max-width: 1179px)");

function subscribe(changed: () => void): () => void {
  narrow.addEventListener("change", changed);
  return () => {
    narrow.removeEventListener("change", changed);
  };
}

export function DeploymentList(props: DeploymentListProps): ReactNode {
  const isNarrow = useSyncExternalStore(subscribe, () => narrow.matches);
  return isNarrow ? <DeploymentCards {...props} /> : <DeploymentTable {...props} />;
}
