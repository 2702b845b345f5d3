/** Why a page cannot be shown. */

import { serverUrl } from "../api/http";

/** Code of the page that could not be fetched: browsers tell no more of that than that it failed. */
export class PageNotLoaded extends Error {
  constructor(cause: unknown) {
    super("The page could not be loaded.", { cause });
    this.name = "PageNotLoaded";
  }
}

export type PageFault = "unreachable" | "upgraded" | "failed";

/** The entry script that a page of the portal names, without its folder; null where there is none. */
export function entryOf(html: string): string | null {
  return /<script[^>]*\ssrc="[^"]*?([^"/]+\.js)"/.exec(html)?.[1] ?? null;
}

/** Asks the server whether it still has the code that runs here. `running` is this page's own entry script. */
export async function faultOf(error: unknown, running: string | null): Promise<PageFault> {
  if (!(error instanceof PageNotLoaded)) return "failed";
  try {
    const response = await fetch(serverUrl("portal/"), { cache: "no-store" });
    if (!response.ok) return "unreachable";
    const entry = entryOf(await response.text());
    return entry !== null && entry !== running ? "upgraded" : "unreachable";
  } catch {
    return "unreachable";
  }
}
