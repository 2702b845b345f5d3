/** 16-bit PCM, mono: the form in which the service takes and gives speech. */

/** Samples a second of all speech, in both directions. */
export const SAMPLE_RATE = 24_000;

export function milliseconds(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE;
}

export function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
}

export function toFloat32(samples: Int16Array): Float32Array<ArrayBuffer> {
  const converted = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at++) converted[at] = (samples[at] ?? 0) / 32_768;
  return converted;
}

export function concatenated(stretches: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(stretches.reduce((length, stretch) => length + stretch.length, 0));
  let at = 0;
  for (const stretch of stretches) {
    whole.set(stretch, at);
    at += stretch.length;
  }
  return whole;
}

/** Little-endian bytes in base64, as `input_audio_buffer.append` and `input_audio.data` want them. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Samples of little-endian bytes; an odd byte at the end is left out. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const even = bytes.byteLength - (bytes.byteLength % 2);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + even));
}

/** A WAV file of the samples. */
export function wavOf(samples: Int16Array, sampleRate: number = SAMPLE_RATE): Blob {
  const header = new DataView(new ArrayBuffer(44));
  const write = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) header.setUint8(at + i, text.charCodeAt(i));
  };
  write(0, "RIFF");
  header.setUint32(4, 36 + samples.byteLength, true);
  write(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, sampleRate, true);
  header.setUint32(28, sampleRate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  write(36, "data");
  header.setUint32(40, samples.byteLength, true);
  return new Blob([header, samples.slice()], { type: "audio/wav" });
}

/** Root mean square of the samples, 0 to 1. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += (sample / 32_768) ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** The loudest sample of each of `count` equal stretches, 0 to 1: what a waveform draws. */
export function peaksOf(samples: Int16Array, count: number): number[] {
  const peaks: number[] = [];
  for (let bar = 0; bar < count; bar++) {
    const end = Math.floor(((bar + 1) * samples.length) / count);
    let peak = 0;
    for (let at = Math.floor((bar * samples.length) / count); at < end; at++) {
      peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    }
    peaks.push(peak / 32_768);
  }
  return peaks;
}
