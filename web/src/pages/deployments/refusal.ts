/** Which field of the form the server's refusal is about. */

import { ApiError } from "../../api/errors";

export type FormField = "name" | "model" | "capacity" | "profile";

/** Null for what is about none of them: it is told above the form. */
export function refusedField(error: unknown): FormField | null {
  if (!(error instanceof ApiError)) return null;
  switch (error.code) {
    case "InvalidResourceName":
      return "name";
    case "DeploymentModelNotSupported":
      return "model";
    case "InsufficientQuota":
      return error.message.includes("Tokens Per Minute") ? "capacity" : null;
    case "InvalidResourceProperties":
      if (/\bprofile\b/.test(error.message)) return "profile";
      return /\bcapacity\b/.test(error.message) ? "capacity" : null;
    default:
      return null;
  }
}
