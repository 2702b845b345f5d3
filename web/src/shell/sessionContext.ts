/** Who is signed in, for every page. */

import { createContext, use } from "react";

import type { Session } from "../api/session";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("Only pages behind the sign-in have a session");
  return session;
}
