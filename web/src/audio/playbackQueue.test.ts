import { describe, expect, it } from "vitest";

import type { FromPlayback } from "./playbackMessages";
import { PlaybackQueue } from "./playbackQueue";

const speech = (length: number): Float32Array => new Float32Array(length).fill(0.5);

function queue(): { queue: PlaybackQueue; told: FromPlayback[] } {
  const told: FromPlayback[] = [];
  return { queue: new PlaybackQueue((message) => told.push(message)), told };
}

describe("PlaybackQueue", () => {
  it.each([128, 1024])("plays stretches one after the other, %i samples at a time", (block) => {
    const { queue: playing, told } = queue();
    playing.receive({ type: "play", id: "a", samples: speech(1500) });
    playing.receive({ type: "play", id: "b", samples: speech(500) });
    playing.receive({ type: "end", id: "a" });
    playing.receive({ type: "end", id: "b" });
    let sounding = 0;
    for (let at = 0; at < 2048; at += block) {
      const output = new Float32Array(block);
      playing.render(output);
      sounding += output.filter((sample) => sample !== 0).length;
    }
    expect(sounding).toBe(2000);
    expect(told.filter(({ type }) => type === "ended")).toEqual([
      { type: "ended", id: "a", played: 1500 },
      { type: "ended", id: "b", played: 500 },
    ]);
  });

  it("tells to the sample what was played of what is cleared", () => {
    const { queue: playing, told } = queue();
    playing.receive({ type: "play", id: "a", samples: speech(5000) });
    playing.render(new Float32Array(1024));
    playing.receive({ type: "clear" });
    expect(told.at(-1)).toEqual({ type: "cleared", id: "a", played: { a: 1024 } });
    const after = new Float32Array(1024);
    playing.render(after);
    expect(after.every((sample) => sample === 0)).toBe(true);
  });

  it("is silent while it is paused, and goes on where it was", () => {
    const { queue: playing } = queue();
    playing.receive({ type: "play", id: "a", samples: speech(256) });
    playing.receive({ type: "pause", paused: true });
    const silent = new Float32Array(128);
    playing.render(silent);
    expect(silent.every((sample) => sample === 0)).toBe(true);
    playing.receive({ type: "pause", paused: false });
    const sounding = new Float32Array(128);
    playing.render(sounding);
    expect(sounding.every((sample) => sample === 0.5)).toBe(true);
  });
});
