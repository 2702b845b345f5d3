/** Calls to the server the page came from: JSON in, JSON out, errors in one shape. */

import { ApiError, Unreachable } from "./errors";

export { ApiError, Unreachable };

/** The server's root as the browser sees it, under whatever prefix: the page itself is at `portal/` below it. */
export const serverRoot: URL = new URL("../", document.baseURI);

/** Marks a request as the page's own: together with the session's cookie it is the credential. */
const OWN_REQUEST = { "x-antiphon-portal": "1" };

export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly signal?: AbortSignal | null;
}

/** Takes when the request began that was refused, by `performance.now()`. */
type SessionEndListener = (askedAt: number) => void;

const sessionEnded = new Set<SessionEndListener>();

/** Be told when the server says that the session is over; returns how to stop listening. */
export function onSessionEnd(listener: SessionEndListener): () => void {
  sessionEnded.add(listener);
  return () => void sessionEnded.delete(listener);
}

/** `path` is relative to the server's root, such as `openai/v1/models`, or absolute below it, as ids of resources are. */
export function serverUrl(path: string, query: CallOptions["query"] = {}): URL {
  const url = new URL(path.replace(/^\//, ""), serverRoot);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

/** The response itself, for streams and files. Rejects with `ApiError` and `Unreachable`. */
export async function fetchFrom(path: string, options: CallOptions = {}): Promise<Response> {
  const { method = "GET", body, query, signal } = options;
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const askedAt = performance.now();
  let response: Response;
  try {
    response = await fetch(serverUrl(path, query), {
      method,
      headers: { ...OWN_REQUEST, ...json },
      credentials: "same-origin",
      cache: "no-store",
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (response.ok) return response;
  const error = await readError(response);
  // Not every 401: Azure answers so, too, where somebody lacks a role.
  if (error.code === "session_expired") for (const listener of sessionEnded) listener(askedAt);
  throw error;
}

/** The answer's JSON; undefined where there is none. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await fetchFrom(path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string; readonly param?: string | null };
}

async function readError(response: Response): Promise<ApiError> {
  let told: ErrorBody["error"];
  try {
    told = ((await response.json()) as ErrorBody).error;
  } catch {
    // Not ours: a proxy's page, say. The status has to do.
  }
  const message = told?.message ?? `${String(response.status)} ${response.statusText}`;
  return new ApiError(response.status, told?.code ?? "", message, told?.param ?? null);
}
