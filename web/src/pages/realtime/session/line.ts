/** What carries a session's events: a WebSocket, with audio in them, or a call, whose audio travels beside them. */

import { fetchFrom, serverUrl } from "../../../api/http";
import { API_VERSION, CALL_PATH, PATH } from "./wire";

export interface LineListener {
  readonly onFrame: (frame: string) => void;
  /** Once, unless the page itself has closed it. */
  readonly onClosed: () => void;
  /** How loud the model is, some fifty times a second; only a call tells. */
  readonly onLevel: (level: number) => void;
}

export interface Line {
  /** Whether it was sent. */
  send(frame: string): boolean;
  /** The microphone that is heard from now on; only a call listens by itself. */
  setMicrophone(track: MediaStreamTrack | null): void;
  setSpeaking(isSpeaking: boolean): void;
  close(): void;
}

export class SocketLine implements Line {
  private readonly socket: WebSocket;

  constructor(deployment: string, listener: LineListener) {
    const url = serverUrl(PATH, { "api-version": API_VERSION, deployment });
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(url);
    this.socket.onmessage = ({ data }: MessageEvent<string>) => {
      listener.onFrame(data);
    };
    this.socket.onclose = listener.onClosed;
  }

  send(frame: string): boolean {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(frame);
    return true;
  }

  setMicrophone(): void {
    // What is heard comes in events.
  }

  setSpeaking(): void {
    // Likewise.
  }

  close(): void {
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
  }
}

const LEVEL_EVERY_MS = 20;

export class CallLine implements Line {
  private readonly peer = new RTCPeerConnection();
  private readonly channel = this.peer.createDataChannel("oai-events");
  private readonly sender = this.peer.addTransceiver("audio").sender;
  private readonly player = new Audio();
  private readonly context = new AudioContext();
  private readonly analyser = this.context.createAnalyser();
  private readonly listener: LineListener;
  private readonly measuring: ReturnType<typeof setInterval>;
  private microphone: MediaStreamTrack | null = null;
  private isSpeaking = false;
  private isOver = false;

  constructor(deployment: string, listener: LineListener) {
    this.listener = listener;
    this.player.autoplay = true;
    this.channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (!this.isOver) listener.onFrame(data);
    };
    this.channel.onclose = this.end;
    this.peer.onconnectionstatechange = () => {
      if (this.peer.connectionState === "failed") this.end();
    };
    this.peer.ontrack = ({ track }) => {
      const stream = new MediaStream([track]);
      this.player.srcObject = stream;
      this.context.createMediaStreamSource(stream).connect(this.analyser);
    };
    this.analyser.fftSize = 1024;
    const samples = new Float32Array(this.analyser.fftSize);
    this.measuring = setInterval(() => {
      this.analyser.getFloatTimeDomainData(samples);
      listener.onLevel(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
    }, LEVEL_EVERY_MS);
    this.call(deployment).catch(this.end);
  }

  send(frame: string): boolean {
    if (this.channel.readyState !== "open") return false;
    this.channel.send(frame);
    return true;
  }

  setMicrophone(track: MediaStreamTrack | null): void {
    this.microphone?.stop();
    this.microphone = track?.clone() ?? null; // The page goes on measuring its own, whether it is sent or not.
    this.setSpeaking(this.isSpeaking);
    void this.sender.replaceTrack(this.microphone);
  }

  setSpeaking(isSpeaking: boolean): void {
    this.isSpeaking = isSpeaking;
    if (this.microphone !== null) this.microphone.enabled = isSpeaking;
  }

  close(): void {
    this.isOver = true;
    clearInterval(this.measuring);
    this.microphone?.stop();
    this.player.srcObject = null;
    void this.context.close();
    this.peer.close();
  }

  /** Where the server is, its answer tells; where the page is, the server learns from what it gets. */
  private async call(deployment: string): Promise<void> {
    await this.peer.setLocalDescription();
    const body = { sdp: this.peer.localDescription?.sdp };
    const answered = await fetchFrom(CALL_PATH, { method: "POST", query: { model: deployment }, body });
    await this.peer.setRemoteDescription({ type: "answer", sdp: await answered.text() });
  }

  private readonly end = (): void => {
    if (this.isOver) return;
    this.close();
    this.listener.onClosed();
  };
}
