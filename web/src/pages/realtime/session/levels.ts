/** How loud either side was in the last seconds: kept apart from the page's state, which fifty changes a second would wear out. */

/** One level for each 20 ms, some eight seconds. */
const KEPT = 400;

export type Side = "user" | "model";

export class Levels {
  private readonly heard: Readonly<Record<Side, Float32Array>> = {
    user: new Float32Array(KEPT),
    model: new Float32Array(KEPT),
  };
  private readonly next: Record<Side, number> = { user: 0, model: 0 };

  /** Root mean squares, 0 to 1. */
  add(side: Side, level: number): void {
    this.heard[side][this.next[side] % KEPT] = level;
    this.next[side]++;
  }

  /** The loudest of each of the last `count` groups of `size` levels, oldest first. Groups do not shift as time goes on. */
  groups(side: Side, count: number, size: number): readonly number[] {
    const last = Math.floor(this.next[side] / size);
    return Array.from({ length: count }, (_, at) => {
      const group = last - count + at;
      let loudest = 0;
      for (let index = group * size; index < (group + 1) * size; index++) {
        if (index >= 0) loudest = Math.max(loudest, this.heard[side][index % KEPT] ?? 0);
      }
      return loudest;
    });
  }

  /** Just now. */
  latest(side: Side): number {
    return this.next[side] === 0 ? 0 : (this.heard[side][(this.next[side] - 1) % KEPT] ?? 0);
  }
}
