/** The account's resources, by Azure's resource manager: deployments, the catalogue of models, keys, usage. */

import { call } from "./http";

const API_VERSION = "2024-10-01";

export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly sku: { readonly name: string; readonly capacity: number };
  readonly properties: {
    readonly model: { readonly format: string; readonly name: string; readonly version: string };
    readonly profile: string;
    readonly provisioningState: string;
    readonly capabilities?: Readonly<Record<string, string>>;
  };
  readonly systemData?: { readonly createdAt?: string };
}

export type KeyName = "Key1" | "Key2";

export interface Keys {
  readonly key1: string;
  readonly key2: string;
}

/** `account` is the account's resource id in all of these. */
export async function manage<T>(
  resource: string,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" = "GET",
  body?: unknown,
): Promise<T> {
  return call<T>(resource, { method, body, query: { "api-version": API_VERSION } });
}

export async function listDeployments(account: string): Promise<readonly Deployment[]> {
  return (await manage<{ value: Deployment[] }>(`${account}/deployments`)).value;
}

export async function listKeys(account: string): Promise<Keys> {
  return manage<Keys>(`${account}/listKeys`, "POST");
}

export async function regenerateKey(account: string, keyName: KeyName): Promise<Keys> {
  return manage<Keys>(`${account}/regenerateKey`, "POST", { keyName });
}
