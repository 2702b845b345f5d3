/** What principals may be called, and what they are called. */

import type { Principal } from "../../api/principals";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The managed identity: it has no secret, comes back at each start, and cannot be deleted. */
const LOCAL = "local";

export const isGuid = (text: string): boolean => GUID.test(text);

/** As the server has it: a name that looks like an object id would be taken for one. */
export const isPrincipalName = (text: string): boolean => NAME.test(text) && !isGuid(text);

/** Those of Entra's have no name here. */
export const nameOf = ({ name, id }: Principal): string => name ?? id;

export type PrincipalKind = "servicePrincipal" | "managedIdentity" | "entraIdentity";

export function kindOf({ name }: Principal): PrincipalKind {
  if (name === null) return "entraIdentity";
  return name === LOCAL ? "managedIdentity" : "servicePrincipal";
}
