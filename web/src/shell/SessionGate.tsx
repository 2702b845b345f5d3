/** Lets nobody past who is not signed in. A page that was open when the session ended stays as it was, behind the gate. */

import { Spinner } from "@fluentui/react-components";
import { useCallback, useEffect, useState, type ReactNode } from "react";

import { ApiError, onSessionEnd, Unreachable } from "../api/http";
import { currentSession, signIn, type Session } from "../api/session";
import { useText } from "../text/LanguageProvider";
import { SessionContext } from "./sessionContext";
import { SignIn } from "./SignIn";
import { text } from "./text";

/** Why the user has to sign in. */
export type SignInReason = "new" | "expired" | "badCode" | "unreachable";

/** The code of a sign-in link is in the fragment, which is sent to nobody; it is gone from the address at once. */
function takeCode(): string | null {
  const code = /^#code=([\w-]+)$/.exec(window.location.hash)?.[1] ?? null;
  if (code !== null) window.history.replaceState(null, "", "#/");
  return code;
}

/** Only the first mount may use the code: it works once. */
let codeOfLink: string | null = takeCode();

async function open(): Promise<Session | SignInReason> {
  const code = codeOfLink;
  codeOfLink = null;
  try {
    return await (code === null ? currentSession() : signIn(code));
  } catch (error) {
    if (error instanceof Unreachable) return "unreachable";
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return code === null ? "new" : "badCode";
  }
}

let opening: Promise<Session | SignInReason> | null = null;

export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useText(text);
  const [session, setSession] = useState<Session | null>(null);
  const [reason, setReason] = useState<SignInReason | null>(null);

  const enter = useCallback((opened: Session | SignInReason) => {
    if (typeof opened === "string") {
      setReason(opened);
    } else {
      setSession(opened);
      setReason(null);
    }
  }, []);

  useEffect(() => {
    opening ??= open();
    void opening.then(enter);
    return onSessionEnd(() => {
      setReason((known) => known ?? "expired");
    });
  }, [enter]);

  useEffect(() => {
    // A new link opened in the same tab changes the fragment alone.
    const takeLink = (): void => {
      codeOfLink = takeCode();
      if (codeOfLink !== null) void open().then(enter);
    };
    window.addEventListener("hashchange", takeLink);
    return () => {
      window.removeEventListener("hashchange", takeLink);
    };
  }, [enter]);

  if (session === null && reason === null) return <Spinner label={t("opening")} />;
  return (
    <>
      {session !== null && <SessionContext value={session}>{children}</SessionContext>}
      {reason !== null && (
        <SignIn
          reason={session === null ? reason : "expired"}
          onRetry={() => {
            void open().then(enter);
          }}
        />
      )}
    </>
  );
}
