/** Sound that is sent with a message: recorded here, or a file. */

import { SAMPLE_RATE, toInt16, wavOf } from "../../audio/pcm";
import { newId } from "../../shell/ids";

export const MAX_CLIP_BYTES = 20 * 1024 * 1024;

/** What a recording here may last before its WAV file is as large as may be sent. */
export const MAX_RECORDING_MS = ((MAX_CLIP_BYTES - 44) / (SAMPLE_RATE * 2)) * 1000;

/** What the service reads; `format` of `input_audio`. */
export type ClipFormat = "wav" | "mp3" | "flac" | "ogg" | "webm" | "m4a" | "aac";

export interface Clip {
  readonly id: string;
  /** As its file is called, or null for what was recorded here. */
  readonly name: string | null;
  readonly format: ClipFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** To be heard and drawn; null where this browser cannot decode the file. */
  readonly samples: Int16Array | null;
}

export type ClipFault = "tooLarge" | "notAudio" | "empty";

export class ClipError extends Error {
  readonly fault: ClipFault;
  readonly fileName: string;

  constructor(fault: ClipFault, fileName: string) {
    super(fault);
    this.name = "ClipError";
    this.fault = fault;
    this.fileName = fileName;
  }
}

/** What a file is by its first bytes, whatever it is called; null if it is none of the formats. */
export function formatOf(bytes: Uint8Array): ClipFormat | null {
  const at = (offset: number, text: string): boolean =>
    [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0));
  const [first = 0, second = 0] = bytes;
  if (at(0, "RIFF") && at(8, "WAVE")) return "wav";
  if (at(0, "fLaC")) return "flac";
  if (at(0, "OggS")) return "ogg";
  if (at(0, "\x1aE\xdf\xa3")) return "webm";
  if (at(4, "ftyp")) return "m4a";
  if (at(0, "ID3")) return "mp3";
  if (first !== 0xff) return null;
  // The sync word of MPEG audio, then its layer: none is AAC in ADTS, the third is MP3.
  if ((second & 0xf6) === 0xf0) return "aac";
  return (second & 0xe6) === 0xe2 ? "mp3" : null;
}

export async function clipOfRecording(samples: Int16Array): Promise<Clip> {
  const bytes = new Uint8Array(await wavOf(samples).arrayBuffer());
  return { id: newId(), name: null, format: "wav", bytes, samples };
}

/**
 * What the service does not read but the browser does is sent as WAV.
 *
 * Rejects with `ClipError`.
 */
export async function clipOfFile(file: File): Promise<Clip> {
  if (file.size === 0) throw new ClipError("empty", file.name);
  if (file.size > MAX_CLIP_BYTES) throw new ClipError("tooLarge", file.name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const samples = await decoded(bytes);
  const format = formatOf(bytes);
  if (format !== null) return { id: newId(), name: file.name, format, bytes, samples };
  if (samples === null) throw new ClipError("notAudio", file.name);
  const clip = await clipOfRecording(samples);
  if (clip.bytes.length > MAX_CLIP_BYTES) throw new ClipError("tooLarge", file.name);
  return { ...clip, name: file.name };
}

/** The sound of a file at 24 kHz, its channels mixed to one; null if the browser cannot tell it. */
export async function decoded(bytes: Uint8Array<ArrayBuffer>): Promise<Int16Array | null> {
  try {
    const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
    const sound = await context.decodeAudioData(bytes.slice().buffer);
    const mixed = new Float32Array(sound.length);
    for (let channel = 0; channel < sound.numberOfChannels; channel++) {
      const samples = sound.getChannelData(channel);
      for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] ?? 0) + (samples[i] ?? 0) / sound.numberOfChannels;
    }
    return toInt16(mixed);
  } catch {
    return null;
  }
}

export function megabytes(bytes: number): number {
  return bytes / (1024 * 1024);
}
