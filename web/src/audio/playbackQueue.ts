/** Plays what it is given, in order, and counts what it has played of each stretch, to the sample. */

import type { FromPlayback, ToPlayback } from "./playbackMessages";

interface Stretch {
  readonly id: string;
  readonly samples: Float32Array;
}

/** Progress is told so often: every 21 ms, where as little is asked for at a time. */
const SAMPLES_A_REPORT = 512;

export class PlaybackQueue {
  private queue: Stretch[] = [];
  private offset = 0;
  private readonly played = new Map<string, number>();
  private readonly ending = new Set<string>();
  private paused = false;
  private unreported = 0;
  private energy = 0;
  private readonly tell: (message: FromPlayback) => void;

  constructor(tell: (message: FromPlayback) => void) {
    this.tell = tell;
  }

  /** The next samples, into an `output` of zeros. */
  render(output: Float32Array): void {
    let current: string | null = null;
    for (let at = 0; !this.paused && at < output.length; ) {
      const stretch = this.queue[0];
      if (stretch === undefined) break;
      current = stretch.id;
      const part = stretch.samples.subarray(this.offset, this.offset + output.length - at);
      output.set(part, at);
      for (const sample of part) this.energy += sample * sample;
      at += part.length;
      this.offset += part.length;
      this.played.set(stretch.id, (this.played.get(stretch.id) ?? 0) + part.length);
      if (this.offset === stretch.samples.length) this.next(stretch.id);
    }
    this.unreported += output.length;
    if (this.unreported >= SAMPLES_A_REPORT) {
      const level = Math.sqrt(this.energy / this.unreported);
      this.tell({ type: "progress", id: current, played: current === null ? 0 : (this.played.get(current) ?? 0), level });
      this.unreported = 0;
      this.energy = 0;
    }
  }

  receive(message: ToPlayback): void {
    switch (message.type) {
      case "play":
        this.queue.push({ id: message.id, samples: message.samples });
        break;
      case "end":
        if (this.isQueued(message.id)) this.ending.add(message.id);
        else this.finish(message.id);
        break;
      case "pause":
        this.paused = message.paused;
        break;
      case "clear": {
        const current = this.queue[0]?.id ?? null;
        this.queue = [];
        this.offset = 0;
        this.ending.clear();
        this.tell({ type: "cleared", id: current, played: Object.fromEntries(this.played) });
        this.played.clear();
      }
    }
  }

  private next(id: string): void {
    this.queue.shift();
    this.offset = 0;
    if (this.ending.has(id) && !this.isQueued(id)) this.finish(id);
  }

  private isQueued(id: string): boolean {
    return this.queue.some((stretch) => stretch.id === id);
  }

  private finish(id: string): void {
    this.ending.delete(id);
    this.tell({ type: "ended", id, played: this.played.get(id) ?? 0 });
    this.played.delete(id);
  }
}
