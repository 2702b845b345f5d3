import { describe, expect, it } from "vitest";

import { ApiError, Unreachable } from "../api/errors";
import { explain, neededRole } from "./explanation";

const refusal = (action: string): ApiError =>
  new ApiError(403, "AuthorizationFailed", `The client 'a' with object id 'b' may not perform action '${action}' over scope 'c'.`);

describe("explain", () => {
  it("names the role that would be enough", () => {
    const action = "Microsoft.CognitiveServices/accounts/deployments/write";
    expect(explain(refusal(action))).toMatchObject({ title: "forbidden", role: "Cognitive Services OpenAI Contributor" });
  });

  it("names the role for what deployments do, and does not take its want for a session that has ended", () => {
    const message = "The principal `x` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/read` to perform `GET` operation.";
    expect(explain(new ApiError(401, "PermissionDenied", message))).toMatchObject({
      title: "forbidden",
      role: "Cognitive Services OpenAI User",
    });
    expect(explain(new ApiError(401, "session_expired", "")).title).toBe("sessionOver");
  });

  it("repeats the server's words where a refusal names no action", () => {
    expect(explain(new ApiError(403, "", "No."))).toMatchObject({ advice: null, said: "No." });
  });

  it("tells a server that is gone from one that refuses", () => {
    expect(explain(new Unreachable()).title).toBe("unreachable");
    expect(explain(new ApiError(400, "InsufficientQuota", "Too much.")).title).toBe("refused");
    expect(explain(new ApiError(500, "", "Oh.")).title).toBe("serverFailed");
  });
});

describe("neededRole", () => {
  it.each([
    ["Microsoft.CognitiveServices/accounts/listKeys/action", "Cognitive Services User"],
    ["Microsoft.CognitiveServices/accounts/regenerateKey/action", "Cognitive Services Contributor"],
    ["Microsoft.CognitiveServices/accounts/usages/read", "Cognitive Services OpenAI User"],
    ["Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/action", "Cognitive Services OpenAI User"],
  ])("for %s is %s", (action, role) => {
    expect(neededRole(action)).toBe(role);
  });
});
