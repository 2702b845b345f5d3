/** The deployments: a table where there is room for one, else cards. */

import type { ReactNode } from "react";

import { useMediaQuery } from "../../shell/useMediaQuery";
import { DeploymentCards } from "./DeploymentCards";
import { DeploymentTable } from "./DeploymentTable";
import type { DeploymentListProps } from "./listed";

const NARROW = "(max-width: 1179px)";

export function DeploymentList(props: DeploymentListProps): ReactNode {
  const isNarrow = useMediaQuery(NARROW);
  return isNarrow ? <DeploymentCards {...props} /> : <DeploymentTable {...props} />;
}
