/** The variables by which Azure's clients sign in as a principal of the server's own tenant. */

import { secureRoot, type ServerFacts } from "../../shell/serverCommands";

/** The tenant is the same in every installation. */
const TENANT_ID = "416e7469-7068-4f6e-8000-000000000001";
/** What the example in the documentation writes federated tokens to. */
export const TOKEN_FILE = "token";

/** Where the server signs principals in: Azure's clients demand https, whichever way the page came. */
export function authorityHost(root: URL, server: ServerFacts): string {
  return (secureRoot(root, server) ?? root).href.replace(/\/$/, "");
}

/** `secret` is null for a principal that signs in with federated tokens. */
export function environmentOf(principal: { clientId: string; secret: string | null }, authority: string): string {
  const credential =
    principal.secret === null ? `AZURE_FEDERATED_TOKEN_FILE=${TOKEN_FILE}` : `AZURE_CLIENT_SECRET=${principal.secret}`;
  return [
    `export AZURE_TENANT_ID=${TENANT_ID}`,
    `export AZURE_CLIENT_ID=${principal.clientId}`,
    `export ${credential}`,
    `export AZURE_AUTHORITY_HOST=${authority}`,
  ].join("\n");
}
