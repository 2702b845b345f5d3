/** The microphone, as 24 kHz PCM. */

import { remembered } from "../shell/remembered";
import captureUrl from "./capture.worklet.ts?worker&url";
import { levelOf, SAMPLE_RATE, toInt16 } from "./pcm";

/** Why there is no microphone: what to tell the user depends on it. */
export type MicrophoneFault = "refused" | "absent" | "busy" | "insecure" | "unplugged" | "notLoaded";

export class MicrophoneError extends Error {
  readonly fault: MicrophoneFault;

  constructor(fault: MicrophoneFault) {
    super(fault);
    this.name = "MicrophoneError";
    this.fault = fault;
  }
}

/** Samples of the microphone, some 20 ms at a time, and how loud they are, 0 to 1. */
export type Listener = (samples: Int16Array, level: number) => void;

/** Whether the browser may clean up what it hears (echo, noise, gain): on, unless someone turned it off. */
const processing = remembered("audio-processing", (value): value is "off" => value === "off");

/** An open microphone. It stays open, and the browser says so, until `close`. */
export class Microphone {
  /** While true, listeners get silence in place of what is heard. */
  muted = false;

  private readonly context: AudioContext;
  private readonly stream: MediaStream;
  private readonly listeners = new Set<Listener>();
  private readonly unplugged = new Set<() => void>();

  private constructor(context: AudioContext, stream: MediaStream, capture: AudioWorkletNode) {
    this.context = context;
    this.stream = stream;
    capture.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      this.hear(data);
    };
    stream.getAudioTracks()[0]?.addEventListener("ended", () => {
      for (const listener of this.unplugged) listener();
    });
  }

  /** Rejects with `MicrophoneError`. Without `deviceId` it is the browser's choice. */
  static async open(deviceId?: string): Promise<Microphone> {
    const stream = await openStream(deviceId);
    const context = new AudioContext({ sampleRate: SAMPLE_RATE });
    try {
      await context.audioWorklet.addModule(captureUrl).catch(() => {
        throw new MicrophoneError("notLoaded"); // The server is away, or has other files by now.
      });
      await context.resume();
      const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
      context.createMediaStreamSource(stream).connect(capture);
      return new Microphone(context, stream, capture);
    } catch (error) {
      // The browser goes on telling that the microphone is in use until its tracks are stopped.
      for (const track of stream.getTracks()) track.stop();
      void context.close();
      throw error;
    }
  }

  /** The device that it is, by the id of `microphones()`. */
  get deviceId(): string | undefined {
    return this.stream.getAudioTracks()[0]?.getSettings().deviceId;
  }

  /** What it hears, for a call; muting it there is the call's business. */
  get track(): MediaStreamTrack | null {
    return this.stream.getAudioTracks()[0] ?? null;
  }

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Be told when the device goes away. Returns how to stop listening. */
  onUnplugged(listener: () => void): () => void {
    this.unplugged.add(listener);
    return () => void this.unplugged.delete(listener);
  }

  close(): void {
    this.listeners.clear();
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }

  private hear(heard: Float32Array): void {
    const samples = this.muted ? new Int16Array(heard.length) : toInt16(heard);
    const level = levelOf(samples);
    for (const listener of this.listeners) listener(samples, level);
  }
}

/** The devices there are. Their names are empty until the user has allowed the use of one. */
export async function microphones(): Promise<readonly MediaDeviceInfo[]> {
  if (!window.isSecureContext) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "audioinput");
}

async function openStream(deviceId: string | undefined): Promise<MediaStream> {
  // Without https, browsers give microphones to pages of localhost alone.
  if (!window.isSecureContext) throw new MicrophoneError("insecure");
  const cleansUp = processing.get() !== "off";
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {
        channelCount: 1,
        echoCancellation: cleansUp,
        noiseSuppression: cleansUp,
        autoGainControl: cleansUp,
        ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
      },
    });
  } catch (error) {
    throw new MicrophoneError(faultOf(error));
  }
}

function faultOf(error: unknown): MicrophoneFault {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return "busy";
}
