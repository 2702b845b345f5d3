/** Signing in and out, and who is signed in. */

import { call } from "./http";

export interface Session {
  readonly principal: { readonly id: string | null; readonly name: string; readonly is_operator: boolean };
  readonly account: {
    readonly name: string;
    /** Its resource id. */
    readonly id: string;
    readonly endpoint: string;
    readonly disable_local_auth: boolean;
  };
  /** Unix seconds. */
  readonly expires_at: number;
}

export interface SignInOptions {
  /** Whether one can sign in through Microsoft Entra. */
  readonly entra: boolean;
  readonly version: string;
}

export const signInOptions = (): Promise<SignInOptions> => call("portal/api/sign-in");
export const currentSession = (): Promise<Session> => call("portal/api/session");
export const signIn = (code: string): Promise<Session> =>
  call("portal/api/session", { method: "POST", body: { code } });
export const signOut = (): Promise<void> => call("portal/api/session", { method: "DELETE" });
