/** The loudspeaker: speech is played as it arrives, and it is known to the sample how much of it was. */

import { milliseconds, SAMPLE_RATE, toFloat32 } from "./pcm";
import type { FromPlayback, ToPlayback } from "./playbackMessages";
import { openOutput } from "./playbackOutput";

/** What is playing at this moment. */
export interface Progress {
  /** What `play` called it; null while nothing plays. */
  readonly id: string | null;
  /** How much of it was played. */
  readonly playedMs: number;
  /** Root mean square, 0 to 1. */
  readonly level: number;
}

/** What was playing when it was cut off. */
export interface Cleared {
  readonly id: string | null;
  /** By id, all that was played of what had not ended. */
  readonly playedMs: ReadonlyMap<string, number>;
}

/** Plays stretches of speech one after the other. Open it in answer to a click: browsers play nothing before one. */
export class Playback {
  private readonly context: AudioContext;
  private readonly progress = new Set<(progress: Progress) => void>();
  private readonly ended = new Set<(id: string, playedMs: number) => void>();
  private clearing: ((cleared: Cleared) => void)[] = [];
  private send: (message: ToPlayback) => void = () => undefined;

  private constructor(context: AudioContext) {
    this.context = context;
  }

  /** Rejects where what it needs of the server cannot be fetched. */
  static async open(): Promise<Playback> {
    const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
    const playback = new Playback(context);
    try {
      const output = await openOutput(context, (message) => {
        playback.receive(message);
      });
      playback.send = output.send;
      await context.resume();
      return playback;
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** Play the samples after all that is waiting. `id` is what they are part of, such as an item of the conversation. */
  play(id: string, samples: Int16Array): void {
    this.send({ type: "play", id, samples: toFloat32(samples) });
  }

  /** No more of `id` will come: `onEnded` is told once all of it was played. */
  end(id: string): void {
    this.send({ type: "end", id });
  }

  setPaused(paused: boolean): void {
    this.send({ type: "pause", paused });
  }

  /** Fall silent at once and forget what is waiting. Resolves to how much was played. */
  clear(): Promise<Cleared> {
    this.send({ type: "clear" });
    return new Promise((resolve) => this.clearing.push(resolve));
  }

  /** Told some fifty times a second, also while nothing plays. Returns how to stop listening. */
  onProgress(listener: (progress: Progress) => void): () => void {
    this.progress.add(listener);
    return () => void this.progress.delete(listener);
  }

  /** Told when all of an `end`ed id was played. Returns how to stop listening. */
  onEnded(listener: (id: string, playedMs: number) => void): () => void {
    this.ended.add(listener);
    return () => void this.ended.delete(listener);
  }

  close(): void {
    this.progress.clear();
    this.ended.clear();
    void this.context.close();
  }

  private receive(message: FromPlayback): void {
    switch (message.type) {
      case "progress": {
        const { id, played, level } = message;
        for (const listener of this.progress) listener({ id, playedMs: milliseconds(played), level });
        break;
      }
      case "ended":
        for (const listener of this.ended) listener(message.id, milliseconds(message.played));
        break;
      case "cleared": {
        const playedMs = new Map(Object.entries(message.played).map(([id, played]) => [id, milliseconds(played)]));
        this.clearing.shift()?.({ id: message.id, playedMs });
      }
    }
  }
}
