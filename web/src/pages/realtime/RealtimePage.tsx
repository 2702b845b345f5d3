import type { ReactNode } from "react";

export default function RealtimePage(): ReactNode {
  return null;
}
