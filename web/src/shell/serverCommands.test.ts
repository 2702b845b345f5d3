import { describe, expect, it } from "vitest";

import { commandAboutFolder, commandAboutServer, secureRoot, type ServerFacts } from "./serverCommands";

const server: ServerFacts = {
  tls_port: 9443,
  program: "/opt/bin/antiphon",
  folder_options: " --data '/srv/my data'",
  server_options: " --port 9000 --data '/srv/my data'",
};

describe("commands", () => {
  it("are those of the server that runs", () => {
    expect(commandAboutServer(server, "env --key")).toBe("/opt/bin/antiphon env --key --port 9000 --data '/srv/my data'");
    expect(commandAboutFolder(server, "keys list")).toBe("/opt/bin/antiphon keys list --data '/srv/my data'");
  });
});

describe("secureRoot", () => {
  it.each([
    ["http://voice.lan:9000/", "https://voice.lan:9443/"],
    ["http://192.0.2.5:8080/antiphon/", "https://192.0.2.5:9443/antiphon/"],
    ["http://[2001:db8::5]:8080/", "https://[2001:db8::5]:9443/"],
    ["http://voice.lan/", "https://voice.lan:9443/"],
    ["https://voice.example.org/antiphon/", "https://voice.example.org/antiphon/"],
  ])("of %s is %s", (root, secure) => {
    expect(secureRoot(new URL(root), server)?.href).toBe(secure);
  });

  it("is none where the server serves http alone", () => {
    expect(secureRoot(new URL("http://voice.lan:8080/"), { ...server, tls_port: null })).toBeNull();
  });
});
