/** What an error means to whoever looks at the page. */

import { ApiError, Unreachable } from "../api/errors";
import type { furnitureText } from "./furnitureText";

type Key = keyof (typeof furnitureText)["en"];

export interface Explanation {
  readonly title: Key;
  /** What to do; null where the server's own words say it. */
  readonly advice: Key | null;
  /** The role that would be enough. */
  readonly role: string | null;
  /** What the server said, where that helps. */
  readonly said: string | null;
}

const USER = "Cognitive Services OpenAI User";
const CONTRIBUTOR = "Cognitive Services Contributor";

/** The least of Azure's roles for what is done, by the beginning of the action's name; the first that fits. */
const ROLES: readonly (readonly [action: RegExp, role: string])[] = [
  [/\/deployments\/(write|delete)$/, "Cognitive Services OpenAI Contributor"],
  [/\/listKeys\/action$/, "Cognitive Services User"],
  [/^Microsoft\.Authorization\/.*\/(write|delete)$/, "Owner"],
  [/\/read$/, USER],
  [/^Microsoft\.CognitiveServices\/accounts\/OpenAI\//, USER],
];

export function explain(error: unknown): Explanation {
  if (error instanceof Unreachable) {
    return { title: "unreachable", advice: "unreachableAdvice", role: null, said: null };
  }
  if (!(error instanceof ApiError)) {
    return { title: "failed", advice: null, role: null, said: error instanceof Error ? error.message : String(error) };
  }
  switch (error.status) {
    case 401:
      // Azure answers so, too, where somebody lacks a role for what a deployment does.
      if (error.code !== "session_expired") return forbidden(error);
      return { title: "sessionOver", advice: "sessionOverAdvice", role: null, said: null };
    case 403:
      return forbidden(error);
    case 404:
      return { title: "gone", advice: "goneAdvice", role: null, said: error.message };
    case 429:
      return { title: "busy", advice: null, role: null, said: error.message };
    default:
      return { title: error.status >= 500 ? "serverFailed" : "refused", advice: null, role: null, said: error.message };
  }
}

function forbidden(error: ApiError): Explanation {
  const action = /['`](Microsoft\.[\w./-]+)['`]/.exec(error.message)?.[1];
  if (action === undefined) return { title: "forbidden", advice: null, role: null, said: error.message };
  return { title: "forbidden", advice: "forbiddenAdvice", role: neededRole(action), said: null };
}

/** The least of Azure's roles that allows the action. */
export function neededRole(action: string): string {
  return ROLES.find(([pattern]) => pattern.test(action))?.[1] ?? CONTRIBUTOR;
}
