/** Lets nobody past who is not signed in. A page that was open when the session ended stays as it was, behind the gate. */

import { Spinner } from "@fluentui/react-components";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { ApiError, onSessionEnd } from "../api/http";
import { currentSession, signIn, type Session } from "../api/session";
import { useText } from "../text/LanguageProvider";
import { SessionContext } from "./sessionContext";
import { SignIn } from "./SignIn";
import type { SignInReason } from "./signInReason";
import { text } from "./text";

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
  if (code !== null) {
    const opened = await attempt(() => signIn(code), "badCode");
    if (opened !== "badCode") return opened;
    // Whoever opens a used link where they are signed in already is let in all the same.
    const known = await attempt(currentSession, "new");
    return known === "new" ? "badCode" : known;
  }
  return attempt(currentSession, "new");
}

async function attempt(enter: () => Promise<Session>, refused: SignInReason): Promise<Session | SignInReason> {
  try {
    return await enter();
  } catch (error) {
    return error instanceof ApiError && error.status === 401 ? refused : "unreachable";
  }
}

let opening: Promise<Session | SignInReason> | null = null;

export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useText(text);
  const [session, setSession] = useState<Session | null>(null);
  const [reason, setReason] = useState<SignInReason | null>(null);
  const enteredAt = useRef(0);

  const enter = useCallback((opened: Session | SignInReason) => {
    if (typeof opened === "string") {
      setReason(opened);
    } else {
      enteredAt.current = performance.now();
      setSession(opened);
      setReason(null);
    }
  }, []);

  useEffect(() => {
    opening ??= open();
    void opening.then(enter);
    return onSessionEnd((askedAt) => {
      // The answer to a question of the last session's says nothing about this one.
      if (askedAt > enteredAt.current) setReason((known) => known ?? "expired");
    });
  }, [enter]);

  useEffect(() => {
    if (reason === null) return;
    // Somebody who comes back may have signed in in another tab.
    const look = (): void => {
      void attempt(currentSession, reason).then((opened) => {
        if (typeof opened !== "string") enter(opened);
      });
    };
    window.addEventListener("focus", look);
    return () => {
      window.removeEventListener("focus", look);
    };
  }, [reason, enter]);

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
