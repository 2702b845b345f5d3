import { describe, expect, it } from "vitest";

import { isGuid, isPrincipalName } from "./principalNames";

describe("isPrincipalName", () => {
  it.each(["robot", "Call-Center_2.test", "a"])("takes %s", (name) => {
    expect(isPrincipalName(name)).toBe(true);
  });

  it.each(["", "-robot", "two words", "a".repeat(65), "0b5e3f0c-8d2a-4c1e-9f37-2a6b1c4d5e6f"])("refuses %j", (name) => {
    expect(isPrincipalName(name)).toBe(false);
  });
});

describe("isGuid", () => {
  it("takes an object id in any case", () => {
    expect(isGuid("0B5E3F0C-8d2a-4c1e-9f37-2a6b1c4d5e6f")).toBe(true);
  });

  it("refuses what is nearly one", () => {
    expect(isGuid("0b5e3f0c-8d2a-4c1e-9f37-2a6b1c4d5e6")).toBe(false);
  });
});
