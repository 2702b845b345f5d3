import { describe, expect, it } from "vitest";

import type { CatalogueModel } from "../../api/catalogue";
import { newDraft, problemsOf, settingsOf, withModel, type Surroundings } from "./draft";

const model = (name: string, version: string, isDefaultVersion: boolean): CatalogueModel => ({
  name,
  version,
  format: "OpenAI",
  isDefaultVersion,
  lifecycleStatus: "Preview",
  capabilities: {},
  skus: [{ name: "GlobalStandard", usageName: "", capacity: { minimum: 1, maximum: 300_000 }, rateLimits: [] }],
});

const surroundings: Surroundings = {
  models: [model("hear", "2024-10-01", false), model("hear", "2024-12-17", true), model("talk", "2024-12-17", true)],
  profiles: [{ name: "default", voices: [], recognizer: "", language_model: "", synthesizer: "" }],
  pools: [],
  taken: ["hear"],
};

describe("a new draft", () => {
  it("can be put as it is", () => {
    const draft = newDraft(surroundings);
    expect(problemsOf(draft, surroundings.taken)).toEqual({ name: null, capacity: null });
    expect(settingsOf(draft)).toEqual({
      model: "hear",
      version: "2024-12-17",
      sku: "GlobalStandard",
      capacity: 10_000,
      profile: "default",
    });
  });

  it("asks for no more than there is", () => {
    const pools = [{ model: "hear", sku: "GlobalStandard", limit: 300, own: 250, others: 20 }];
    expect(newDraft({ ...surroundings, pools }).capacity).toBe("30");
  });
});

describe("another model", () => {
  it("takes the suggested name along", () => {
    const draft = newDraft(surroundings);
    expect(draft.name).toBe("hear-2");
    expect(withModel(draft, "talk", surroundings)).toMatchObject({ name: "talk", version: "2024-12-17" });
  });

  it("leaves a name that the user has chosen", () => {
    const draft = { ...newDraft(surroundings), name: "mine" };
    expect(withModel(draft, "talk", surroundings).name).toBe("mine");
  });
});
