/** Hands on what the microphone hears, in stretches of 20 ms. */

const STRETCH = 480;

class Capture extends AudioWorkletProcessor {
  private stretch = new Float32Array(STRETCH);
  private filled = 0;

  override process(inputs: Float32Array[][]): boolean {
    for (const sample of inputs[0]?.[0] ?? []) {
      this.stretch[this.filled++] = sample;
      if (this.filled === STRETCH) {
        this.port.postMessage(this.stretch, [this.stretch.buffer]);
        this.stretch = new Float32Array(STRETCH);
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("capture", Capture);
