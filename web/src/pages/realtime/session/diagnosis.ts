/** Why no session could be opened: a browser does not tell what a WebSocket was refused with, so others are asked. */

import { ApiError, Unreachable } from "../../../api/http";
import { listDeployments } from "../../../api/resources";
import type { Loss } from "./state";

/** `account` is the account's resource id. */
export async function diagnose(account: string, deployment: string): Promise<Loss> {
  try {
    const deployments = await listDeployments(account);
    return deployments.some(({ name }) => name === deployment) ? "refused" : "deploymentGone";
  } catch (error) {
    if (error instanceof Unreachable) return "unreachable";
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return "signedOut";
    return error.status >= 500 ? "unreachable" : "refused";
  }
}
