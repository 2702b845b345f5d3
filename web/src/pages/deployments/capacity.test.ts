import { describe, expect, it } from "vitest";

import type { Usage } from "../../api/catalogue";
import { allowance, availableTo, poolsOf, readCapacity } from "./capacity";

const usage = (value: string, currentValue: number): Usage => ({
  name: { value, localizedValue: value },
  currentValue,
  limit: 300,
});

describe("allowance", () => {
  it("is a thousand tokens and six requests a minute for each unit", () => {
    expect(allowance(100)).toEqual({ tokensPerMinute: 100_000, requestsPerMinute: 600 });
  });

  it("is what the catalogue says of the SKU", () => {
    const rateLimits = [
      { key: "request", renewalPeriod: 10, count: 1 },
      { key: "token", renewalPeriod: 60, count: 1000 },
    ];
    const sku = { name: "Standard", usageName: "", capacity: { minimum: 1, maximum: 300 }, rateLimits };
    expect(allowance(10, sku)).toEqual({ tokensPerMinute: 10_000, requestsPerMinute: 60 });
  });
});

describe("poolsOf", () => {
  const own = [usage("OpenAI.GlobalStandard.gpt-4o-audio-preview", 100)];

  it("tells what other accounts have of a pool", () => {
    const all = [usage("OpenAI.S0.AccountCount", 2), usage("OpenAI.GlobalStandard.gpt-4o-audio-preview", 150)];
    expect(poolsOf({ ofAccount: own, ofLocation: all })).toEqual([
      { model: "gpt-4o-audio-preview", sku: "GlobalStandard", limit: 300, own: 100, others: 50 },
    ]);
  });

  it("knows of none where that may not be seen", () => {
    expect(poolsOf({ ofAccount: own, ofLocation: null })[0]?.others).toBe(0);
  });

  it("leaves a deployment what it has already", () => {
    const [pool] = poolsOf({ ofAccount: own, ofLocation: null });
    if (pool === undefined) throw new Error("There is a pool");
    expect(availableTo(pool, 0)).toBe(200);
    expect(availableTo(pool, 100)).toBe(300);
  });
});

describe("readCapacity", () => {
  it.each([
    ["1", 1],
    [" 250 ", 250],
    ["", null],
    ["0", null],
    ["-5", null],
    ["1.5", null],
    ["many", null],
  ])("makes of %j %j", (written, capacity) => {
    expect(readCapacity(written)).toBe(capacity);
  });
});
