import { describe, expect, it } from "vitest";

import { addressesOf } from "./addresses";

describe("the addresses of an account", () => {
  it("do not mind a slash at the end, or a prefix", () => {
    expect(addressesOf("https://voice.example/antiphon/")).toEqual({
      azure: "https://voice.example/antiphon",
      azureV1: "https://voice.example/antiphon/openai/v1",
      openai: "https://voice.example/antiphon/v1",
      realtime: "wss://voice.example/antiphon/openai/v1/realtime",
    });
  });

  it("have an open WebSocket where the endpoint is open", () => {
    expect(addressesOf("http://localhost:8080").realtime).toBe("ws://localhost:8080/openai/v1/realtime");
  });
});
