import { describe, expect, it } from "vitest";

import { authorityHost, environmentOf } from "./environment";

const server = { tls_port: 9443, program: "antiphon", folder_options: "", server_options: "" };

describe("authorityHost", () => {
  it("is the server itself where the page came over https, under its prefix", () => {
    expect(authorityHost(new URL("https://voice.example.org/antiphon/"), server)).toBe("https://voice.example.org/antiphon");
  });

  it("is the server's port of https where the page came over http", () => {
    expect(authorityHost(new URL("http://localhost:8080/"), server)).toBe("https://localhost:9443");
  });
});

describe("environmentOf", () => {
  it("signs in with the secret", () => {
    expect(environmentOf({ clientId: "c", secret: "s" }, "https://localhost:8443").split("\n")).toEqual([
      "export AZURE_TENANT_ID=416e7469-7068-4f6e-8000-000000000001",
      "export AZURE_CLIENT_ID=c",
      "export AZURE_CLIENT_SECRET=s",
      "export AZURE_AUTHORITY_HOST=https://localhost:8443",
    ]);
  });

  it("signs in with a federated token where there is no secret", () => {
    const lines = environmentOf({ clientId: "c", secret: null }, "https://localhost:8443");
    expect(lines).toContain("AZURE_FEDERATED_TOKEN_FILE=token");
    expect(lines).not.toContain("SECRET");
  });
});
