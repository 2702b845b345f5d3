import { describe, expect, it } from "vitest";

import type { CatalogueModel } from "../../api/models";
import { lacksRoom, outcomesOf, partOf, standingOf } from "./downloads";

const missing: CatalogueModel = {
  name: "whisper-base",
  title: "Whisper base",
  homepage: "https://example.org/whisper",
  purpose: "recognizer",
  license: "MIT",
  bytes: 100,
  state: "missing",
  profiles: [],
  pull: null,
};
const pulling: CatalogueModel = { ...missing, pull: { done_bytes: 25, total_bytes: 100, error: null } };
const failed: CatalogueModel = { ...missing, pull: { done_bytes: 25, total_bytes: 100, error: "No source has it." } };
const whole: CatalogueModel = { ...missing, state: "whole" };

describe("standingOf", () => {
  it("tells of the download before the state it started from", () => {
    expect([missing, pulling, failed, whole].map(standingOf)).toEqual(["missing", "pulling", "failed", "whole"]);
  });
});

describe("partOf", () => {
  it("is how much of the download has come", () => {
    expect(partOf(pulling)).toBe(0.25);
  });

  it("is nothing before the download knows its size", () => {
    expect(partOf({ ...missing, pull: { done_bytes: 0, total_bytes: 0, error: null } })).toBe(0);
  });
});

describe("lacksRoom", () => {
  it("warns before a download that does not fit", () => {
    expect(lacksRoom(missing, 99)).toBe(true);
    expect(lacksRoom(missing, 100)).toBe(false);
  });

  it("says nothing of what is there already", () => {
    expect(lacksRoom(whole, 0)).toBe(false);
  });
});

describe("outcomesOf", () => {
  it("tells a download that succeeded from one that failed", () => {
    expect(outcomesOf([pulling], [whole])).toEqual([{ name: "whisper-base", isDone: true }]);
    expect(outcomesOf([pulling], [failed])).toEqual([{ name: "whisper-base", isDone: false }]);
  });

  it("has nothing to tell while a download goes on, or where none was", () => {
    expect(outcomesOf([pulling], [pulling])).toEqual([]);
    expect(outcomesOf([whole], [whole])).toEqual([]);
  });
});
