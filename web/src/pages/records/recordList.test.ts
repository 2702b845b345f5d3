import { describe, expect, it } from "vitest";

import type { RecordSummary } from "../../api/records";
import { deploymentsOf, EVERY_RECORD, isFiltered, merged } from "./recordList";

const record = (id: string, created_at: number, deployment = "voice"): RecordSummary => ({
  id,
  created_at,
  expires_at: created_at + 60,
  deployment,
  model: "gpt-4o-audio-preview",
  principal: "key1",
  operation: "chatCompletion",
  is_stored: false,
  labels: {},
  prompt_tokens: 1,
  completion_tokens: 1,
  audio: [],
  excerpt: "",
});
const ids = (records: readonly RecordSummary[]): string[] => records.map(({ id }) => id);

describe("merged", () => {
  it("puts what has come since in front of what is known", () => {
    expect(ids(merged([record("c", 3), record("b", 2)], [record("b", 2), record("a", 1)]))).toEqual(["c", "b", "a"]);
  });

  it("keeps what the server found in the same second in its order", () => {
    expect(ids(merged([record("b", 1), record("a", 1)], []))).toEqual(["b", "a"]);
  });
});

describe("deploymentsOf", () => {
  it("has those that are gone but left records", () => {
    expect(deploymentsOf(["voice", "chat"], [record("a", 1, "gone"), record("b", 2)])).toEqual(["chat", "gone", "voice"]);
  });
});

describe("isFiltered", () => {
  it("does not count spaces as a search", () => {
    expect(isFiltered({ ...EVERY_RECORD, search: "  " })).toBe(false);
    expect(isFiltered({ ...EVERY_RECORD, search: "weather" })).toBe(true);
  });
});
