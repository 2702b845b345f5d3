/** What can be deployed, and how much of it: the catalogue of models, and the quota that deployments share. */

import { ApiError } from "./errors";
import { manage } from "./resources";

export interface RateLimit {
  readonly key: string;
  readonly renewalPeriod: number;
  readonly count: number;
}

export interface CatalogueModel {
  readonly name: string;
  readonly version: string;
  readonly format: string;
  readonly isDefaultVersion: boolean;
  readonly lifecycleStatus: string;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly skus: readonly {
    readonly name: string;
    readonly usageName: string;
    readonly capacity: { readonly minimum: number; readonly maximum: number };
    /** Of one unit of capacity. */
    readonly rateLimits: readonly RateLimit[];
  }[];
}

/** Of a pool of capacity: a model's, in one SKU. */
export interface Usage {
  readonly name: { readonly value: string; readonly localizedValue: string };
  readonly currentValue: number;
  readonly limit: number;
}

export interface Usages {
  readonly ofAccount: readonly Usage[];
  /** Of all accounts that share the pools; null for who may not see more than their own. */
  readonly ofLocation: readonly Usage[] | null;
}

interface Listed<T> {
  readonly value: readonly T[];
}

export async function listModels(account: string, signal?: AbortSignal): Promise<readonly CatalogueModel[]> {
  return (await manage<Listed<CatalogueModel>>(`${account}/models`, "GET", undefined, signal)).value;
}

export async function listUsages(account: string, signal?: AbortSignal): Promise<Usages> {
  const [{ value: ofAccount }, ofLocation] = await Promise.all([
    manage<Listed<Usage>>(`${account}/usages`, "GET", undefined, signal),
    usagesOfLocation(account, signal),
  ]);
  return { ofAccount, ofLocation };
}

async function usagesOfLocation(account: string, signal?: AbortSignal): Promise<readonly Usage[] | null> {
  const provider = account.replace(/\/resourceGroups\/[^/]+/i, "").replace(/\/accounts\/[^/]+$/i, "");
  try {
    const { location } = await manage<{ location: string }>(account, "GET", undefined, signal);
    return (await manage<Listed<Usage>>(`${provider}/locations/${location}/usages`, "GET", undefined, signal)).value;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return null;
    throw error;
  }
}
