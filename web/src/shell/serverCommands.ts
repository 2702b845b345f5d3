/** What the user can run in a terminal on the server's machine, such that it fits the server that runs. */

import type { Session } from "../api/session";

export type ServerFacts = Session["server"];

/** A command that speaks of the running server, such as `env --key`. */
export function commandAboutServer(server: ServerFacts, words: string): string {
  return `${server.program} ${words}${server.server_options}`;
}

/** A command about the data folder, such as `principals list`. */
export function commandAboutFolder(server: ServerFacts, words: string): string {
  return `${server.program} ${words}${server.folder_options}`;
}

/** The server's root by https, whichever way the page came; null where it has none. */
export function secureRoot(root: URL, server: ServerFacts): URL | null {
  if (root.protocol === "https:") return root;
  if (server.tls_port === null) return null;
  const secure = new URL(root);
  secure.protocol = "https:";
  secure.port = String(server.tls_port);
  return secure;
}
