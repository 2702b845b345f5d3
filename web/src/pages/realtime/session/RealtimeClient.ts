/** The shell around the conversation: a socket, a microphone and a loudspeaker, which do what `step` says. */

import { Microphone, MicrophoneError } from "../../../audio/microphone";
import { Playback } from "../../../audio/playback";
import { bytesOf, concatenated, fromBase64, samplesOf, toBase64 } from "../../../audio/pcm";
import { newId } from "../../../shell/ids";
import { isStreaming } from "./activity";
import { step } from "./conversation";
import { diagnose } from "./diagnosis";
import { EventLog } from "./eventLog";
import { Levels } from "./levels";
import { CallLine, SocketLine, type Line } from "./line";
import type { Settings } from "./settings";
import { initialState, type Effect, type Input, type State } from "./state";
import { lastSoundAt, type Heard } from "./turns";
import { parse, type ClientEvent } from "./wire";

/** Stretches of 20 ms that go into one event. */
const STRETCHES_AN_EVENT = 2;
/** How often the page is told of what arrives, in milliseconds. */
const TOLD_EVERY_MS = 30;
/** How long before an utterance is noticed its sounds are kept, in milliseconds. */
const BEFORE_SPEECH_MS = 1_000;

export class RealtimeClient {
  readonly log = new EventLog();
  readonly levels = new Levels();

  private readonly account: string;
  private state: State;
  private shown: State;
  private readonly listeners = new Set<() => void>();
  private telling: ReturnType<typeof setTimeout> | null = null;
  private retrying: ReturnType<typeof setTimeout> | null = null;
  private line: Line | null = null;
  private microphone: Microphone | null = null;
  /** Counts the attempts to open a microphone: only the last one matters. */
  private openings = 0;
  private playback: Promise<Playback> | null = null;
  private playing: string | null = null;
  private unsentAudio: Int16Array[] = [];
  private heard: Heard[] = [];

  /** `account` is the account's resource id. */
  constructor(account: string, settings: Settings) {
    this.account = account;
    this.state = this.shown = initialState(settings);
  }

  readonly snapshot = (): State => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  // --- what the user does ---------------------------------------------------------------------------------------------

  /** Open the microphone and a session. Call it in answer to a click: browsers play nothing before one. */
  startListening(deviceId?: string): void {
    this.withLoudspeaker();
    void this.openMicrophone(deviceId);
    this.dispatch({ type: "connect" });
  }

  stopListening(): void {
    this.closeMicrophone();
    this.dispatch({ type: "disconnect" });
  }

  /** The same, for whoever is handed it. */
  readonly stop = (): void => {
    this.stopListening();
  };

  /** Hear the user by another device, while the session goes on. */
  async openMicrophone(deviceId?: string): Promise<void> {
    this.closeMicrophone();
    const opening = this.openings;
    this.dispatch({ type: "microphone", state: "opening", fault: null });
    try {
      const microphone = await Microphone.open(deviceId);
      if (opening !== this.openings) {
        microphone.close(); // Meanwhile the user has stopped listening, or chosen another.
        return;
      }
      microphone.muted = this.state.isMuted;
      microphone.listen((samples, level) => {
        this.hear(samples, level);
      });
      microphone.onUnplugged(() => {
        microphone.close();
        this.microphone = null;
        this.dispatch({ type: "releasedByAccident", at: performance.now() });
        this.dispatch({ type: "microphone", state: "off", fault: "unplugged" });
      });
      this.microphone = microphone;
      this.line?.setMicrophone(microphone.track);
      this.dispatch({ type: "microphone", state: "on", fault: null });
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      if (opening !== this.openings) return;
      this.dispatch({ type: "microphone", state: "off", fault: error.fault });
    }
  }

  get microphoneId(): string | undefined {
    return this.microphone?.deviceId;
  }

  setMuted(isMuted: boolean): void {
    if (this.microphone !== null) this.microphone.muted = isMuted;
    this.dispatch({ type: "muted", isMuted });
  }

  type(text: string): void {
    this.withLoudspeaker();
    this.dispatch({ type: "typed", id: `item_${newId().slice(0, 21)}`, text, at: performance.now() });
  }

  /** Answer the call of a function. */
  answer(id: string, output: string): void {
    this.dispatch({ type: "answered", id, output, at: performance.now() });
  }

  hold(): void {
    this.unsentAudio = [];
    this.dispatch({ type: "held", at: performance.now() });
  }

  release(): void {
    if (this.state.heldSince !== null) this.sendAudio();
    this.dispatch({ type: "released", at: performance.now() });
  }

  /** End the session and begin another, which has the settings and the conversation of this one. */
  reconnect(): void {
    this.withLoudspeaker();
    this.dispatch({ type: "disconnect" });
    this.dispatch({ type: "connect" });
  }

  clear(): void {
    this.closeMicrophone();
    this.dispatch({ type: "clear" });
    this.log.clear();
  }

