import { describe, expect, it } from "vitest";

import { barsOf, summaryOf } from "./bars";

const SIZE = { width: 30, height: 20, gap: 1 };

describe("barsOf", () => {
  it("draws the highest value over the whole height, and the others in proportion", () => {
    expect(barsOf([0, 5, 10], SIZE).map((bar) => bar.height)).toEqual([0, 10, 20]);
  });

  it("shows a small value that is not zero", () => {
    expect(barsOf([1, 1000], SIZE)[0]?.height).toBe(2);
  });

  it("draws nothing where nothing was", () => {
    expect(barsOf([0, 0], SIZE).every((bar) => bar.height === 0)).toBe(true);
  });
});

describe("summaryOf", () => {
  it("tells the whole, the running minute and the busiest", () => {
    expect(summaryOf([1, 4, 2])).toEqual({ total: 7, now: 2, highest: 4 });
    expect(summaryOf([])).toEqual({ total: 0, now: 0, highest: 0 });
  });
});
