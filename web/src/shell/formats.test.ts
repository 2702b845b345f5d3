import { describe, expect, it } from "vitest";

import { formatsOf, localeOf } from "./formats";

const formats = formatsOf("en", () => 1_000_000);

describe("formats", () => {
  it.each([
    [999_970, "30 seconds ago"],
    [1_000_000 - 3 * 3600 - 100, "3 hours ago"],
    [1_000_000 + 2 * 86400, "in 2 days"],
    [1_000_000 - 86400, "yesterday"],
  ])("tells %d as %s", (unixSeconds, words) => {
    expect(formats.relative(unixSeconds)).toBe(words);
  });

  it.each([
    [0, "0 byte"],
    [950_000, "950 kB"],
    [1_000_000, "1 MB"],
    [3_240_000_000, "3.2 GB"],
  ])("tells %d bytes as %s", (bytes, words) => {
    expect(formats.bytes(bytes)).toBe(words);
  });

  it("are those of the language", () => {
    expect(formatsOf("it").number(1234567)).toBe("1.234.567");
  });
});

describe("localeOf", () => {
  it("takes the browser's variety of the language", () => {
    expect(localeOf("en", ["fr-CH", "en-GB"])).toBe("en-GB");
    expect(localeOf("it", ["fr-CH", "en-GB"])).toBe("it");
  });
});
