import { describe, expect, it } from "vitest";

import { nameProblem, suggestedName } from "./deploymentName";

describe("nameProblem", () => {
  it.each(["voice", "V2", "a.b_c-d", "9" + "x".repeat(63)])("finds nothing wrong with %s", (name) => {
    expect(nameProblem(name, [])).toBeNull();
  });

  it.each(["a", "-voice", ".voice", "two words", "café", "a/b", "x".repeat(65)])("refuses %s as the server does", (name) => {
    expect(nameProblem(name, [])).toBe("nameRule");
  });

  it("takes names for the same that differ in their case alone", () => {
    expect(nameProblem("Voice", ["voice"])).toBe("nameTaken");
  });

  it("wants one", () => {
    expect(nameProblem("", [])).toBe("nameMissing");
  });
});

describe("suggestedName", () => {
  it("is the model's own, and numbered where that is taken", () => {
    expect(suggestedName("gpt", [])).toBe("gpt");
    expect(suggestedName("gpt", ["GPT", "gpt-2"])).toBe("gpt-3");
  });
});
