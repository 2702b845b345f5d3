import type { ReactNode } from "react";

export default function ModelsPage(): ReactNode {
  return null;
}
