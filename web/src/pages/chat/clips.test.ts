import { describe, expect, it } from "vitest";

import { wavOf } from "../../audio/pcm";
import { clipOfFile, clipOfRecording, formatOf, MAX_CLIP_BYTES, MAX_RECORDING_MS } from "./clips";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe("formatOf", () => {
  it.each([
    ["RIFF\x00\x00\x00\x00WAVEfmt ", "wav"],
    ["ID3\x04", "mp3"],
    ["\xff\xfb\x90\x64", "mp3"],
    ["\xff\xf3\x44\xc4", "mp3"],
    ["\xff\xf1\x50\x80", "aac"],
    ["fLaC", "flac"],
    ["OggS", "ogg"],
    ["\x1aE\xdf\xa3", "webm"],
    ["\x00\x00\x00\x1cftypM4A ", "m4a"],
    ["%PDF-1.7", null],
    ["RIFF\x00\x00\x00\x00AVI ", null],
    ["\xff\xd8\xff\xe0", null],
    ["", null],
  ])("goes by the first bytes: %j", (start, format) => {
    expect(formatOf(ascii(start))).toBe(format);
  });
});

describe("clipOfFile", () => {
  it("takes a file of 20 MB, and none that is larger", async () => {
    const wav = new Uint8Array(await wavOf(new Int16Array(10)).arrayBuffer());
    const largest = new Uint8Array(MAX_CLIP_BYTES);
    largest.set(wav);
    expect((await clipOfFile(new File([largest], "a.wav"))).bytes.length).toBe(MAX_CLIP_BYTES);
    await expect(clipOfFile(new File([largest, "x"], "b.wav"))).rejects.toMatchObject({ fault: "tooLarge", fileName: "b.wav" });
  });

  it("takes nothing that is not audio, whatever it is called", async () => {
    await expect(clipOfFile(new File(["Dear Sirs"], "letter.mp3"))).rejects.toMatchObject({ fault: "notAudio" });
  });
});

describe("clipOfRecording", () => {
  it("may be sent if it lasts no longer than the longest", async () => {
    const samples = new Int16Array(Math.floor((MAX_RECORDING_MS / 1000) * 24_000));
    expect((await clipOfRecording(samples)).bytes.length).toBeLessThanOrEqual(MAX_CLIP_BYTES);
  });
});
