import { describe, expect, it } from "vitest";

import { formatBytes, formatPercent } from "./numbers";

describe("formatBytes", () => {
  it("uses the unit in which the figure is short", () => {
    expect(formatBytes(145_217_532, "en")).toBe("145 MB");
    expect(formatBytes(1_117_320_768, "en")).toBe("1.1 GB");
  });

  it("speaks the page's language", () => {
    expect(formatBytes(1_117_320_768, "fr").replace(/\s/gu, " ")).toBe("1,1 Go");
  });

  it("knows that nothing is nothing", () => {
    expect(formatBytes(0, "en")).toBe("0 bytes");
  });
});

describe("formatPercent", () => {
  it("says nothing is done before it is", () => {
    expect(formatPercent(0.999, "en")).toBe("99%");
    expect(formatPercent(1, "en")).toBe("100%");
  });
});
