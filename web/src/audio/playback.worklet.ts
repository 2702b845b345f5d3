/** The queue, in the thread that plays. */

import type { ToPlayback } from "./playbackMessages";
import { PlaybackQueue } from "./playbackQueue";

class Playback extends AudioWorkletProcessor {
  private readonly queue = new PlaybackQueue((message) => {
    this.port.postMessage(message);
  });

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToPlayback>) => {
      this.queue.receive(data);
    };
  }

  override process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output !== undefined) this.queue.render(output);
    return true;
  }
}

registerProcessor("playback", Playback);
