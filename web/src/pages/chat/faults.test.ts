import { describe, expect, it, vi } from "vitest";

vi.hoisted(() => {
  vi.stubGlobal("document", { baseURI: "http://localhost/portal/" });
});

import { ApiError, Unreachable } from "../../api/http";
import { faultOf } from "./faults";

describe("faultOf", () => {
  it("tells how long to wait", () => {
    const message = "Requests have exceeded call rate limit. Please retry after 7 seconds. Please go here: …";
    expect(faultOf(new ApiError(429, "429", message))).toEqual({ kind: "rateLimited", seconds: 7 });
  });

  it("tells when no waiting helps", () => {
    expect(faultOf(new ApiError(429, "429", "Request too large: …"))).toEqual({ kind: "overLimit" });
  });

  it.each([
    [new ApiError(401, "session_expired", ""), "sessionEnded"],
    [new ApiError(401, "PermissionDenied", ""), "forbidden"],
    [new ApiError(404, "DeploymentNotFound", ""), "deploymentGone"],
    [new ApiError(400, "context_length_exceeded", ""), "tooLong"],
    [new ApiError(413, "413", ""), "requestTooLarge"],
    [new ApiError(400, "invalid_value", "", "model"), "noSound"],
    [new ApiError(400, "invalid_audio", "No speech was found in the audio."), "noSpeech"],
    [new ApiError(503, "", ""), "failed"],
    [new Unreachable(), "unreachable"],
    [new TypeError("crypto.randomUUID is not a function"), "pageFailed"],
  ])("sorts errors by what to do about them: %o", (error, kind) => {
    expect(faultOf(error)).toMatchObject({ kind });
  });

  it("leaves to the server what only it can explain", () => {
    expect(faultOf(new ApiError(400, "invalid_value", "No such voice.", "audio.voice"))).toEqual({
      kind: "refusedRequest",
      message: "No such voice.",
    });
  });
});
