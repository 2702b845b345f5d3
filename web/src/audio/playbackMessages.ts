/** What the page and its playback worklet say to each other. `played` counts samples. */

export type ToPlayback =
  | { readonly type: "play"; readonly id: string; readonly samples: Float32Array }
  | { readonly type: "end"; readonly id: string }
  | { readonly type: "pause"; readonly paused: boolean }
  | { readonly type: "clear" };

export type FromPlayback =
  | { readonly type: "progress"; readonly id: string | null; readonly played: number; readonly level: number }
  | { readonly type: "ended"; readonly id: string; readonly played: number }
  | { readonly type: "cleared"; readonly id: string | null; readonly played: Readonly<Record<string, number>> };
