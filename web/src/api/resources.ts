/** The account's resources, by Azure's resource manager: deployments and keys. */

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
    readonly versionUpgradeOption?: string;
    readonly raiPolicyName?: string;
    readonly capabilities?: Readonly<Record<string, string>>;
  };
  readonly tags?: Readonly<Record<string, string>>;
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
  signal?: AbortSignal,
): Promise<T> {
  return call<T>(resource, { method, body, query: { "api-version": API_VERSION }, signal: signal ?? null });
}

export async function listDeployments(account: string, signal?: AbortSignal): Promise<readonly Deployment[]> {
  return (await manage<{ value: Deployment[] }>(`${account}/deployments`, "GET", undefined, signal)).value;
}

export interface DeploymentSettings {
  readonly model: string;
  readonly version: string;
  readonly sku: string;
  /** In thousands of tokens a minute. */
  readonly capacity: number;
  readonly profile: string;
}

const deploymentId = (account: string, name: string): string => `${account}/deployments/${encodeURIComponent(name)}`;

/** Makes the deployment, or makes an existing one like this. */
export async function putDeployment(account: string, name: string, settings: DeploymentSettings): Promise<Deployment> {
  const { model, version, sku, capacity, profile } = settings;
  return manage<Deployment>(deploymentId(account, name), "PUT", {
    sku: { name: sku, capacity },
    properties: { model: { format: "OpenAI", name: model, version }, profile },
  });
}

/**
 * Changes an existing one; what is not Azure's to patch is put, with all else as it is. Rejects with 404 where the
 * deployment is gone: to put it then would make it again.
 */
export async function changeDeployment(
  account: string,
  name: string,
  { version, sku, capacity, profile }: Omit<DeploymentSettings, "model">,
): Promise<Deployment> {
  const id = deploymentId(account, name);
  const { properties, tags } = await manage<Deployment>(id);
  const newSku = { name: sku, capacity };
  if (version === properties.model.version) {
    return manage<Deployment>(id, "PATCH", { sku: newSku, properties: { profile } });
  }
  const { versionUpgradeOption, raiPolicyName } = properties;
  return manage<Deployment>(id, "PUT", {
    sku: newSku,
    tags,
    properties: { model: { ...properties.model, version }, profile, versionUpgradeOption, raiPolicyName },
  });
}

export async function deleteDeployment(account: string, name: string): Promise<void> {
  await manage<undefined>(deploymentId(account, name), "DELETE");
}

export async function listKeys(account: string): Promise<Keys> {
  return manage<Keys>(`${account}/listKeys`, "POST");
}

export async function regenerateKey(account: string, keyName: KeyName): Promise<Keys> {
  return manage<Keys>(`${account}/regenerateKey`, "POST", { keyName });
}
