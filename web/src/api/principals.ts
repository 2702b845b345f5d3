/** Who may sign in without a key, and the roles by which they may do something. */

import { call } from "./http";

/** The scope of a role on every account. */
export const ALL_ACCOUNTS = "*";

export interface RoleAssignment {
  readonly role: string;
  /** An account's name, or `ALL_ACCOUNTS`. */
  readonly scope: string;
}

export interface Principal {
  /** The object id. */
  readonly id: string;
  /** Null, as the name, for one of Microsoft Entra's. */
  readonly client_id: string | null;
  readonly name: string | null;
  readonly has_secret: boolean;
  /** Unix seconds; null for one of Microsoft Entra's. */
  readonly created_at: number | null;
  readonly assignments: readonly RoleAssignment[];
}

export interface NewPrincipal extends Principal {
  /** Told this once. */
  readonly secret?: string | null;
}

export interface Role {
  readonly name: string;
  readonly description: string;
}

export interface Access {
  readonly principals: readonly Principal[];
  readonly roles: readonly Role[];
}

const PRINCIPALS = "portal/api/principals";
const addressOf = (id: string): string => `${PRINCIPALS}/${encodeURIComponent(id)}`;

export const listPrincipals = (signal?: AbortSignal): Promise<Access> => call(PRINCIPALS, { signal: signal ?? null });

export const createPrincipal = (name: string, secret: boolean): Promise<NewPrincipal> =>
  call(PRINCIPALS, { method: "POST", body: { name, secret } });

export const deletePrincipal = (id: string): Promise<void> => call(addressOf(id), { method: "DELETE" });

export const assignRole = (id: string, assignment: RoleAssignment): Promise<void> =>
  call(`${addressOf(id)}/assignments`, { method: "PUT", body: assignment });

export const removeRole = (id: string, assignment: RoleAssignment): Promise<void> =>
  call(`${addressOf(id)}/assignments`, { method: "DELETE", body: assignment });
