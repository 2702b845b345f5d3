/** What plays the queue: a worklet, or the page's own thread where browsers give no worklets to pages of plain http. */

import type { FromPlayback, ToPlayback } from "./playbackMessages";
import { PlaybackQueue } from "./playbackQueue";
import playbackUrl from "./playback.worklet.ts?worker&url";

/** Samples that are asked for at a time in the page's thread: 43 ms. */
const SCRIPTED_SAMPLES = 1024;

export interface PlaybackOutput {
  readonly send: (message: ToPlayback) => void;
}

/** Connected to the loudspeaker. Rejects where the worklet's code cannot be fetched. */
export async function openOutput(context: AudioContext, tell: (message: FromPlayback) => void): Promise<PlaybackOutput> {
  return window.isSecureContext ? openWorklet(context, tell) : openScript(context, tell);
}

async function openWorklet(context: AudioContext, tell: (message: FromPlayback) => void): Promise<PlaybackOutput> {
  await context.audioWorklet.addModule(playbackUrl);
  const node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
  node.port.onmessage = ({ data }: MessageEvent<FromPlayback>) => {
    tell(data);
  };
  node.connect(context.destination);
  return {
    send: (message) => {
      node.port.postMessage(message);
    },
  };
}

function openScript(context: AudioContext, tell: (message: FromPlayback) => void): PlaybackOutput {
  const queue = new PlaybackQueue(tell);
  // Deprecated, but its successor is the worklet.
  const node = context.createScriptProcessor(SCRIPTED_SAMPLES, 0, 1);
  node.onaudioprocess = ({ outputBuffer }) => {
    const output = outputBuffer.getChannelData(0);
    output.fill(0);
    queue.render(output);
  };
  node.connect(context.destination);
  return {
    send: (message) => {
      queue.receive(message);
    },
  };
}
