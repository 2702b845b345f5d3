import { describe, expect, it } from "vitest";

import { ApiError, Unreachable } from "../../api/errors";
import { refusedField } from "./refusal";

const POOL = "This operation require 5 new capacity in quota Tokens Per Minute (thousands) - m - GlobalStandard, which …";

describe("refusedField", () => {
  it.each([
    ["InvalidResourceName", "Resource name 'a b' is invalid.", "name"],
    ["DeploymentModelNotSupported", "The model … is not supported.", "model"],
    ["InsufficientQuota", POOL, "capacity"],
    ["InsufficientQuota", "This operation require 1 new capacity in quota Deployments per account, which …", null],
    ["InvalidResourceProperties", "The capacity of a deployment is a whole number of at least 1.", "capacity"],
    ["InvalidResourceProperties", "The configuration has no profile 'x', which the property profile names.", "profile"],
    ["ResourceNotFound", "The Resource … was not found.", null],
  ])("of %s: %s", (code, message, field) => {
    expect(refusedField(new ApiError(400, code, message))).toBe(field);
  });

  it("is none where the server did not answer", () => {
    expect(refusedField(new Unreachable())).toBeNull();
  });
});
