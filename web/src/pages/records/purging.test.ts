import { describe, expect, it } from "vitest";

import { dayOf, daysBefore, startOfDay } from "./purging";

describe("startOfDay", () => {
  it("is midnight where the user is", () => {
    expect(startOfDay("2026-03-01")).toBe(new Date(2026, 2, 1).getTime() / 1000);
  });

  it("is nothing for a day that was not chosen", () => {
    expect(startOfDay("")).toBeNull();
  });
});

it("writes days as fields of type date read them", () => {
  expect(dayOf(new Date(2026, 2, 1, 23, 59))).toBe("2026-03-01");
});

it("counts back over the ends of months", () => {
  expect(dayOf(daysBefore(new Date(2026, 2, 1), 7))).toBe("2026-02-22");
});
