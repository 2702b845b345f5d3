import { describe, expect, it } from "vitest";

import { DEFAULTS, readSettings } from "./settings";

describe("readSettings", () => {
  it("gives back what was stored", () => {
    const settings = { ...DEFAULTS, voice: "sage", format: "mp3" as const, temperature: 0, isAloud: false };
    expect(readSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it("falls back to the default for each value that makes no sense", () => {
    expect(readSettings({ voice: 3, format: "midi", temperature: 9, maxTokens: "many", speaks: null })).toEqual(DEFAULTS);
    expect(readSettings(null)).toEqual(DEFAULTS);
  });
});
