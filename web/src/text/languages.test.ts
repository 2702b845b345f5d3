import { describe, expect, it } from "vitest";

import { fill, preferredLanguage } from "./languages";

describe("fill", () => {
  it("puts values in the place of their names", () => {
    expect(fill("{done} of {total}", { done: 1, total: 3 })).toBe("1 of 3");
  });

  it("leaves a name without a value as it is", () => {
    expect(fill("{done} of {total}", { done: 1 })).toBe("1 of {total}");
  });
});

describe("preferredLanguage", () => {
  it("takes the first of the browser's languages that the page speaks", () => {
    expect(preferredLanguage(["de-AT", "it-CH", "en"])).toBe("it");
  });

  it("is English where the page speaks none of them", () => {
    expect(preferredLanguage(["de", "ja"])).toBe("en");
  });
});
