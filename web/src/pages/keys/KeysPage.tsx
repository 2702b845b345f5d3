import type { ReactNode } from "react";

export default function KeysPage(): ReactNode {
  return null;
}
