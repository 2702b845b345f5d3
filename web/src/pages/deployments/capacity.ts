/** What a capacity allows, and what is left of the pool that it comes from. */

import type { CatalogueModel, Usage, Usages } from "../../api/catalogue";

export interface Allowance {
  readonly tokensPerMinute: number;
  readonly requestsPerMinute: number;
}

type Sku = CatalogueModel["skus"][number];

/** Without a SKU, as the models of the catalogue have it. */
export function allowance(capacity: number, sku?: Sku): Allowance {
  const perMinute = (key: string, usual: number): number => {
    const limit = sku?.rateLimits.find((each) => each.key === key);
    return capacity * (limit === undefined ? usual : (limit.count * 60) / limit.renewalPeriod);
  };
  return { tokensPerMinute: perMinute("token", 1000), requestsPerMinute: perMinute("request", 6) };
}

/** In units of capacity: thousands of tokens a minute. */
export interface Pool {
  readonly model: string;
  readonly sku: string;
  readonly limit: number;
  /** By this account. */
  readonly own: number;
  /** By the other accounts that share the pool, as far as one may know. */
  readonly others: number;
}

/** One for each model and SKU, in the order of the catalogue. */
export function poolsOf({ ofAccount, ofLocation }: Usages): readonly Pool[] {
  const total = new Map((ofLocation ?? []).map((usage) => [usage.name.value, usage.currentValue]));
  return ofAccount.flatMap((usage) => {
    const named = nameOf(usage);
    if (named === null) return [];
    const others = Math.max(0, (total.get(usage.name.value) ?? usage.currentValue) - usage.currentValue);
    return [{ ...named, limit: usage.limit, own: usage.currentValue, others }];
  });
}

export function poolOf(pools: readonly Pool[], model: string, sku: string): Pool | undefined {
  return pools.find((pool) => pool.model === model && pool.sku === sku);
}

/** What a deployment that has `own` of the pool already could have of it. */
export function availableTo(pool: Pool, own: number): number {
  return Math.max(0, pool.limit - pool.others - pool.own + own);
}

/** A whole number of at least one; null for what is none. */
export function readCapacity(written: string): number | null {
  const capacity = Number(written.trim());
  return Number.isSafeInteger(capacity) && capacity >= 1 ? capacity : null;
}

/** Azure names a pool as in `OpenAI.GlobalStandard.gpt-4o-audio-preview`. */
function nameOf(usage: Usage): { model: string; sku: string } | null {
  const [, sku, model] = /^OpenAI\.(\w+)\.(.+)$/.exec(usage.name.value) ?? [];
  return sku === undefined || model === undefined ? null : { sku, model };
}
