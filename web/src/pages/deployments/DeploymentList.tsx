/** The deployments: a table where there is room for one, else cards. */

import type { ReactNode } from "react";
import { useSyncExternalStore } from "react";

import { DeploymentCards } from "./DeploymentCards";
import { DeploymentTable } from "./DeploymentTable";
import type { DeploymentListProps } from "./listed";

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
