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
export type SignInReason =
  | "new"
  | "expired"
  | "badCode"
  | "unreachable"
  | "entraRefused"
  | "entraUnreachable"
  | "entraExpired";

/** How Entra's sign-in failed, as the server says in the fragment of the address it leads back to. */
const ENTRA_FAILURES: Readonly<Record<string, SignInReason>> = {
  entra_refused: "entraRefused",
  entra_unreachable: "entraUnreachable",
  entra_expired: "entraExpired",
};

/** What the fragment says about signing in, under `name`. It is sent to nobody, and gone from the address at once. */
function take(name: "code" | "error"): string | null {
  const [found, value] = /^#(?:code|error)=([\w-]+)$/.exec(window.location.hash) ?? [];
  if (value === undefined || !found?.startsWith(`#${name}=`)) return null;
  window.history.replaceState(null, "", "#/");
  return value;
}

/** Only the first mount may use the code of a sign-in link: it works once. */
let codeOfLink: string | null = take("code");
let failureOfEntra: SignInReason | undefined = ENTRA_FAILURES[take("error") ?? ""];

async function open(): Promise<Session | SignInReason> {
  const code = codeOfLink;
  codeOfLink = null;
  const failure = failureOfEntra;
  failureOfEntra = undefined;
  if (failure !== undefined) return failure;
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
      codeOfLink = take("code");
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
