import type { ReactNode } from "react";

export default function DeploymentsPage(): ReactNode {
  return null;
}
