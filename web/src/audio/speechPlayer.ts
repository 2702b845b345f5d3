/** Plays one stretch of speech at a time, whole or still arriving: pause, seek, and where it is. */

import { Playback, type Progress } from "./playback";
import { concatenated, SAMPLE_RATE } from "./pcm";

/** Where one stretch of speech is in its playing. */
export interface Playing {
  readonly isPlaying: boolean;
  readonly positionMs: number;
}

const SILENT: Playing = { isPlaying: false, positionMs: 0 };

/** Those who look are told of progress in steps no shorter than this. */
const STEP_MS = 60;

export class SpeechPlayer {
  private playback: Promise<Playback> | null = null;
  /** What is played, under the name that its owner gave it; null while nothing is. */
  private current: string | null = null;
  private samples: Int16Array[] = [];
  private isWhole = false;
  private startMs = 0;
  /** Each beginning is a run of its own to the loudspeaker, so that what it still tells of older ones is known. */
  private run = 0;
  private state: Playing = SILENT;
  private readonly listeners = new Set<() => void>();

  /** Open the loudspeaker, in answer to a click or a key: browsers play nothing before one. */
  prepare(): void {
    this.send(() => undefined);
  }

  /** Play from the beginning, or from `fromMs`, in place of what plays. More may come by `feed`, until `finish`. */
  start(name: string, samples: readonly Int16Array[], { isWhole = true, fromMs = 0 } = {}): void {
    this.current = name;
    this.samples = [...samples];
    this.isWhole = isWhole;
    this.playFrom(fromMs);
  }

  /** The next of what is arriving; passed over unless `name` is what plays. */
  feed(name: string, samples: Int16Array): void {
    if (name !== this.current) return;
    this.samples.push(samples);
    const run = String(this.run);
    this.send((playback) => {
      playback.play(run, samples);
    });
  }

  /** No more of `name` will come. */
  finish(name: string): void {
    if (name !== this.current) return;
    this.isWhole = true;
    const run = String(this.run);
    this.send((playback) => {
      playback.end(run);
    });
  }

  pause(): void {
    this.tell({ ...this.state, isPlaying: false });
    this.send((playback) => {
      playback.setPaused(true);
    });
  }

  resume(): void {
    this.tell({ ...this.state, isPlaying: true });
    this.send((playback) => {
      playback.setPaused(false);
    });
  }

  /** Fall silent and forget what was played. */
  stop(): void {
    if (this.current === null) return;
    this.current = null;
    this.run++;
    this.send((playback) => {
      void playback.clear();
    });
    this.tell(SILENT);
  }

  stateOf(name: string): Playing {
    return name === this.current ? this.state : SILENT;
  }

  /** Whether `name` was begun and has not ended, paused or not. */
  isOpen(name: string): boolean {
    return name === this.current;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  private playFrom(fromMs: number): void {
    const run = String(++this.run);
    const rest = concatenated(this.samples).subarray(Math.round((fromMs * SAMPLE_RATE) / 1000));
    const { isWhole } = this;
    this.startMs = fromMs;
    this.send((playback) => {
      void playback.clear();
      playback.setPaused(false);
      if (rest.length > 0) playback.play(run, rest);
      if (isWhole) playback.end(run);
    });
    this.tell({ isPlaying: true, positionMs: fromMs });
  }

  private send(command: (playback: Playback) => void): void {
    // Where there is no loudspeaker there is still the transcript.
    this.open().then(command, () => {
      this.tell(SILENT);
    });
  }

  private open(): Promise<Playback> {
    this.playback ??= Playback.open().catch((error: unknown) => {
      this.playback = null; // The next who wants to hear something tries again.
      throw error;
    }).then((playback) => {
      playback.onProgress((progress) => {
        this.follow(progress);
      });
      playback.onEnded((run) => {
        if (run !== String(this.run)) return;
        this.current = null;
        this.tell(SILENT);
      });
      return playback;
    });
    return this.playback;
  }

  private follow({ id, playedMs }: Progress): void {
    if (id !== String(this.run) || !this.state.isPlaying) return;
    const positionMs = this.startMs + playedMs;
    if (Math.abs(positionMs - this.state.positionMs) >= STEP_MS) this.tell({ isPlaying: true, positionMs });
  }

  private tell(state: Playing): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
