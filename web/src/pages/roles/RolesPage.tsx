import type { ReactNode } from "react";

export default function RolesPage(): ReactNode {
  return null;
}
