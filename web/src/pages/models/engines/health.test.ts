import { describe, expect, it } from "vitest";

import type { Engine, Replica, Tested } from "../../../api/engines";
import { healthOf } from "./health";

const ANSWERS: Tested = { answers: true, first_ms: 1, whole_ms: 2, text: null, error: null };

function engine(tested: Tested | null, ...replicas: readonly Partial<Replica>[]): Engine {
  return {
    id: "1",
    name: "writer",
    role: "language_model",
    kind: "openai-chat",
    where: "there",
    device: null,
    note: "",
    profiles: [],
    replicas: replicas.map((some) => ({ url: "", is_well: true, in_flight: 0, latency_ms: null, ...some })),
    tested,
  };
}

describe("healthOf", () => {
  it("takes an engine of the server's process for what its test said", () => {
    expect(healthOf(engine(null))).toBe("unknown");
    expect(healthOf(engine(ANSWERS))).toBe("well");
    expect(healthOf(engine({ ...ANSWERS, answers: false }))).toBe("down");
  });

  it("knows nothing of an address that was never asked", () => {
    expect(healthOf(engine(null, {}))).toBe("unknown");
  });

  it("counts the addresses that are left alone", () => {
    expect(healthOf(engine(ANSWERS, { latency_ms: 5 }, { is_well: false }))).toBe("partly");
    expect(healthOf(engine(ANSWERS, { is_well: false }, { is_well: false }))).toBe("down");
  });

  it("takes answers for a sign of health", () => {
    expect(healthOf(engine(null, { latency_ms: 5 }))).toBe("well");
  });
});