  dispatch(input: Input): void {
    const { state, effects } = step(this.state, input);
    this.state = state;
    for (const effect of effects) this.perform(effect);
    this.line?.setSpeaking(isStreaming(state) && !state.isMuted);
    if (input.type === "received" || input.type === "playing") {
      this.telling ??= setTimeout(() => {
        this.tell();
      }, TOLD_EVERY_MS);
    } else {
      this.tell();
    }
  }

  // --- what is done ---------------------------------------------------------------------------------------------------

  private perform(effect: Effect): void {
    switch (effect.type) {
      case "send":
        this.send(effect.event);
        break;
      case "open":
        this.open(effect.deployment);
        break;
      case "close":
        this.close();
        break;
      case "diagnose":
        void diagnose(this.account, effect.deployment).then((loss) => {
          this.dispatch({ type: "diagnosed", loss });
        });
        break;
      case "retryIn":
        this.retrying = setTimeout(() => {
          this.dispatch({ type: "retry" });
        }, effect.ms);
        break;
      case "play":
        this.withLoudspeaker((playback) => {
          playback.play(effect.id, samplesOf(fromBase64(effect.audio)));
        });
        break;
      case "end":
        this.withLoudspeaker((playback) => {
          playback.end(effect.id);
        });
        break;
      case "silence":
        void this.playback?.then(async (playback) => {
          const { playedMs } = await playback.clear();
          this.dispatch({ type: "cleared", playedMs, at: performance.now() });
        });
    }
  }

  private open(deployment: string): void {
    this.close();
    const listener = {
      onFrame: (frame: string) => {
        this.receive(frame);
      },
      onClosed: () => {
        if (this.line !== line) return;
        this.line = null;
        this.dispatch({ type: "closed" });
      },
      onLevel: (level: number) => {
        this.levels.add("model", level);
      },
    };
    const line: Line = this.state.isCall ? new CallLine(deployment, listener) : new SocketLine(deployment, listener);
    line.setMicrophone(this.microphone?.track ?? null);
    this.line = line;
  }

  private close(): void {
    if (this.retrying !== null) clearTimeout(this.retrying);
    this.retrying = null;
    this.line?.close();
    this.line = null;
    this.unsentAudio = [];
  }

  private receive(frame: string): void {
    const at = performance.now();
    const event = parse(frame);
    if (event === null) return;
    this.log.add("server", event, Date.now());
    if (event.type === "input_audio_buffer.speech_started") {
      this.heard = this.heard.filter((each) => each.at > at - BEFORE_SPEECH_MS);
    }
    const isEnd = event.type === "input_audio_buffer.speech_stopped";
    this.dispatch({ type: "received", event, at, lastSoundAt: isEnd ? lastSoundAt(this.heard) : null });
  }

  private send(event: ClientEvent): void {
    if (this.line?.send(JSON.stringify(event)) === true) this.log.add("client", event, Date.now());
  }

  private hear(samples: Int16Array, level: number): void {
    this.levels.add("user", level);
    if (!isStreaming(this.state)) return;
    this.heard.push({ at: performance.now(), level });
    if (this.heard.length > 3_000) this.heard.splice(0, 1_000);
    if (this.state.isCall) return;
    this.unsentAudio.push(samples);
    if (this.unsentAudio.length >= STRETCHES_AN_EVENT) this.sendAudio();
  }

  private sendAudio(): void {
    if (this.unsentAudio.length === 0) return;
    const audio = toBase64(bytesOf(concatenated(this.unsentAudio)));
    this.unsentAudio = [];
    this.send({ type: "input_audio_buffer.append", audio });
  }

  /** Where there is no loudspeaker there is still the transcript. */
  private withLoudspeaker(command: (playback: Playback) => void = () => undefined): void {
    this.loudspeaker().then(command, () => undefined);
  }

  private loudspeaker(): Promise<Playback> {
    this.playback ??= Playback.open().catch((error: unknown) => {
      this.playback = null; // The next who wants to hear something tries again.
      throw error;
    }).then((playback) => {
      playback.onProgress(({ id, level }) => {
        if (this.state.isCall) return; // It plays by itself.
        this.levels.add("model", level);
        if (id === this.playing) return;
        this.playing = id;
        this.dispatch({ type: "playing", id });
      });
      playback.onEnded((id) => {
        this.dispatch({ type: "played", id });
      });
      return playback;
    });
    return this.playback;
  }

  private closeMicrophone(): void {
    this.openings++;
    this.microphone?.close();
    this.microphone = null;
    this.line?.setMicrophone(null);
    if (this.state.microphone !== "off") this.dispatch({ type: "microphone", state: "off", fault: null });
  }

  private tell(): void {
    if (this.telling !== null) clearTimeout(this.telling);
    this.telling = null;
    if (this.shown === this.state) return;
    this.shown = this.state;
    for (const listener of this.listeners) listener();
  }
}
