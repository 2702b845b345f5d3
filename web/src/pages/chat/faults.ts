/** What can go wrong, sorted by what the user can do about it. */

import { ApiError, Unreachable } from "../../api/http";
import { MicrophoneError, type MicrophoneFault } from "../../audio/microphone";
import { ClipError, type ClipFault } from "./clips";

export type Fault =
  | { readonly kind: "sessionEnded" | "forbidden" | "unreachable" | "failed" }
  | { readonly kind: "deploymentGone"; readonly deployment: string }
  | { readonly kind: "tooLong" | "requestTooLarge" | "overLimit" | "noSound" | "noSpeech" | "badAudio" }
  | { readonly kind: "rateLimited"; readonly seconds: number }
  /** It is the page's own fault, and no server's. */
  | { readonly kind: "pageFailed"; readonly message: string }
  /** The server's own words are the best there are. */
  | { readonly kind: "refusedRequest"; readonly message: string }
  | { readonly kind: ClipFault; readonly fileName: string }
  | { readonly kind: MicrophoneFault | "nothingHeard" | "recordingFull" };

/** `deployment` is the one that was asked, if one was. */
export function faultOf(error: unknown, deployment = ""): Fault {
  if (error instanceof Unreachable) return { kind: "unreachable" };
  if (error instanceof MicrophoneError) return { kind: error.fault };
  if (error instanceof ClipError) return { kind: error.fault, fileName: error.fileName };
  if (error instanceof ApiError) return faultOfAnswer(error, deployment);
  return { kind: "pageFailed", message: error instanceof Error ? error.message : String(error) };
}

function faultOfAnswer(error: ApiError, deployment: string): Fault {
  if (error.code === "session_expired") return { kind: "sessionEnded" };
  if (error.status === 401 || error.status === 403) return { kind: "forbidden" };
  if (error.status === 413) return { kind: "requestTooLarge" };
  if (error.status === 429) return faultOfLimit(error.message);
  if (error.status >= 500) return { kind: "failed" };
  switch (error.code) {
    case "DeploymentNotFound":
      return { kind: "deploymentGone", deployment };
    case "context_length_exceeded":
      return { kind: "tooLong" };
    case "invalid_audio":
      return { kind: error.message.startsWith("No speech") ? "noSpeech" : "badAudio" };
  }
  // Neither side has sound, which is what the model is for.
  if (error.code === "invalid_value" && error.param === "model") return { kind: "noSound" };
  return { kind: "refusedRequest", message: error.message };
}

/** The header that says when to come back says the same as the message; without it, no waiting helps. */
function faultOfLimit(message: string): Fault {
  const seconds = /retry after (\d+) second/i.exec(message)?.[1];
  return seconds === undefined ? { kind: "overLimit" } : { kind: "rateLimited", seconds: Number(seconds) };
}
