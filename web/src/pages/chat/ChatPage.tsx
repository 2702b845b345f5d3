import type { ReactNode } from "react";

export default function ChatPage(): ReactNode {
  return null;
}
