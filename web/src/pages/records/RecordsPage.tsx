import type { ReactNode } from "react";

export default function RecordsPage(): ReactNode {
  return null;
}
