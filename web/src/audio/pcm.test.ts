import { describe, expect, it } from "vitest";

import { bytesOf, fromBase64, levelOf, peaksOf, samplesOf, toBase64, toFloat32, toInt16, wavOf } from "./pcm";

describe("pcm", () => {
  it("survives the way through base64", () => {
    const samples = Int16Array.from({ length: 40_000 }, (_, at) => (at * 7919) % 65_536 - 32_768);
    expect(samplesOf(fromBase64(toBase64(bytesOf(samples))))).toEqual(samples);
  });

  it("clips what is louder than full scale", () => {
    expect(toInt16(Float32Array.of(2, -2, 0))).toEqual(Int16Array.of(32_767, -32_767, 0));
  });

  it("is between -1 and 1 as floats", () => {
    expect(toFloat32(Int16Array.of(-32_768, 16_384))).toEqual(Float32Array.of(-1, 0.5));
  });

  it("leaves out half a sample at the end", () => {
    expect(samplesOf(Uint8Array.of(1, 0, 2))).toEqual(Int16Array.of(1));
  });

  it("has no level in silence, nor where there is nothing", () => {
    expect(levelOf(new Int16Array(10))).toBe(0);
    expect(levelOf(new Int16Array(0))).toBe(0);
  });

  it("has a peak for each bar", () => {
    expect(peaksOf(Int16Array.of(0, 16_384, 0, -32_768), 2)).toEqual([0.5, 1]);
  });

  it("becomes a WAV file of its own length", () => {
    expect(wavOf(new Int16Array(100)).size).toBe(244);
  });
});
