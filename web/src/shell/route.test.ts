import { describe, expect, it } from "vitest";

import { addressOf, parameterOf, routeOf } from "./route";

describe("the address of a page", () => {
  it("takes parameters of any kind there and back", () => {
    const address = addressOf("chat", { deployment: "a&b ?#=é" });
    expect(routeOf(address)).toBe("chat");
    expect(parameterOf(address, "deployment")).toBe("a&b ?#=é");
  });

  it("has no query without parameters", () => {
    expect(addressOf("keys")).toBe("#/keys");
    expect(parameterOf("#/keys", "deployment")).toBeNull();
  });

  it("is none where the fragment is something else", () => {
    expect(routeOf("#code=abc")).toBe("");
  });
});
