/** A recording in the making. */

import { Microphone } from "./microphone";
import { concatenated, milliseconds } from "./pcm";

/** How a recording stands, told as often as the microphone gives something. */
export interface Recorded {
  readonly elapsedMs: number;
  /** Root mean square of the last moment, 0 to 1. */
  readonly level: number;
}

export class Recorder {
  private readonly microphone: Microphone;
  private readonly heard: Int16Array[] = [];
  private samples = 0;

  private constructor(microphone: Microphone, onRecorded: (recorded: Recorded) => void, onUnplugged: () => void) {
    this.microphone = microphone;
    microphone.listen((samples, level) => {
      this.heard.push(samples);
      this.samples += samples.length;
      onRecorded({ elapsedMs: milliseconds(this.samples), level });
    });
    microphone.onUnplugged(onUnplugged);
  }

  /** Rejects with `MicrophoneError`. */
  static async start(onRecorded: (recorded: Recorded) => void, onUnplugged: () => void): Promise<Recorder> {
    return new Recorder(await Microphone.open(), onRecorded, onUnplugged);
  }

  /** Closes the microphone. All that was heard, at 24 kHz. */
  stop(): Int16Array {
    this.microphone.close();
    return concatenated(this.heard);
  }
}
