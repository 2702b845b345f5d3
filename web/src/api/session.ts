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
  /** How a terminal on its machine, and clients by https, reach the server. */
  readonly server: {
    /** Null where it serves http alone. */
    readonly tls_port: number | null;
    /** What the command is called, for a shell; and the options with which it is about this server, or its folder. */
    readonly program: string;
    readonly server_options: string;
    readonly folder_options: string;
  };
  /** Unix seconds. */
  readonly expires_at: number;
}

export interface SignInOptions {
  /** Whether one can sign in through Microsoft Entra. */
  readonly entra: boolean;
  readonly version: string;
  /** What prints a link that signs in, on the server's machine. */
  readonly command: string;
}

export const signInOptions = (): Promise<SignInOptions> => call("portal/api/sign-in");
export const currentSession = (): Promise<Session> => call("portal/api/session");
export const signIn = (code: string): Promise<Session> =>
  call("portal/api/session", { method: "POST", body: { code } });
export const signOut = (): Promise<void> => call("portal/api/session", { method: "DELETE" });
