/** What is being filled in: the settings of a deployment, new or existing. */

import type { CatalogueModel } from "../../api/catalogue";
import type { Profile } from "../../api/profiles";
import type { Deployment, DeploymentSettings } from "../../api/resources";
import { availableTo, poolOf, readCapacity, type Pool } from "./capacity";
import { nameProblem, suggestedName, type NameProblem } from "./deploymentName";

/** As large as those that a new data folder has: as good as no limit. */
const USUAL_CAPACITY = 10_000;
const USUAL_PROFILE = "default";

export interface Draft {
  readonly name: string;
  readonly model: string;
  readonly version: string;
  readonly sku: string;
  /** As it is written. */
  readonly capacity: string;
  readonly profile: string;
}

export interface Surroundings {
  readonly models: readonly CatalogueModel[];
  readonly profiles: readonly Profile[];
  readonly pools: readonly Pool[];
  /** The names of the account's deployments. */
  readonly taken: readonly string[];
}

export function versionsOf(models: readonly CatalogueModel[], name: string): readonly CatalogueModel[] {
  return models.filter((model) => model.name === name);
}

/** The version that a deployment of the model gets by itself. */
export function defaultVersion(models: readonly CatalogueModel[], name: string): CatalogueModel | undefined {
  const versions = versionsOf(models, name);
  return versions.find((model) => model.isDefaultVersion) ?? versions[0];
}

export function newDraft({ models, profiles, pools, taken }: Surroundings): Draft {
  const model = models[0];
  const name = model?.name ?? "";
  const chosen = defaultVersion(models, name);
  const sku = chosen?.skus[0]?.name ?? "";
  const pool = poolOf(pools, name, sku);
  const capacity = Math.max(1, Math.min(USUAL_CAPACITY, pool === undefined ? USUAL_CAPACITY : availableTo(pool, 0)));
  const profile = profiles.find((each) => each.name === USUAL_PROFILE) ?? profiles[0];
  return {
    name: suggestedName(name, taken),
    model: name,
    version: chosen?.version ?? "",
    sku,
    capacity: String(capacity),
    profile: profile?.name ?? USUAL_PROFILE,
  };
}

export function draftOf({ name, sku, properties }: Deployment): Draft {
  const { model, profile } = properties;
  const { name: modelName, version } = model;
  return { name, model: modelName, version, sku: sku.name, capacity: String(sku.capacity), profile };
}

/** Another model, with a name that follows it unless the user has chosen one. */
export function withModel(draft: Draft, model: string, { models, taken }: Surroundings): Draft {
  const isOwnName = draft.name !== suggestedName(draft.model, taken);
  return {
    ...draft,
    model,
    version: defaultVersion(models, model)?.version ?? "",
    name: isOwnName ? draft.name : suggestedName(model, taken),
  };
}

export interface Problems {
  readonly name: NameProblem | null;
  readonly capacity: "capacityRule" | null;
}

export function problemsOf(draft: Draft, taken: readonly string[]): Problems {
  return {
    name: nameProblem(draft.name, taken),
    capacity: readCapacity(draft.capacity) === null ? "capacityRule" : null,
  };
}

/** Of a draft without problems. */
export function settingsOf({ model, version, sku, capacity, profile }: Draft): DeploymentSettings {
  return { model, version, sku, profile, capacity: readCapacity(capacity) ?? 1 };
}
