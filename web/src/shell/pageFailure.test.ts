import { afterEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { baseURI: "http://localhost:8080/portal/" });
const { entryOf, faultOf, PageNotLoaded } = await import("./pageFailure");

const page = (script: string): string =>
  `<head><script type="module" crossorigin nonce="abc" src="./assets/${script}"></script></head>`;

function answering(respond: () => Response): void {
  vi.stubGlobal("fetch", () => Promise.resolve().then(respond));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("entryOf", () => {
  it("is the script's file", () => {
    expect(entryOf(page("index-1a2b.js"))).toBe("index-1a2b.js");
  });

  it("is nothing where there is no script", () => {
    expect(entryOf("<p>502 Bad Gateway</p>")).toBeNull();
  });
});

describe("faultOf", () => {
  const notLoaded = new PageNotLoaded(new TypeError("Failed to fetch dynamically imported module"));

  it("is an upgrade where the server has another entry script", async () => {
    answering(() => new Response(page("index-new.js")));
    expect(await faultOf(notLoaded, "index-old.js")).toBe("upgraded");
  });

  it("is the way to the server where it has the same", async () => {
    answering(() => new Response(page("index-old.js")));
    expect(await faultOf(notLoaded, "index-old.js")).toBe("unreachable");
  });

  it.each([
    ["does not answer", () => { throw new TypeError("Failed to fetch"); }],
    ["has a proxy that answers in its place", () => new Response("<p>Bad Gateway</p>", { status: 502 })],
    ["has a proxy whose page is none of ours", () => new Response("<p>Please sign in</p>")],
  ])("is the way to the server where that %s", async (_how, respond) => {
    answering(respond);
    expect(await faultOf(notLoaded, "index-old.js")).toBe("unreachable");
  });

  it("is the page itself where its code was there", async () => {
    answering(() => new Response(page("index-new.js")));
    expect(await faultOf(new RangeError("x"), "index-old.js")).toBe("failed");
  });
});
