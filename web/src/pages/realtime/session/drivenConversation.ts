import { step } from "./conversation";
import { DEFAULTS, type Settings } from "./settings";
import { initialState, type Effect, type Entry, type Input, type State } from "./state";
import type { ClientEvent, ServerEvent } from "./wire";

/** 100 ms. */
export const AUDIO = "AAAA".repeat(1_600);

/** A conversation that remembers all that was to be done. */
export class Driven {
  state: State;
  effects: Effect[] = [];

  constructor(settings: Partial<Settings> = {}) {
    this.state = { ...initialState({ ...DEFAULTS, ...settings }), deployment: "realtime" };
  }

  /** Returns what follows. */
  take(input: Input): readonly Effect[] {
    const { state, effects } = step(this.state, input);
    this.state = state;
    this.effects.push(...effects);
    return effects;
  }

  hear(event: ServerEvent, at = 0, lastSoundAt: number | null = null): readonly Effect[] {
    return this.take({ type: "received", event, at, lastSoundAt });
  }

  open(): this {
    this.take({ type: "connect" });
    this.hear({ type: "session.created", session: {} });
    this.take({ type: "microphone", state: "on", fault: null });
    return this;
  }

  /** The model says the words, each with 100 ms of audio. */
  reply(item: string, response: string, words: readonly string[], at = 0): void {
    this.hear({ type: "response.created", response: { id: response, status: "in_progress", status_details: null } }, at);
    this.hear({ type: "response.output_item.added", response_id: response, item: { id: item, type: "message", role: "assistant" } }, at);
    for (const delta of words) {
      this.hear({ type: "response.audio_transcript.delta", response_id: response, item_id: item, delta }, at);
      this.hear({ type: "response.audio.delta", response_id: response, item_id: item, delta: AUDIO }, at);
    }
  }

  call(item: string, response: string): void {
    this.hear({ type: "response.created", response: { id: response, status: "in_progress", status_details: null } });
    const added = { id: item, type: "function_call", name: "get_weather", call_id: `call_${item}`, arguments: "" } as const;
    this.hear({ type: "response.output_item.added", response_id: response, item: added });
    this.hear({ type: "response.function_call_arguments.delta", response_id: response, item_id: item, delta: '{"city":' });
  }

  done(response: string, status: "completed" | "cancelled" = "completed"): readonly Effect[] {
    return this.hear({ type: "response.done", response: { id: response, status, status_details: null } });
  }

  sent(): readonly ClientEvent[] {
    return sentOf(this.effects);
  }

  entry(id: string): Entry | undefined {
    return this.state.entries.find((entry) => entry.id === id);
  }
}

export function sentOf(effects: readonly Effect[]): readonly ClientEvent[] {
  return effects.flatMap((effect) => (effect.type === "send" ? [effect.event] : []));
}
